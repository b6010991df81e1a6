import type { Duration } from './duration.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';

/** A rule of a bucket, as S3's PutBucketLifecycleConfiguration takes it. */
export interface LifecycleRule {
  readonly ID: string;
  readonly Status: 'Enabled';
  readonly Filter: { readonly Prefix: string };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly Expiration?: { readonly Days: number } | { readonly ExpiredObjectDeleteMarker: true };
}

export interface Lifecycle {
  readonly rules: readonly LifecycleRule[];
  /** What the rules can't do, or do differently than prune, in sentences. */
  readonly notes: readonly string[];
}

/** An upload that is not complete by then never will be. */
const uploadDays = 7;
/** So long what was hidden or overwritten can be brought back. */
const noncurrentDays = 30;
const marginDays = 7;
/** The largest number of days that stores take. */
const mostDays = 2_147_483_647;

/**
 * Rules for the store that do by age what prune does by policy, for keys that may not delete. They remove later than prune
 * would, and nothing by age where the policy can't be told as one.
 * @param folder where the backups lie: `prefix/name/`
 */
export function lifecycleOf(policy: Policy | null, folder: string): Lifecycle {
  const longest = longestAge(policy);
  const expires = typeof longest === 'number';
  const base = { Status: 'Enabled', Filter: { Prefix: folder } } as const;
  const id = `holdfast ${folder}`;
  const rules: LifecycleRule[] = [
    {
      ...base,
      ID: `${id} uploads and versions`,
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: uploadDays },
      NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
    },
    // S3 takes days and markers in two rules only.
    { ...base, ID: `${id} markers`, Expiration: { ExpiredObjectDeleteMarker: true } },
  ];
  if (expires) rules.push({ ...base, ID: `${id} age`, Expiration: { Days: withMargin(longest) } });
  const notes = expires
    ? expirationNotes(withMargin(longest))
    : [`No rule removes backups by age: ${longest}`];
  return { rules, notes };
}

function expirationNotes(days: number): string[] {
  return [
    `Backups are removed ${days} days after they were made, whatever else is there: when no new ones are made, the last one goes too, so let \`check\` watch them.`,
    'The number holds for backups that are made at least daily; with fewer, the keep rules reach further back than these rules.',
    'Rules of a bucket know neither `pinned` backups nor the newest verified one: copy what must stay to another prefix.',
  ];
}

/** The age in days that no backup which the policy keeps can exceed; or the sentence why there is none. */
function longestAge(policy: Policy | null): number | string {
  if (policy === null || isEmptyPolicy(policy)) return 'no keep rule is set, so everything is kept.';
  const { last, within, hourly, daily, weekly, monthly, yearly, min } = policy;
  if (last > 0)
    return '`keep-last` counts backups, and a bucket knows only their age; use `keep-within` or `keep-daily`.';
  // Daily backups have one in an hour, so that each hour counted is a day.
  const days = Math.max(
    within === null ? 0 : daysOf(within),
    hourly,
    daily,
    weekly * 7,
    monthly * 31,
    yearly * 366,
    min,
  );
  if (withMargin(days) <= mostDays) return days;
  return 'a keep rule has no end (`unlimited`), or one that is out of reach.';
}

function withMargin(days: number): number {
  return Math.ceil(days * 1.1) + marginDays;
}

/** At the most: calendar units are taken at their longest. */
function daysOf({ years, months, weeks, days, hours, minutes, seconds }: Duration): number {
  return Math.ceil(
    years * 366 + months * 31 + weeks * 7 + days + hours / 24 + minutes / 1440 + seconds / 86_400,
  );
}
