import type { Bytes } from '../../core/bytes.ts';
import type { Snapshot, SnapshotProof } from '../../core/engine.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Access } from './access.ts';
import { countStatement, fingerprintOf, schemaQuery, tablesQuery } from './fingerprint.ts';
import { HeldSession } from './held-session.ts';
import { postgresError } from './postgres-errors.ts';

export interface PostgresSnapshotRequest {
  readonly access: Access;
  /** For messages. */
  readonly source: string;
  readonly expectedBytes: number;
  readonly serverVersion: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How long pg_dump waits for a table that a migration holds. */
const lockWaitMs = 60_000;

const begin = `
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET search_path = pg_catalog;
SET row_security = off;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();`;

/**
 * Exports a snapshot in a session that stays open, counts the rows in it, and lets pg_dump dump the very same one. The counting
 * goes on while the dump travels. Takes over the access: disposing ends it too.
 */
export async function takeSnapshot(request: PostgresSnapshotRequest): Promise<Snapshot> {
  const { access, source, signal } = request;
  await using stack = new AsyncDisposableStack();
  stack.use(access);
  const session = stack.use(new HeldSession(access, `The snapshot of ${source}`, signal));
  // A setting that only newer servers have.
  const newer = access.client.major >= 17 ? 'SET transaction_timeout = 0;' : '';
  const takenAt = new Date();
  const [snapshotId = ''] = await session.ask(newer + begin);
  const proof = prove(session);
  // Whoever commits awaits the proof. When it fails, the snapshot ends with its session, and pg_dump knows only that.
  const cause: { reason?: unknown } = {};
  proof.catch((reason: unknown) => {
    cause.reason = reason;
  });
  const held = stack.move();
  const dump = [
    '--format=custom',
    '--compress=0',
    `--snapshot=${snapshotId}`,
    `--lock-wait-timeout=${lockWaitMs}`,
    '--no-password',
  ];
  return {
    host: access.host,
    extension: 'dump',
    engineVersion: request.serverVersion,
    toolVersion: `pg_dump ${access.client.version}`,
    method: 'pg_dump of an exported snapshot',
    takenAt,
    expectedBytes: request.expectedBytes,
    proof,
    read: (through) => readDump(readProgram(request, access.program('pg_dump', ...dump), through), cause),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Roles and tablespaces, as SQL. They belong to the server, not to a database, so there is no snapshot of them. */
export async function takeGlobals(
  request: PostgresSnapshotRequest & { readonly withPasswords: boolean },
): Promise<Snapshot> {
  const { access } = request;
  const options = [
    '--globals-only',
    '--no-password',
    ...(request.withPasswords ? [] : ['--no-role-passwords']),
  ];
  const database = `--database=${access.connection.database}`;
  return {
    host: access.host,
    extension: 'sql',
    engineVersion: request.serverVersion,
    toolVersion: `pg_dumpall ${access.client.version}`,
    method: 'pg_dumpall --globals-only',
    takenAt: new Date(),
    expectedBytes: request.expectedBytes,
    proof: Promise.resolve({ fingerprint: fingerprintOf([], []) }),
    read: (through) => readProgram(request, access.program('pg_dumpall', ...options, database), through),
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
  };
}

async function prove(session: HeldSession): Promise<SnapshotProof> {
  const schema = await session.ask(schemaQuery);
  const tables = await session.ask(tablesQuery);
  const counts: string[] = [];
  for (const table of tables) counts.push(...(await session.ask(countStatement(table))));
  return { fingerprint: fingerprintOf(schema, counts) };
}

/** The dump; where it fails because the session of its snapshot did, that failure is the one to tell. */
async function* readDump(dump: Bytes, cause: { readonly reason?: unknown }): Bytes {
  try {
    yield* dump;
  } catch (error) {
    throw cause.reason ?? error;
  }
}

async function* readProgram(
  { access, source, reporter, signal }: PostgresSnapshotRequest,
  argv: readonly [string, ...string[]],
  through: readonly [string, ...string[]] | undefined,
): Bytes {
  const { host, env } = access;
  const running = host.spawn(argv, { signal, env, ...(through === undefined ? {} : { through }) });
  running.exit.catch(() => {});
  yield* running.stdout;
  const exit = await running.exit;
  if (exit.code !== 0) throw postgresError(`The dump of ${source}`, exit);
  for (const line of exit.stderr.split('\n').filter((text) => text.trim() !== '')) reporter.warn(line);
}
