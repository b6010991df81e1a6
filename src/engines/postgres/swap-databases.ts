import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError, throwIfCancelled } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Swapped } from '../../core/target.ts';
import { type Access, query } from './access.ts';
import type { ArchiveProperties } from './archive-properties.ts';
import { copyProperties, giveProperties } from './copy-properties.ts';
import { about } from './maintenance.ts';
import { identifier, literal, suffixed } from './names.ts';
import { type DatabaseFacts, describeSessions, readFacts } from './target-facts.ts';

export interface SwapPlace {
  /** To another database of the server. */
  readonly access: Access;
  readonly name: string;
  readonly label: string;
  readonly prefix: string;
  /** The new database. */
  readonly fresh: string;
  /** As it was when the new database was begun. */
  readonly old: DatabaseFacts | null;
  /** What the new database gets where there is no old one that has it; `null`: there is one. */
  readonly archived: ArchiveProperties | null;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** How long the renames may take; they are not stopped by a cancellation. */
const swapTimeoutMs = 10 * 60_000;
const mostAttempts = 10;

/** Gives the new database the old one's name, and the old one another, in one transaction. */
export async function swapDatabases(
  place: SwapPlace,
  { id, force }: { readonly id: string; readonly force: boolean },
): Promise<Swapped> {
  const { access, name, label, fresh, reporter, signal } = place;
  const old = await lookAgain(place);
  const sessions = old === null ? null : describeSessions(old);
  if (sessions !== null && !force) throw inUse(label, sessions);
  const properties = { to: fresh, name, label, reporter };
  if (old !== null) await copyProperties(access, old, properties, signal);
  else if (place.archived !== null) await giveProperties(access, place.archived, properties, signal);
  throwIfCancelled(signal);
  const previous = suffixed(name, `_before_${id}`);
  const renames = [rename(fresh, name)];
  if (old !== null) renames.unshift(rename(name, previous));
  await runRenames(place, { renames, oid: force ? (old?.oid ?? null) : null });
  if (old === null) return { previous: null, goBack: [] };
  return { previous, goBack: [rename(name, suffixed(name, `_after_${id}`)), rename(previous, name)] };
}

function rename(from: string, to: string): string {
  return `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)};`;
}

async function lookAgain({
  access,
  name,
  label,
  prefix,
  old,
  signal,
}: SwapPlace): Promise<DatabaseFacts | null> {
  const what = `Looking at ${label}`;
  const { database } = await readFacts(access, { what, name, leftover: prefix }, signal);
  if (database?.oid === old?.oid) return database;
  throw new HoldfastError(`${label} was made or removed by somebody since the restore began.`, {
    code: 'restore.changed',
    hint: 'Stop the app first, and run the restore again.',
  });
}

interface Renaming {
  readonly renames: readonly string[];
  /** The old database, whose sessions are to be ended; `null`: nobody's. */
  readonly oid: number | null;
}

/** A pool that connects again at once may win the race a few times. */
async function runRenames(place: SwapPlace, renaming: Renaming): Promise<void> {
  const signal = AbortSignal.timeout(swapTimeoutMs);
  const attempts = renaming.oid === null ? 1 : mostAttempts;
  let obstacle: unknown;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    throwIfCancelled(place.signal);
    obstacle = await tryRenames(place, renaming, signal);
    if (obstacle === null) return;
  }
  throw inUse(place.label, await whoStays(place, signal), obstacle);
}

/** Gives the error when sessions are in the way; `null` when it is done. */
async function tryRenames(place: SwapPlace, renaming: Renaming, signal: AbortSignal): Promise<Error | null> {
  try {
    await renameOnce(place, renaming, signal);
    return null;
  } catch (error) {
    if (await isDone(place, error, signal)) return null;
    if (isInUse(error)) return error;
    throw error instanceof HoldfastError ? about('to', error) : error;
  }
}

async function renameOnce(place: SwapPlace, { renames, oid }: Renaming, signal: AbortSignal): Promise<void> {
  const { access, label } = place;
  const statements = ["SET lock_timeout = '30s';", 'BEGIN;', ...renames, 'COMMIT;', ''].join('\n');
  const renamed = new AbortController();
  const ending =
    oid === null ? undefined : endSessions(place, oid, AbortSignal.any([signal, renamed.signal]));
  // Told only when the renames fail.
  ending?.catch(() => {});
  try {
    await query(access, `Renaming ${label}`, statements, signal);
  } catch (error) {
    renamed.abort();
    await ending;
    throw error;
  }
  renamed.abort();
  await ending?.catch(() => {});
}

/**
 * The rename locks the database against new sessions, and waits five seconds for the old ones to go: they are ended while
 * it waits. By its number: under the name there soon is another one.
 */
async function endSessions({ access, label }: SwapPlace, oid: number, until: AbortSignal): Promise<void> {
  const end = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datid = ${oid} AND usename IS NOT NULL AND pid <> pg_backend_pid();\n`;
  while (!until.aborted) {
    try {
      await query(access, `Ending the sessions of ${label}`, end, until);
    } catch (error) {
      if (until.aborted) return;
      throw isForbidden(error) ? notOurs(label, error) : error;
    }
    await sleep(100, undefined, { signal: until }).catch(() => {});
  }
}

/** The server may have renamed them though it could not say so. */
async function isDone(
  { access, fresh, label }: SwapPlace,
  cause: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const look = `SELECT 1 FROM pg_database WHERE datname = ${literal(fresh)};\n`;
  const found = await query(access, `Looking at ${label}`, look, signal).catch(() => null);
  if (found !== null) return found.length === 0;
  throw new HoldfastError(
    `The server did not say how the swap of ${label} ended: it is the old database or the new one, whole.`,
    { code: 'restore.unknown', hint: `The new one is named ${fresh} if it was not swapped in.`, cause },
  );
}

async function whoStays({ access, name, label, prefix }: SwapPlace, signal: AbortSignal): Promise<string> {
  const what = `Looking at ${label}`;
  const { database } = await readFacts(access, { what, name, leftover: prefix }, signal);
  return (
    (database && describeSessions(database)) ?? 'a session, or a prepared transaction, that came just now'
  );
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && /permission denied|must be a /i.test(error.message);
}

function notOurs(label: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    `${label} is in use by sessions that this user may not end; nothing was changed.`,
    {
      code: 'restore.in-use',
      input: 'force',
      hint: 'Stop the app first, or let the role of the URL end them: GRANT pg_signal_backend TO role; those of a superuser only another superuser can.',
      cause,
    },
  );
}

function isInUse(error: unknown): error is Error {
  return error instanceof Error && /being accessed by other users|used by/.test(error.message);
}

function inUse(label: string, by: string, cause?: unknown): HoldfastError {
  return new HoldfastError(`${label} is in use by ${by}; nothing was changed.`, {
    code: 'restore.in-use',
    input: 'force',
    hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or end its sessions with `force: true`.',
    cause,
  });
}
