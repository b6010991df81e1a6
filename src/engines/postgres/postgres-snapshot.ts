import type { Bytes } from '../../core/bytes.ts';
import type { Packer, Snapshot, SnapshotProof } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Access } from './access.ts';
import { fingerprintOf, lockStatement, tablesQuery } from './fingerprint.ts';
import { HeldSession } from './held-session.ts';
import { postgresError } from './postgres-errors.ts';
import { fingerprintIn, sessionSettings } from './take-fingerprint.ts';

export interface GlobalsRequest {
  readonly access: Access;
  /** For messages. */
  readonly source: string;
  readonly expectedBytes: number;
  readonly serverVersion: string;
  readonly reporter: Reporter;
  /** Packs the bytes on the host; `undefined`: they come plain. */
  readonly packer: Packer | undefined;
  readonly signal: AbortSignal;
}

export interface SnapshotRequest extends GlobalsRequest {
  /** How long a lock of another session is waited for. */
  readonly lockWaitMs: number;
}

/** An exported snapshot, good for as long as the session is open. */
interface ExportedSnapshot {
  readonly id: string;
  readonly takenAt: Date;
  /** As `tablesQuery` gives them. */
  readonly tables: readonly string[];
  readonly session: HeldSession;
}

/** Counting takes no processors from the app's own queries; versions before 9.6 have one for it anyway. */
const alone = `
SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'max_parallel_workers_per_gather';`;

const begin = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();`;

/**
 * Runs pg_dump with a larger buffer for its output, where the host's stdbuf works: by itself it writes 4 KiB at a time, and waking
 * the reader for each takes more time than the dump.
 */
const buffered = `
if [ "$(stdbuf -o64K echo works 2>/dev/null)" = works ]; then exec stdbuf -o64K "$@"; fi
exec "$@"`;

/**
 * Exports a snapshot in a session that stays open, counts the rows in it, and lets pg_dump dump the very same one. The counting
 * goes on while the dump travels. Takes over the access: disposing ends it too.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { access } = request;
  await using stack = new AsyncDisposableStack();
  stack.use(access);
  const exported = await exportStableSnapshot(request);
  stack.use(exported.session);
  const proof = prove(exported);
  // Whoever commits awaits the proof; until then its failure must not count as unhandled.
  proof.catch(() => {});
  const held = stack.move();
  const dump = access.program(
    'pg_dump',
    '--format=custom',
    '--compress=0',
    `--snapshot=${exported.id}`,
    `--lock-wait-timeout=${request.lockWaitMs}`,
    '--no-password',
  );
  return {
    host: access.host,
    extension: 'dump',
    engineVersion: request.serverVersion,
    toolVersion: `pg_dump ${access.client.version}`,
    method: 'pg_dump of an exported snapshot',
    takenAt: exported.takenAt,
    expectedBytes: request.expectedBytes,
    proof,
    read: () => readDump(readProgram(request, ['sh', '-c', buffered, 'sh', ...dump]), proof),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Roles and tablespaces, as SQL. They belong to the server, not to a database, so there is no snapshot of them. */
export async function takeGlobals(
  request: GlobalsRequest & { readonly withPasswords: boolean },
): Promise<Snapshot> {
  const { access } = request;
  // A connection string, so that no character of the name has a meaning of its own.
  const database = `dbname='${access.connection.database.replace(/[\\']/g, '\\$&')}'`;
  const globals = access.program(
    'pg_dumpall',
    '--globals-only',
    '--no-password',
    `--database=${database}`,
    ...(request.withPasswords ? [] : ['--no-role-passwords']),
  );
  return {
    host: access.host,
    extension: 'sql',
    engineVersion: request.serverVersion,
    toolVersion: `pg_dumpall ${access.client.version}`,
    method: 'pg_dumpall --globals-only',
    takenAt: new Date(),
    expectedBytes: request.expectedBytes,
    proof: Promise.resolve({ fingerprint: fingerprintOf([], [], []) }),
    read: () => readProgram(request, globals),
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
  };
}

/** A table that is dropped between the export and its lock makes the snapshot useless: then another is taken, once. */
async function exportStableSnapshot(request: SnapshotRequest): Promise<ExportedSnapshot> {
  try {
    return await exportSnapshot(request);
  } catch (error) {
    if (!hasCode(error, 'postgres.changed')) throw error;
    request.reporter.debug(`${error.message} It is taken again.`);
    return exportSnapshot(request);
  }
}

/**
 * Locks every table as a reader does, so that counts and dump see the same: emptying a table with TRUNCATE would otherwise
 * show in whichever of them comes later, snapshot or not.
 */
async function exportSnapshot({
  access,
  source,
  lockWaitMs,
  signal,
}: SnapshotRequest): Promise<ExportedSnapshot> {
  await using stack = new AsyncDisposableStack();
  const session = stack.use(new HeldSession(access, `The snapshot of ${source}`, signal));
  await session.ask(`${sessionSettings(lockWaitMs)}${alone}`);
  const takenAt = new Date();
  const [id = ''] = await session.ask(begin);
  const tables = await session.ask(tablesQuery);
  await session.ask(tables.map(lockStatement).join('\n'));
  stack.move();
  return { id, takenAt, tables, session };
}

async function prove({ session, tables }: ExportedSnapshot): Promise<SnapshotProof> {
  return { fingerprint: await fingerprintIn(session, tables) };
}

/** The dump; where it fails because the session of its snapshot did, that session's failure is the one to tell. */
async function* readDump(dump: Bytes, proof: Promise<SnapshotProof>): Bytes {
  try {
    yield* dump;
  } catch (error) {
    if (hasCode(error, 'postgres.snapshot-gone')) await proof;
    throw error;
  }
}

async function* readProgram(
  { access, source, reporter, packer, signal }: GlobalsRequest,
  argv: readonly [string, ...string[]],
): Bytes {
  const { host, env } = access;
  const running = host.spawn(argv, { signal, env, ...(packer === undefined ? {} : { through: packer }) });
  running.exit.catch(() => {});
  yield* running.stdout;
  const exit = await running.exit;
  if (exit.code !== 0) throw postgresError(`The dump of ${source}`, exit);
  // A warning and the lines that explain it are one.
  for (const text of exit.stderr.split(/\n(?=\w+: warning: )/)) {
    if (text.trim() !== '') reporter.warn(text.trim());
  }
}

function hasCode(error: unknown, code: string): error is HoldfastError {
  return error instanceof HoldfastError && error.code === code;
}
