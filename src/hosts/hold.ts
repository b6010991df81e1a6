import type { ScratchOptions } from '../core/host.ts';
import { quote } from '../core/quote.ts';
import { sweepFolders } from '../core/sweep-folders.ts';
import { listen } from './tether.ts';

// As those of `tether.ts`, these texts are POSIX sh and reach the host over stdin.

/** A sign of life that says that the files need no names any more; a letter, as each byte may be read by a program of its own. */
export const unnameWord = 'u';

/** Says the path, and removes it when that is over, unless it has become another one's. @param before what else may fail */
const stay = (before = ''): string => `
# A second signal, which may go to all processes of a session, must stop neither this nor rm.
deaf() { trap '' HUP INT TERM PIPE; }
clean() {
  deaf
  is_ours || return
  for try in 1 2 3 4 5 6 7 8; do
    rm -rf -- "$dir" 2>/dev/null
    [ -e "$dir" ] || return
    sleep 1
  done
}
trap clean EXIT
trap 'deaf; exit 1' HUP INT TERM PIPE
${before}
printf '%s\\n' "$dir"
while heard; do
  case $word in
    ${unnameWord}*) rm -f -- "$dir"/* ;;
    *) touch "$dir" ;;
  esac
done
deaf
exit 0
`;

interface ScratchToHold {
  readonly mark: string;
  readonly under?: string | undefined;
  readonly file?: ScratchOptions['file'] | undefined;
  readonly leaseSeconds?: number;
}

/**
 * Makes a private folder, says its path, and removes it when stdin ends, a signal comes, or the signs of life stay away. By
 * these a later run knows that the folder is in use, too. What a first file holds is seen by the shell alone: in
 * dash, bash and busybox printf is built in.
 */
export function holdScratch({ mark, under, file, leaseSeconds = 0 }: ScratchToHold): string {
  const write = file && `printf %s ${quote(file.text)} >"$dir"/${quote(file.name)} || exit 1`;
  return `
exec 3<&0
${listen(leaseSeconds)}
umask 077
printf '%s\\n' ${quote(mark)}
: "\${TMPDIR:=/tmp}"
under=${under === undefined ? '"$TMPDIR"' : quote(under)}
${sweepFolders}
sweep "$under"
dir=$(mktemp -d "$under/holdfast.XXXXXXXX") || exit 1
is_ours() { :; }
${stay(write)}`;
}

/** What a script says of a folder that somebody else has. */
export const taken = 'taken';

/**
 * Makes a folder at that very path, which is said, or says `taken`. One that was left without a sign of life for five minutes is
 * nobody's; a second folder beside it sees to it that only one takes it away.
 */
export function holdClaim(mark: string, path: string, leaseSeconds = 0): string {
  return `
exec 3<&0
${listen(leaseSeconds)}
umask 077
printf '%s\\n' ${quote(mark)}
dir=${quote(path)}
taken() { printf '${taken}\\n'; exit 0; }
is_dead() { [ -n "$(find "$1" -prune -mmin +5 2>/dev/null)" ]; }
is_ours() { [ "$(cat "$dir/holder" 2>/dev/null)" = ${quote(mark)} ]; }
if ! mkdir -- "$dir" 2>/dev/null; then
  if is_dead "$dir"; then
    if ! mkdir -- "$dir.old" 2>/dev/null; then
      if is_dead "$dir.old"; then rmdir -- "$dir.old"; fi
      taken
    fi
    if is_dead "$dir"; then rm -rf -- "$dir"; fi
    rmdir -- "$dir.old"
  fi
  if [ -d "$dir" ]; then taken; fi
  if ! why=$(mkdir -- "$dir" 2>&1); then
    if [ -d "$dir" ]; then taken; fi
    printf '%s\\n' "$why" >&2
    exit 1
  fi
fi
printf '%s\\n' ${quote(mark)} >"$dir/holder" || exit 1
${stay()}`;
}
