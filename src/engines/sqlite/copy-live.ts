import { type Bytes, drain } from '../../core/bytes.ts';
import type { Packer } from '../../core/engine.ts';
import { CommandError, IntegrityError } from '../../core/errors.ts';
import { giveWay, niceness } from '../../core/give-way.ts';
import type { Exit, Host } from '../../core/host.ts';
import { lastLine, programFailed, steadily } from '../../core/program.ts';
import { quote } from '../../core/quote.ts';
import { saysDamage, why } from './damage.ts';
import { newline, readUntil } from './read-until.ts';
import { changedMark, hotMark, judgeLive } from './script-parts.ts';
import { type CopyProgram, doneMark } from './sqlite-tool.ts';

export interface SendRequest {
  /** Makes the copy. */
  readonly program: CopyProgram;
  readonly copy: string;
  /** Packs its bytes; `undefined`: they come plain. */
  readonly packer: Packer | undefined;
  /** The file, and for messages what it is. */
  readonly live: string;
  readonly source: string;
  readonly signal: AbortSignal;
}

/**
 * One program, as a second one would be three round trips later. It says the mark in between. What copies ends with it also where
 * there are no process groups (`hosts/tether.ts`): it holds a read transaction. How the file is opened is found out right before, as what is
 * known of it may be a second old.
 */
function copyThenSend({ live, program, copy, packer }: SendRequest): [string, ...string[]] {
  const words = (argv: readonly string[]): string => argv.map(quote).join(' ');
  const sending = packer === undefined ? words(['cat', copy]) : `${words(packer)} <${quote(copy)}`;
  const said = quote(`${copy}.said`);
  const script = `
exec 3<&0 </dev/null
live=${quote(live)}
${judgeLive}
if ! is_there; then echo ${changedMark}; exit 0; fi
wal=false
set -- $(od -An -v -tx1 -N19 "$live")
if [ "\${19:-}" = 02 ]; then wal=true; fi
if must_write; then set -- ${words(program.writing)}; else set -- ${words(program.reading)}; fi
trap 'kill "$job"; exit 143' HUP INT TERM
"$@" <&3 3<&- >${said} &
job=$!
exec 3<&-
wait "$job" 2>/dev/null || exit
trap - HUP INT TERM
while read -r line; do last=$line; done <${said}
[ "$last" = ${doneMark} ] || exit 1
printf '%s\\n' ${doneMark}
${giveWay(niceness.bulk)}
exec $nice ${sending}`;
  return ['sh', '-c', script];
}

export interface Sending {
  /** To be read once. */
  readonly bytes: Bytes;
  /** The program has ended, well or not. */
  readonly ended: Promise<unknown>;
}

/**
 * Makes the copy, and then sends it. Resolves once it is made.
 * @throws CommandError, IntegrityError when it could not be made; `sqlite.changed` when the file is none any more
 */
export async function copyAndSend(host: Host, request: SendRequest): Promise<Sending> {
  const { source, live, signal } = request;
  const { stdin } = request.program;
  const stop = new AbortController();
  const { stdout, exit } = host.spawn(copyThenSend(request), {
    signal: AbortSignal.any([signal, stop.signal]),
    ...(stdin === undefined ? {} : { stdin }),
  });
  exit.catch(() => {});
  const { head, rest } = await readUntil(newline, stdout);
  if (head !== doneMark) {
    await drain(rest);
    throw head === changedMark ? changed(host, live) : copyFailed(host, live, await exit);
  }
  const failed = (end: Exit): Error => programFailed(`Sending ${source}`, host, end);
  return { bytes: steadily(host, { bytes: rest, exit }, stop, failed), ended: exit.catch(() => {}) };
}

/** What the shell and Python say, and what a user can do about it. */
const causes: readonly (readonly [RegExp, string, string])[] = [
  [
    /database is locked|database table is locked|SQLITE_BUSY/i,
    'another process has held a lock on it for 30 s',
    'Find the process that keeps a write transaction open (`fuser -v FILE`), or back up at a quieter time.',
  ],
  [
    /readonly database|unable to open database|permission denied/i,
    'it, or the folder around it, must be writable for the user that reads it (SQLite needs the -shm file of a WAL database)',
    'Connect as the user that runs the app, or set `sudo: true`.',
  ],
  [
    /no space|disk is full|database or disk is full/i,
    'the disk with the scratch folder is full',
    'Free some space there; a snapshot needs as much as the database and its WAL.',
  ],
];

/** What they say when they may not take a write back. */
const stuck = /readonly database|unable to open database|permission denied|disk I\/O error/i;

function changed(host: Host, live: string): CommandError {
  return new CommandError(`${live} on ${host.label} went, or was emptied, while its snapshot began.`, {
    code: 'sqlite.changed',
    hint: 'Run it again when nobody moves it about.',
  });
}

/** The error of a copy that was not finished, with what can be done about it. */
export function copyFailed(host: Host, live: string, exit: Exit): CommandError | IntegrityError {
  // Then a hot journal lies beside it.
  const hot = exit.stderr.split('\n').includes(hotMark);
  const what = `The snapshot of ${live} on ${host.label} failed`;
  if (saysDamage(exit)) {
    return new IntegrityError(`${what}: the source is damaged (${why(exit)}).`, {
      code: 'sqlite.damaged',
      hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
    });
  }
  if (hot && stuck.test(exit.stderr)) {
    return new CommandError(
      `${what}: the app was ended in the middle of a write, and this user may not write to the file and its folder, which it takes to take that back (${lastLine(exit.stderr)}).`,
      {
        code: 'sqlite.hot-journal',
        input: 'database',
        hint: 'Start the app, which takes it back, connect as the user that runs it, or set `sudo: true`.',
      },
    );
  }
  const known = causes.find(([pattern]) => pattern.test(exit.stderr));
  const reason = known === undefined ? why(exit) : `${known[1]} (${lastLine(exit.stderr)})`;
  return new CommandError(`${what}: ${reason}.`, { code: 'sqlite.snapshot', hint: known?.[2] });
}
