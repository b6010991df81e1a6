import { HoldfastError } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Access } from './access.ts';
import { lockedTablesQuery, lockStatement, tablesQuery } from './fingerprint.ts';
import { HeldSession } from './held-session.ts';
import { sessionSettings } from './take-fingerprint.ts';

export interface ExportRequest {
  readonly access: Access;
  /** For messages. */
  readonly source: string;
  /** How long a lock of another session is waited for. */
  readonly lockWaitMs: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** An exported snapshot, good for as long as the session is open. */
export interface ExportedSnapshot {
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

/** A table that is dropped between the export and its lock makes the snapshot useless: then another is taken, once. */
export async function exportSnapshot(request: ExportRequest): Promise<ExportedSnapshot> {
  try {
    return await exportOnce(request);
  } catch (error) {
    if (!hasCode(error, 'postgres.changed')) throw error;
    request.reporter.debug(`${error.message} It is taken again.`);
    return exportOnce(request);
  }
}

/**
 * Locks every table as a reader does, so that counts and dump see the same: emptying a table with TRUNCATE would otherwise
 * show in whichever of them comes later, snapshot or not.
 */
async function exportOnce({ access, source, lockWaitMs, signal }: ExportRequest): Promise<ExportedSnapshot> {
  await using stack = new AsyncDisposableStack();
  const session = stack.use(new HeldSession(access, `The snapshot of ${source}`, signal));
  await session.ask(`${sessionSettings(lockWaitMs)}${alone}`);
  const takenAt = new Date();
  const [id = ''] = await session.ask(begin);
  const tables = await session.ask(tablesQuery);
  const locked = await session.ask(lockedTablesQuery);
  await session.ask(locked.map(lockStatement).join('\n'));
  stack.move();
  return { id, takenAt, tables, session };
}

export function hasCode(error: unknown, code: string): error is HoldfastError {
  return error instanceof HoldfastError && error.code === code;
}
