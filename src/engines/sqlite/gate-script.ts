import { giveWay, niceness } from '../../core/give-way.ts';
import { checkLines, copyLines, hotMark, isHot, printed, settings, tablesQuery } from './script-parts.ts';
import { doneMark } from './sqlite-tool.ts';

/** The line that a gate says before it answers. */
const gateGreeting = 'holdfast-gate 1';
/** The line on stderr before the proof of a snapshot. */
export const proofMark = 'holdfast-proof';
/** What a line on stderr with a folder that could not be looked into begins with. */
export const closedMark = 'closed: ';

/**
 * The forced command of a key that may take a backup and nothing else: one POSIX sh program that lies in the key's line
 * of ~/.ssh/authorized_keys. Its arguments are the files, as paths or globs, and `not:` globs of names to leave out.
 *
 * What comes from the client is compared with fixed words; it is never run, expanded or used as a path:
 * - the request, in SSH_ORIGINAL_COMMAND: `holdfast 1` and `list`, `has zstd`, `has gzip`, `facts N` or `snapshot N`;
 * - after a copy was made, one line on stdin: `send plain`, `send gzip LEVEL` or `send zstd LEVEL`;
 * - the end of stdin, which ends everything.
 *
 * It becomes one line in single quotes that every login shell reads alike, so it has no single quote, no double backslash
 * and no `!` before a word, and a line ends where a `;` can stand or after a word of {@link oneLine}.
 */
