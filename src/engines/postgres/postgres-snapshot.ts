import type { Snapshot } from '../../core/engine.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type OutputRequest, readOutput, startDump } from './start-dump.ts';
import { fingerprintIn } from './take-fingerprint.ts';

export interface GlobalsRequest extends OutputRequest {
  readonly expectedBytes: number;
  readonly serverVersion: string;
}

export interface SnapshotRequest extends GlobalsRequest {
  /** How long a lock of another session is waited for. */
  readonly lockWaitMs: number;
}

/**
 * Exports a snapshot in a session that stays open, lets pg_dump dump the very same one, and counts the rows in it. The counting
 * goes on while the dump travels; after it, the locks are pg_dump's alone. Takes over the access: disposing ends it too.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { access } = request;
  await using stack = new AsyncDisposableStack();
  stack.use(access);
  const dump = stack.use(await startDump(request));
  const { session, tables, takenAt } = dump.exported;
  const proof = fingerprintIn(session, tables).then((fingerprint) => ({ fingerprint }));
  // Whoever commits awaits the proof; until then its failure must not count as unhandled.
  proof.catch(() => {});
  const held = stack.move();
  return {
    host: access.host,
    extension: 'dump',
    engineVersion: request.serverVersion,
    toolVersion: `pg_dump ${access.client.version}`,
    method: 'pg_dump of an exported snapshot',
    takenAt,
    expectedBytes: request.expectedBytes,
    proof,
    read: () => dump.read(),
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
    read: () => readOutput(request, globals),
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
  };
}
