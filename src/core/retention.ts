import { Calendar, type Periods } from './calendar.ts';
import { type CatalogBackup, newestFirst } from './catalog.ts';
import { isFuture } from './clock.ts';
import { type Duration, formatDuration } from './duration.ts';

/** What to keep. A count is a whole number or `Infinity`; 0 and `null` switch a rule off. */
export interface Policy {
  readonly last: number;
  readonly within: Duration | null;
  readonly hourly: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
  /** The newest that are kept whatever the rules say. */
  readonly min: number;
  /** IANA name; all periods are cut in it. */
  readonly timeZone: string;
}

/** What the plan needs to know of a backup. */
export type PlannedBackup = Pick<
  CatalogBackup,
  'id' | 'createdAt' | 'verified' | 'pinned' | 'safety' | 'missing'
>;

export interface Decision {
  readonly id: string;
  readonly keep: boolean;
  /** All of them, the rules before the floor. */
  readonly reasons: readonly string[];
}

const dayMs = 86_400_000;
/** So long it can be told whether a restore was right. */
const safetyMs = 30 * dayMs;
const periodRules = [
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'yearly',
] as const satisfies readonly (keyof Periods)[];

/** True when no rule would keep anything: such a policy must never prune. */
export function isEmptyPolicy(policy: Policy): boolean {
  return (
    policy.within === null &&
    [policy.last, ...periodRules.map((rule) => policy[rule])].every((count) => count === 0)
  );
}

/**
 * Decides for each backup whether to keep it, and why, newest first. A backup is kept when any rule or any part of
 * the floor wants it. Pure: the same backups in any order give the same plan. Backups dated in the future are kept, those
 * that a restore made are kept for a month, and neither takes a regular one's place; nor does one whose objects are gone.
 */
export function plan(backups: readonly PlannedBackup[], policy: Policy, now: Date): Decision[] {
  const sorted = [...backups].sort(newestFirst);
  const past = sorted.filter((backup) => !isFuture(backup, now) && !backup.safety && !backup.missing);
  const reasons = new Map(sorted.map((backup): [PlannedBackup, string[]] => [backup, []]));
  const keep = (backup: PlannedBackup, reason: string): void => {
    reasons.get(backup)?.push(reason);
  };
  applyRules(past, policy, now, keep);
  applyFloor(past, policy, now, keep);
  for (const backup of sorted) {
    if (backup.pinned) keep(backup, 'pinned');
    if (isFuture(backup, now)) keep(backup, 'dated in the future');
    else if (backup.safety && now.getTime() - backup.createdAt.getTime() < safetyMs) {
      keep(backup, 'made by a restore, younger than 30 days');
    }
  }
  return sorted.map((backup) => {
    const found = reasons.get(backup) as string[];
    return {
      id: backup.id,
      keep: found.length > 0,
      reasons: found.length > 0 ? found : ['no rule keeps it'],
    };
  });
}

type Keep = (backup: PlannedBackup, reason: string) => void;

function applyRules(past: readonly PlannedBackup[], policy: Policy, now: Date, keep: Keep): void {
  const calendar = new Calendar(policy.timeZone);
  for (const backup of past.slice(0, policy.last)) keep(backup, `newest ${policy.last} (keep-last)`);
  if (policy.within !== null) {
    const since = calendar.before(now, policy.within).getTime();
    const reason = `within ${formatDuration(policy.within)}`;
    for (const backup of past) if (backup.createdAt.getTime() >= since) keep(backup, reason);
  }
  const periods = past.map(({ createdAt }) => calendar.periodsOf(createdAt));
  for (const rule of periodRules) applyPeriods(past, periods, rule, policy[rule], keep);
}

/** Keeps the newest of each of the first `count` periods; the backups come newest first. */
function applyPeriods(
  past: readonly PlannedBackup[],
  periods: readonly Periods[],
  rule: keyof Periods,
  count: number,
  keep: Keep,
): void {
  const taken = new Set<string>();
  for (const [index, backup] of past.entries()) {
    if (taken.size >= count) return;
    const period = periods[index]?.[rule] as string;
    if (!taken.has(period)) keep(backup, `${rule} ${period}`);
    taken.add(period);
  }
}

function applyFloor(past: readonly PlannedBackup[], policy: Policy, now: Date, keep: Keep): void {
  for (const backup of past.slice(0, policy.min)) keep(backup, `newest ${policy.min} (keep-min)`);
  const verified = past.find((backup) => backup.verified !== null);
  if (verified !== undefined) keep(verified, 'newest verified');
  for (const backup of past) {
    if (now.getTime() - backup.createdAt.getTime() < dayMs) keep(backup, 'younger than a day');
  }
}
