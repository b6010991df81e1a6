import { niceness } from '../../core/give-way.ts';
import type { Exit, Host } from '../../core/host.ts';
import { runProgram } from '../../core/program.ts';

/** How long a snapshot waits for a lock that another connection holds. */
export const busyTimeoutMs = 30_000;

/** How long a restore waits to settle the database that it replaces. */
export const settleTimeoutMs = 3000;

/** Said by the tool after the last step of a copy. */
export const doneMark = 'holdfast-copied';

/** What settles a database: the first read plays a hot journal back, the checkpoint empties the WAL. */
export const settleStatements = ['SELECT count(*) FROM sqlite_master', 'PRAGMA wal_checkpoint(TRUNCATE)'];

interface CopyRequest {
  readonly live: string;
  /** Where to put the copy; must not exist. */
  readonly copy: string;
}

/** A program that makes a copy, and what it reads. The last line that it prints is {@link doneMark}. */
export interface CopyProgram {
  /** With the live file opened for reading only. */
  readonly reading: readonly [string, ...string[]];
  /** With it opened for writing, where it is there: what is gone must not come back as an empty database. */
  readonly writing: readonly [string, ...string[]];
  readonly stdin?: string;
}

export interface QueryOptions {
  readonly signal: AbortSignal;
  /** Makes the error of a bad exit. */
  readonly fail: (exit: Exit) => Error;
}

/**
 * A program on the host that speaks SQLite. Both kinds do the same: hold a read transaction on the live
 * database while its pages are copied, so that a commit of another process does not make the copy start again.
 */
export interface SqliteTool {
  /** SQLite's own version: `3.40.1`. */
  readonly sqliteVersion: string;
  /** For manifests: `sqlite3 3.40.1`. */
  readonly label: string;
  /** For people: how the copy is made. */
  readonly method: string;
  copyProgram(request: CopyRequest): CopyProgram;
  /** First column of each row of each statement, in order. The file must be a private copy: it is opened as immutable. */
  query(host: Host, file: string, statements: readonly string[], options: QueryOptions): Promise<string[]>;
  /** First column of each row of one statement, any text; opened as immutable. */
  firstColumn(host: Host, file: string, sql: string, options: QueryOptions): Promise<string[]>;
  /**
   * Opens a live database for writing, plays a hot journal back, moves its WAL into it and closes it: alone with the
   * file, that leaves no `-wal` and no `-shm`.
   */
  settle(host: Host, live: string, signal: AbortSignal): Promise<Settlement>;
}

/** `busy`: somebody else has the database open; `failed`: it is damaged, or this user may not write to it. */
export type Settlement = 'settled' | 'busy' | 'failed';

/** Lines of a tool's output, without the end of the last one. */
export async function linesOf(
  host: Host,
  argv: readonly [string, ...string[]],
  stdin: string,
  options: QueryOptions,
): Promise<string[]> {
  return (await outputText(host, argv, stdin, options)).split('\n').slice(0, -1);
}

/** @throws whatever `fail` makes of a bad exit. */
export async function outputText(
  host: Host,
  argv: readonly [string, ...string[]],
  stdin: string,
  { signal, fail }: QueryOptions,
): Promise<string> {
  const done = await runProgram(host, argv, { stdin, signal, niceness: niceness.check });
  if (done.code !== 0) throw fail(done);
  return done.stdout;
}

/** What became of {@link settleStatements}: the checkpoint's first column is 0 when nobody was in its way. */
export function readSettlement(run: Exit & { readonly stdout: string }): Settlement {
  const [, checkpoint = ''] = run.stdout.trim().split('\n');
  if (/locked|busy/i.test(run.stderr) || checkpoint.startsWith('1')) return 'busy';
  return run.code === 0 && checkpoint.startsWith('0') ? 'settled' : 'failed';
}
