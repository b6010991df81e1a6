import { CommandError, IntegrityError } from '../../core/errors.ts';
import type { Exit, Host, SpawnOptions } from '../../core/host.ts';
import { describeExit, lastLine, programFailed, runProgram } from '../../core/program.ts';

/** How long a snapshot waits for a lock that another connection holds. */
const busyTimeoutMs = 30_000;

/** Said by the tool after the last step of a copy. */
const doneMark = 'holdfast-copied';

interface CopyRequest {
  readonly live: string;
  /** Where to put the copy; must not exist. */
  readonly copy: string;
  /** Opens the live file for reading only. */
  readonly readOnly: boolean;
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
  copy(host: Host, request: CopyRequest, signal: AbortSignal): Promise<void>;
  /** First column of each row of each statement, in order. The file must be a private copy: it is opened as immutable. */
  query(host: Host, file: string, statements: readonly string[], signal: AbortSignal): Promise<string[]>;
}

export function sqliteShell(version: string): SqliteTool {
  // No ~/.sqliterc (it may print, or run commands), no prompt, stop at the first error.
  const shell = ['sqlite3', '-batch', '-bail', '-noheader', '-list', '-init', '/dev/null'] as const;
  return {
    sqliteVersion: version,
    label: `sqlite3 ${version}`,
    method: 'sqlite3 .backup inside a read transaction',
    async copy(host, { live, copy, readOnly }, signal) {
      const script = [
        `.timeout ${busyTimeoutMs}`,
        'BEGIN;',
        // BEGIN alone takes no lock; the first read does, and holds the state of this moment.
        'SELECT count(*) FROM sqlite_master;',
        `.backup main ${dotArgument(copy)}`,
        'COMMIT;',
        `.print ${doneMark}`,
        '',
      ].join('\n');
      const argv = [...shell, ...(readOnly ? ['-readonly'] : []), live] as const;
      await copyWith(host, [argv[0], ...argv.slice(1)], { stdin: script, signal }, live);
    },
    query: (host, file, statements, signal) =>
      queryWith(host, [...shell, immutableUri(file)], {
        stdin: statements.map((statement) => `${statement};\n`).join(''),
        signal,
      }),
  };
}

const pythonCopy = `
import os, sqlite3, sys
from urllib.parse import quote
live, copy, mode, seconds = sys.argv[1:5]
source = sqlite3.connect('file:' + quote(os.fsencode(live)) + '?mode=' + mode, uri=True, timeout=float(seconds), isolation_level=None)
source.execute('BEGIN')
source.execute('SELECT count(*) FROM sqlite_master').fetchone()
target = sqlite3.connect(copy)
source.backup(target)
source.execute('COMMIT')
target.close()
print('${doneMark}')
`;

const pythonQuery = `
import json, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
for statement in json.load(sys.stdin):
    for row in source.execute(statement):
        print(row[0])
`;

export function pythonSqlite(version: string): SqliteTool {
  // -I: neither PYTHON* variables nor a module in the current folder can change what runs.
  const python = ['python3', '-I', '-c'] as const;
  return {
    sqliteVersion: version,
    label: `python3 with SQLite ${version}`,
    method: "python3's sqlite3 backup inside a read transaction",
    async copy(host, { live, copy, readOnly }, signal) {
      const mode = readOnly ? 'ro' : 'rw';
      await copyWith(
        host,
        [...python, pythonCopy, live, copy, mode, `${busyTimeoutMs / 1000}`],
        { signal },
        live,
      );
    },
    query: (host, file, statements, signal) =>
      queryWith(host, [...python, pythonQuery, file], {
        stdin: JSON.stringify(statements),
        signal,
      }),
  };
}

async function copyWith(
  host: Host,
  argv: readonly [string, ...string[]],
  options: SpawnOptions,
  live: string,
): Promise<void> {
  const done = await runProgram(host, argv, options);
  if (done.code !== 0 || !done.stdout.trimEnd().endsWith(doneMark)) throw copyFailed(host, live, done);
}

async function queryWith(
  host: Host,
  argv: readonly [string, ...string[]],
  options: SpawnOptions,
): Promise<string[]> {
  const done = await runProgram(host, argv, { ...options, gentle: true });
  if (done.code !== 0) {
    if (!damage.test(done.stderr)) throw programFailed('Checking the copy of the database', host, done);
    throw new IntegrityError(
      `The copy of the database can't be read on ${host.label} (${why(done)}): the source is damaged.`,
      {
        code: 'sqlite.damaged',
        hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
      },
    );
  }
  return done.stdout.split('\n').slice(0, -1);
}

/** How SQLite says that the bytes themselves are wrong. */
const damage = /malformed|not a database|corrupt/i;

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

function copyFailed(host: Host, live: string, exit: Exit): CommandError | IntegrityError {
  const what = `The snapshot of ${live} on ${host.label} failed`;
  if (damage.test(exit.stderr)) {
    return new IntegrityError(`${what}: the source is damaged (${why(exit)}).`, {
      code: 'sqlite.damaged',
      hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
    });
  }
  const known = causes.find(([pattern]) => pattern.test(exit.stderr));
  const reason = known === undefined ? why(exit) : `${known[1]} (${lastLine(exit.stderr)})`;
  return new CommandError(`${what}: ${reason}.`, { code: 'sqlite.snapshot', hint: known?.[2] });
}

function why(exit: Exit): string {
  return lastLine(exit.stderr) || describeExit(exit);
}

/** An argument of a dot-command: in double quotes the shell understands C escapes. */
function dotArgument(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

/** Opens a private copy without any lock or side file (https://www.sqlite.org/uri.html). */
function immutableUri(file: string): string {
  return `file:${file.split('/').map(encodeURIComponent).join('/')}?immutable=1`;
}