const program = `
umask 077
export LC_ALL=C
say() { printf "%s\\n" "$1"; }
refuse() {
  say "this key only takes the backup that its line in authorized_keys names; set ssh-gate: true" >&2
  exit 64
}

# The request: one of these words, and a number of at most four digits.
number=none
case \${SSH_ORIGINAL_COMMAND-} in
  "holdfast 1 list") verb=list ;;
  "holdfast 1 has zstd") verb=zstd ;;
  "holdfast 1 has gzip") verb=gzip ;;
  "holdfast 1 facts "[0-9]*) verb=facts number=\${SSH_ORIGINAL_COMMAND#"holdfast 1 facts "} ;;
  "holdfast 1 snapshot "[0-9]*) verb=snapshot number=\${SSH_ORIGINAL_COMMAND#"holdfast 1 snapshot "} ;;
  *) refuse ;;
esac
case $number in none | [0-9] | [0-9][0-9] | [0-9][0-9][0-9] | [0-9][0-9][0-9][0-9]) ;; *) refuse ;; esac

# The files of this key. IFS is empty: a pattern is expanded, but never split.
left_out() {
  name=\${1##*/}; shift
  for not do
    case $not in "not:"*) case $name in \${not#not:}) return 0 ;; esac ;; esac
  done
  return 1
}
# The folders of a glob that this user may not look into: what lies there is not found, and nobody would miss it.
look_into() {
  case \${1%/*} in *[*?[]*) look_into "\${1%/*}" ;; esac
  case \${1##*/} in *[*?[]*) lists=yes ;; *) lists= ;; esac
  above=\${1%/*}
  for folder in \${above:-/}; do
    if [ -d "$folder" ] && { [ ! -x "$folder" ] || { [ -n "$lists" ] && [ ! -r "$folder" ]; }; }; then
      closed=yes
      if [ "$verb" = list ]; then say "${closedMark}$folder" >&2; fi
    fi
  done
}
find_files() {
  IFS= count=0 file= closed=
  for pattern do
    case $pattern in "not:"*) continue ;; "~/"*) pattern=$HOME/\${pattern#"~/"} ;; esac
    case $pattern in *[*?[]*) glob=yes; look_into "$pattern" ;; *) glob= ;; esac
    for each in $pattern; do
      if left_out "$each" "$@"; then continue; fi
      if [ -n "$glob" ]; then
        case $each in *-wal | *-shm | *-journal) continue ;; esac
        # A glob that matches nothing stays as it is: a file that is missing.
        if [ ! -f "$each" ] && [ "$each" != "$pattern" ]; then continue; fi
      fi
      if [ "$verb" = list ]; then printf "%s\\0" "$each"; fi
      if [ "$count" = "$number" ]; then file=$each; fi
      count=$((count + 1))
    done
  done
  IFS=" "
}

${isHot}
# A look at the file before SQLite opens it; what is found are lines for people and for the client.
look() {
  if [ ! -e "$file" ]; then state=missing
  elif [ -d "$file" ]; then state=directory
  elif [ ! -f "$file" ]; then state=special
  elif [ ! -r "$file" ]; then state="unreadable $(id -un)"
  elif [ ! -s "$file" ]; then state=empty
  elif [ "$(head -c 15 <"$file" | tr -d "\\000")" != "SQLite format 3" ]; then state=foreign
  else state=ok
  fi
  say "$state"
  if [ "$state" != ok ]; then exit 1; fi
  real=$(readlink -f "$file" 2>/dev/null; echo x); real=\${real%?x}
  case $real in /*) ;; *) real=$file ;; esac
  bytes=$(($(wc -c <"$real"))); say "bytes $bytes"
  header=$(($(dd if="$real" bs=1 skip=18 count=1 2>/dev/null | od -An -tu1))); say "header $header"
  wal=
  if [ -e "$real-wal" ]; then wal=$(($(wc -c <"$real-wal"))); say "wal $wal"; fi
  hot=
  if is_hot "$real-journal"; then hot=yes; say "${hotMark}"; fi
  if command -v sqlite3 >/dev/null 2>&1; then say "sqlite3 $(sqlite3 -init /dev/null --version)"; fi
}
# The first folder with twice the room of the file and its WAL.
find_room() {
  under=
  for folder in "\${TMPDIR:-/var/tmp}" /var/tmp /tmp; do
    if [ ! -w "$folder" ]; then continue; fi
    free=$(df -Pk "$folder" | awk "END { for (i = NF; i > 3; i--) if (\\$i ~ /^([0-9]+%|-)\\$/) { print \\$(i-1); exit } }")
    say "free $free $folder"
    if [ -z "$under" ] && [ "\${free:-0}" -ge $((2 * (bytes + \${wal:-0}) / 1024)) ]; then under=$folder; fi
  done
}

# When stdin ends, so does this program, with its folder and its jobs.
jobs= dir=
clean() {
  trap "" HUP INT TERM PIPE
  if [ -n "$jobs" ]; then kill -KILL $jobs; wait $jobs; fi 2>/dev/null
  if [ -n "$dir" ]; then cd / && rm -rf "$dir"; fi
}
watch() {
  ( while read -r line <&3; do :; done; kill -TERM $$ ) >/dev/null 2>&1 &
  watcher=$! jobs=$!
}
unwatch() {
  kill -KILL "$watcher"; wait "$watcher" 2>/dev/null; jobs=
}

# The copy of one moment, in a private folder.
copy() {
  trap clean EXIT
  trap "exit 1" HUP INT TERM PIPE
  dir=$(mktemp -d "$under/holdfast.XXXXXXXX") && cd "$dir" || exit 1
  watch
  # Where nobody has a WAL database open, only a writing connection removes its side files when it closes; and takes a write back.
  only=-readonly
  if [ -n "$hot" ] || { [ "$header" = 2 ] && [ -z "$wal" ]; }; then only=; fi
  ${printed(copyLines())} | sqlite3 $quiet $only "$real" >said &
  job=$! jobs="$jobs $!"; wait "$job" || exit 1
  if [ "$(tail -n 1 said)" != ${doneMark} ]; then exit 1; fi
  unwatch
}
q=$(printf "\\047")${tablesQuery}# Its bytes, as the given program makes them; at the same time it is hashed and checked.
send() {
  watch
  ${giveWay(niceness.bulk)}
  if command -v openssl >/dev/null 2>&1; then hash="openssl dgst -sha256 -r"
  elif command -v sha256sum >/dev/null 2>&1; then hash=sha256sum
  else hash="shasum -a 256"
  fi
  $nice "$@" <copy.sqlite3 &
  sending=$!
  $nice $hash <copy.sqlite3 >digest &
  hashing=$!
  { ${printed(checkLines)}; sqlite3 $quiet "$immutable" "$tables"; } | \${nice:+nice -n ${niceness.check}} sqlite3 $quiet "$immutable" >check &
  checking=$!
  jobs="$jobs $sending $hashing $checking"
  for job in $checking $hashing $sending; do wait "$job" || exit 1; done
  { say ${proofMark}; wc -c <copy.sqlite3; cat digest check; } >&2
}

${settings}exec 3<&0 </dev/null
case $verb in
  zstd | gzip) say "${gateGreeting}"; command -v "$verb" >/dev/null 2>&1; exit ;;
  list) say "${gateGreeting}"; printf "%s\\0" "$@" ""; find_files "$@"; [ -z "$closed" ]; exit ;;
esac
find_files "$@"
if [ -z "$file" ]; then refuse; fi
say "${gateGreeting}"
if [ "$verb" = facts ]; then look; find_room; say "path $real"; exit; fi
look >&2
find_room >/dev/null
if [ -z "$under" ]; then say "no space left for the copy" >&2; exit 1; fi
copy
printf "%s\\0" "$file"
read -r how <&3 || exit 1
case $how in
  "send plain") set -- cat ;;
  "send gzip "[1-9]) set -- gzip "-\${how##* }" -c ;;
  "send zstd "[1-9] | "send zstd 1"[0-9]) set -- zstd -q "-\${how##* }" --check -c ;;
  *) refuse ;;
esac
send "$@"
exit 0
`;

/** The script as one line: no comments, `;` between the commands where one can stand. */
function oneLine(script: string): string {
  const lines = script.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((text, line) => `${text}${/(?:^| )(?:then|do|else|in|\{|;;|&)$/.test(text) ? ' ' : '; '}${line}`);
}

/**
 * The command of a gate that copies only what the patterns of {@link gatePatterns} match.
 * @returns one line, for any login shell
 */
export function gateCommand(patterns: readonly string[]): string {
  return `exec sh -c '${oneLine(program)}' holdfast ${patterns.map((pattern) => `'${pattern.replaceAll("'", "'\\''")}'`).join(' ')}`;
}
