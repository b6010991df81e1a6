import { Calendar } from './calendar.ts';
import { type CatalogBackup, provesContent, readCatalog } from './catalog.ts';
import { isFuture } from './clock.ts';
import { type Duration, formatDuration } from './duration.ts';
import { type HoldfastError, StaleError } from './errors.ts';
import { describeOthers, otherNames } from './other-names.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

export interface CheckRequest {
  readonly store: Store;
  readonly name: string;
  readonly maxAge: Duration;
  /** `null`: backups need not be verified. A proof of sizes alone (`stat`) is none. */
  readonly maxVerifiedAge: Duration | null;
  readonly now: Date;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

interface Aged {
  readonly id: string;
  readonly ageSeconds: number;
}

export interface CheckResult {
  readonly newest: Aged | null;
  readonly newestVerified: Aged | null;
  /** What is stale, and since when; `null` when nothing is. */
  readonly failure: HoldfastError | null;
}

/** Asks whether the newest backup, and the newest verified one, are young enough. One listing, no download. */
export async function check(request: CheckRequest): Promise<CheckResult> {
  const { store, name, maxAge, maxVerifiedAge, now, reporter, signal } = request;
  const catalog = await readCatalog(store, name, { signal });
  const backups = catalog.backups.filter(({ safety, missing }) => !safety && !missing);
  const [ahead] = backups.filter((backup) => isFuture(backup, now));
  if (ahead !== undefined) {
    reporter.warn(
      `Backup ${ahead.id} is dated in the future and not counted: check the clock of whoever made it.`,
    );
  }
  const past = backups.filter((backup) => !isFuture(backup, now));
  const newest = past[0] ?? null;
  const verified = past.find(provesContent) ?? null;
  const problems = [
    tooOld(request, 'backup', newest, maxAge),
    ...(maxVerifiedAge === null ? [] : [tooOld(request, 'verified backup', verified, maxVerifiedAge)]),
  ].filter((problem) => problem !== null);
  const others = catalog.backups.length === 0 ? await otherNames(store, name, { signal }) : [];
  return {
    newest: newest && aged(newest, now),
    newestVerified: verified && aged(verified, now),
    failure: problems.length === 0 ? null : stale(problems.join(' '), others),
  };
}

function tooOld(
  { name, store, now }: CheckRequest,
  what: string,
  backup: CatalogBackup | null,
  limit: Duration,
): string | null {
  const text = formatDuration(limit);
  if (backup === null)
    return `There is no ${what} of ${name} in ${store.label}; one must be younger than ${text}.`;
  if (backup.createdAt.getTime() > new Calendar('UTC').before(now, limit).getTime()) return null;
  const { ageSeconds } = aged(backup, now);
  const hours = Math.floor(ageSeconds / 3600);
  const days = Math.floor(hours / 24);
  const age = hours < 1 ? `${ageSeconds} seconds` : hours < 48 ? `${hours} hours` : `${days} days`;
  return `The newest ${what} of ${name} in ${store.label} is ${backup.id}, ${age} old; it must be younger than ${text}.`;
}

function aged({ id, createdAt }: CatalogBackup, now: Date): Aged {
  return { id, ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000) };
}

function stale(message: string, others: readonly string[]): StaleError {
  if (others.length > 0) {
    return new StaleError(message, { code: 'check.stale', input: 'name', hint: describeOthers(others) });
  }
  return new StaleError(message, {
    code: 'check.stale',
    hint: 'Look at the runs of the backup workflow: a schedule may be late, switched off (after 60 days without activity), or failing.',
  });
}
