import { Calendar, type Periods } from './calendar.ts';
import { type CatalogBackup, newestFirst, provesContent } from './catalog.ts';
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
  /** It is kept as one of a number, so that an older one is not. */
  readonly counted: boolean;
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
  const counted = new Set<PlannedBackup>();
  const keep: Keep = (backup, reason) => {
    reasons.get(backup)?.push(reason);
  };
  const count: Keep = (backup, reason) => {
    counted.add(backup);
    keep(backup, reason);
  };
  applyRules(past, policy, now, { keep, count });
  applyFloor(past, policy, count);
  applyAges(sorted, now, keep);
  return sorted.map((backup) => {
    const found = reasons.get(backup) as string[];
    return {
      id: backup.id,
      keep: found.length > 0,
      counted: counted.has(backup),
      reasons: found.length > 0 ? found : ['no rule keeps it'],
    };
  });
}

type Keep = (backup: PlannedBackup, reason: string) => void;

interface Keeping {
  /** For what it is. */
  readonly keep: Keep;
  /** As one of a number. */
  readonly count: Keep;
}

function applyRules(
  past: readonly PlannedBackup[],
  policy: Policy,
  now: Date,
  { keep, count }: Keeping,
): void {
  const calendar = new Calendar(policy.timeZone);
  for (const backup of past.slice(0, policy.last)) count(backup, `newest ${policy.last} (keep-last)`);
  if (policy.within !== null) {
    const since = calendar.before(now, policy.within).getTime();
    const reason = `within ${formatDuration(policy.within)}`;
    for (const backup of past) if (backup.createdAt.getTime() >= since) keep(backup, reason);
  }
  const periods = past.map(({ createdAt }) => calendar.periodsOf(createdAt));
  for (const rule of periodRules) applyPeriods(past, periods, rule, policy[rule], count);
}

/** Keeps the newest of each of the first `most` periods; the backups come newest first. */
function applyPeriods(
  past: readonly PlannedBackup[],
  periods: readonly Periods[],
  rule: keyof Periods,
  most: number,
  count: Keep,
): void {
  const taken = new Set<string>();
  for (const [index, backup] of past.entries()) {
    if (taken.size >= most) return;
    const period = periods[index]?.[rule] as string;
    if (!taken.has(period)) count(backup, `${rule} ${period}`);
    taken.add(period);
  }
}

function applyFloor(past: readonly PlannedBackup[], policy: Policy, count: Keep): void {
  for (const backup of past.slice(0, policy.min)) count(backup, `newest ${policy.min} (keep-min)`);
  keepProven(past, count);
}

/** What is kept for its age or its mark, also when nothing counts it. */
function applyAges(sorted: readonly PlannedBackup[], now: Date, keep: Keep): void {
  for (const backup of sorted) {
    const ageMs = now.getTime() - backup.createdAt.getTime();
    const future = isFuture(backup, now);
    if (!future && !backup.safety && ageMs < dayMs) keep(backup, 'younger than a day');
    if (backup.pinned) keep(backup, 'pinned');
    if (future) keep(backup, 'dated in the future');
    else if (backup.safety && ageMs < safetyMs) keep(backup, 'made by a restore, younger than 30 days');
  }
}

/** A weaker proof never takes the place of a stronger one: right bytes need not restore, and sizes prove no content. */
function keepProven(past: readonly PlannedBackup[], count: Keep): void {
  const restored = past.find(({ verified }) => verified?.level === 'restore');
  if (restored !== undefined) count(restored, 'newest verified');
  const proven = past.find(provesContent);
  if (proven !== undefined && proven !== restored) count(proven, 'newest verified by hash');
}
