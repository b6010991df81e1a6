import { findNice, giveWay, niceness as levels } from '../core/give-way.ts';
import { quote } from '../core/quote.ts';

/**
 * The shell texts around every program. They are constant but for quoted values, and reach the host over stdin, so
 * that no login shell and no list of processes sees a value.
 *
 * POSIX sh only: dash, bash, busybox.
 */

/** Starts `sh` on the script that comes with stdin, as {@link scripted} gives it; what follows is the script's stdin. */
export const bootstrap: readonly [string, ...string[]] = [
  'sh',
  '-c',
  // None of what follows is taken. An old dd refuses to wait for all of it before it has read anything, and then reads byte by byte.
  'read -r bytes && eval "$(dd iflag=fullblock bs="$bytes" count=1 2>/dev/null || dd ibs=1 obs=8192 count="$bytes" 2>/dev/null)"',
];

/** A script with the line that says how long it is. */
export function scripted(script: string): string {
  return `${Buffer.byteLength(script)}\n${script}`;
}

/**
 * Defines `heard`: waits for a sign of life, a line on descriptor 3, and fails at its end; `word` is what that begins with. With `leaseSeconds`
 * it also fails when none came for so long: a client that vanished without a word would else be waited for until TCP gives up, for hours.
 * dash can't read with a limit of time, so that dd reads, byte by byte, where the host has a `timeout` of the usual form; `word` then ends in
 * how that ended.
 */
export function listen(leaseSeconds: number): string {
  if (leaseSeconds === 0) return 'heard() { read -r word <&3; }';
  return `
limited=yes
heard() {
  if [ "$limited" ]; then
    word=$(timeout ${leaseSeconds} dd bs=1 count=1 <&3 2>/dev/null; echo " $?")
    # A byte, whatever the clock says; no such timeout; the end, too long a silence, or a signal.
    case $word in
      ?*" "*) return 0 ;;
      " 1" | " 12"[567]) limited= ;;
      *) return 1 ;;
    esac
  fi
  read -r word <&3
}`;
}

export interface Job {
  readonly argv: readonly [string, ...string[]];
  readonly through?: readonly string[] | undefined;
  readonly lingering?: boolean | undefined;
  readonly niceness?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** `watch`: stdin only tells that we are alive. `stream`: it is the program's. A number: that many bytes are the program's, then watch. */
  readonly stdin: 'watch' | 'stream' | number;
  /** The line that comes before the program's own output. */
  readonly mark: string;
  /** How long it runs on without a sign of life, where it watches; 0: as long as stdin is open. */
  readonly leaseSeconds: number;
}

/**
 * Runs the program in a process group of its own, which `job` leads: by `setsid`, or where that is missing (macOS) by the job control of
 * the shell. A shell that has none without a terminal (dash) makes no group; then `job` is the program itself. In `watch`, when stdin
 * ends (we died, or the link broke), it gets TERM, and KILL two seconds later. `read` is a builtin: nothing of ours is left when
 * the shell is killed.
 */
export function tether(job: Job): string {
  const input = typeof job.stdin === 'number' ? `text=$(head -c ${job.stdin} <&3; printf x)` : ':';
  const feed = typeof job.stdin === 'number' ? `printf %s "\${text%x}" |` : '';
  const from = job.stdin === 'stream' ? '<&3' : job.stdin === 'watch' ? '</dev/null' : '';
  const watch =
    job.stdin === 'stream'
      ? 'watch='
      : `( while heard; do :; done; end_job TERM; sleep 2; end_job KILL ) >/dev/null 2>&1 &
watch=$!`;
  const { program, work } = programOf(job);
  return `
LC_ALL=C; export LC_ALL
${exportLines(job.env)}
printf '%s\\n' ${quote(job.mark)}
exec 3<&0 </dev/null
${listen(job.leaseSeconds)}
${input}
${work}
if command -v setsid >/dev/null 2>&1; then
  ${feed} setsid ${program} ${from} 3<&- &
else
  set -m 2>/dev/null
  case $- in
    *m*) ( ${feed} ${program} ${from} 3<&- ) & ;;
    *) ${feed} ${program} ${from} 3<&- & ;;
  esac
  set +m
fi
job=$!
end_job() { kill "-$1" "-$job" || kill "-$1" "$job"; } 2>/dev/null
trap 'end_job KILL; exit 143' HUP INT TERM
${watch}
wait "$job"
status=$?
{ ${job.lingering ? ':' : 'kill -KILL "-$job"'}; [ -z "$watch" ] || kill -KILL "$watch"; } >/dev/null 2>&1
exit "$status"
`;
}

/** What is started, and the line before it. A script of its own needs no shell around it. */
function programOf(job: Job): { readonly program: string; readonly work: string } {
  const { argv, through, niceness, lingering, mark } = job;
  if (argv[0] === 'sh' && through === undefined && niceness === undefined && !lingering) {
    return { program: '"$@"', work: `set -- ${words(argv)}` };
  }
  const script = workScript(job);
  return { program: 'sh -c "$work"', work: `work=${quote(lingering ? relayed(script, mark) : script)}` };
}

/** The program, or the two of a pipe with the exit status of both: a failure of either is one of the whole. */
function workScript({ argv, through, niceness }: Job): string {
  const first = `exec ${niceness === undefined ? '' : '$nice '}${words(argv)}`;
  if (through === undefined) return niceness === undefined ? first : `${giveWay(niceness)}\n${first}`;
  return `${findNice(niceness ?? levels.bulk)}\nexec 4>&1
one=$( { { ( ${first} ) 3>&- 4>&-; echo "$?" >&3; } | ( exec $nice ${words(through)} ) >&4 3>&- 4>&-; } 3>&1 )
two=$?
[ "$two" -eq 0 ] || exit "$two"
exit "\${one:-255}"`;
}

/**
 * Passes on what the script writes until it ends, by its exit status behind a mark. What it has left running holds on to pipes that
 * end in a `cat` instead of in our link: so nobody waits for it, and it neither breaks nor fills a disk when it writes on.
 */
function relayed(script: string, mark: string): string {
  return `mark=${quote(mark)}
relay() {
  code=255
  before=
  while IFS= read -r line; do
    case $line in "$mark "*) code=\${line##* }; break ;; esac
    printf %s "$before$line"
    before='
'
  done
  exec 6<&0
  cat <&6 >/dev/null 2>&1 6<&- &
  return "$code"
}
{
  {
    ( ${script} )
    code=$?
    printf '\\n%s %s\\n' "$mark" "$code" >&2
    printf '\\n%s %s\\n' "$mark" "$code"
  } 2>&1 >&5 5>&- | relay >&2 5>&-
} 5>&1 | relay`;
}

function words(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

function exportLines(env: Readonly<Record<string, string>> = {}): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${quote(value)}; export ${name}`)
    .join('\n');
}
