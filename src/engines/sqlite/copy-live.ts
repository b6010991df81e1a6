import { CommandError, IntegrityError } from '../../core/errors.ts';
import type { Exit, Host, SpawnOptions } from '../../core/host.ts';
import { lastLine, runProgram } from '../../core/program.ts';
import { saysDamage, why } from './damage.ts';
import { hotMark } from './script-parts.ts';
import { doneMark } from './sqlite-tool.ts';

/** Runs a tool that copies a live database and says the mark when it is done. */
export async function copyWith(
  host: Host,
  argv: readonly [string, ...string[]],
  options: SpawnOptions,
  { live, hot }: { readonly live: string; readonly hot: boolean },
): Promise<void> {
  const done = await runProgram(host, argv, options);
  if (done.code !== 0 || !done.stdout.trimEnd().endsWith(doneMark)) throw copyFailed(host, live, done, hot);
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

/** The error of a copy that was not finished, with what can be done about it. @param hot a hot journal lies beside it */
export function copyFailed(
  host: Host,
  live: string,
  exit: Exit,
  hot = exit.stderr.split('\n').includes(hotMark),
): CommandError | IntegrityError {
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
