import type { Fingerprint } from '../../core/engine.ts';
import type { Access } from './access.ts';
import { countStatement, fingerprintOf, schemaQuery, tablesQuery } from './fingerprint.ts';
import { HeldSession } from './held-session.ts';

/**
 * Limits that a role or the server may have set must not end a long dump; not every version knows all of them. A transaction of
 * ours is idle only while pg_dump reads the schema: after an hour nobody is there any more.
 */
export const sessionSettings = (lockWaitMs: number): string => `
SET statement_timeout = 0;
SELECT set_config(name, CASE name WHEN 'idle_in_transaction_session_timeout' THEN '1h' ELSE '0' END, false) FROM pg_settings
  WHERE name IN ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');
SET lock_timeout = ${lockWaitMs};
SET search_path = pg_catalog;
SET row_security = off;`;

/**
 * The fingerprint as the open transaction of a session sees it, which ends with it: by itself, as we may be gone by then.
 * @param tables as `tablesQuery` gave them there
 */
export async function fingerprintIn(session: HeldSession, tables: readonly string[]): Promise<Fingerprint> {
  const schema = await session.ask(lettingGo(schemaQuery));
  const counting = tables.map((table) => lettingGo(countStatement(table)));
  const counts = await session.ask([...counting, 'COMMIT;'].join('\n'));
  return fingerprintOf(schema, tables, counts);
}

/** The fingerprint of a database that nobody changes meanwhile. */
export async function takeFingerprint(
  access: Access,
  what: string,
  signal: AbortSignal,
): Promise<Fingerprint> {
  await using session = new HeldSession(access, what, signal);
  await session.ask(sessionSettings(60_000));
  await session.ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;');
  return await fingerprintIn(session, await session.ask(tablesQuery));
}

/** A query without the locks that it would keep until the transaction ends, as on each index: a server has few. */
function lettingGo(statement: string): string {
  return `SAVEPOINT one; ${statement} ROLLBACK TO one; RELEASE one;`;
}
