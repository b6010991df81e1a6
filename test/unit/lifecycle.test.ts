import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/core/duration.ts';
import { lifecycleOf } from '../../src/core/lifecycle.ts';
import { type Policy, plan } from '../../src/core/retention.ts';
import { backupAt, day, hour, nothing, now } from '../kit/planned-backup.ts';

const expirationOf = (policy: Policy | null): number | null => {
  const { rules } = lifecycleOf(policy, 'apps/shop/');
  const days = rules.flatMap(({ Expiration = {} }) => ('Days' in Expiration ? [Expiration.Days] : []));
  return days[0] ?? null;
};

describe('when a bucket may remove backups by age', () => {
  test.each([
    [{ daily: 14 }, 23],
    [{ weekly: 8 }, 69],
    [{ monthly: 12 }, 417],
    [{ yearly: 2 }, 813],
    [{ daily: 14, weekly: 8, monthly: 12 }, 417],
    [{ within: parseDuration('30d') }, 40],
    [{ within: parseDuration('1y6m') }, 615],
    [{ hourly: 24 }, 34],
    [{ daily: 2, min: 20 }, 29],
  ] satisfies [Partial<Policy>, number][])('%j: after %i days', (rules, days) => {
    expect(expirationOf({ ...nothing, ...rules })).toBe(days);
  });

  test.each([
    ['no keep rule', null, /no keep rule/],
    ['a number of backups', { ...nothing, last: 5 }, /keep-last/],
    ['a number of backups beside others', { ...nothing, last: 5, daily: 14 }, /keep-last/],
    ['a rule without end', { ...nothing, yearly: Number.POSITIVE_INFINITY }, /unlimited/],
    ['a rule that is out of reach', { ...nothing, yearly: 999_999_999 }, /out of reach/],
  ])('never for %s, and it says why', (_, policy, reason) => {
    expect(expirationOf(policy)).toBeNull();
    expect(lifecycleOf(policy, 'shop/').notes).toEqual([expect.stringMatching(reason)]);
  });

  test('uploads that were given up, hidden versions and markers go in every case, below the folder alone', () => {
    const { rules } = lifecycleOf(null, 'apps/shop/');
    expect(rules).toEqual([
      {
        ID: 'holdfast apps/shop/ uploads and versions',
        Status: 'Enabled',
        Filter: { Prefix: 'apps/shop/' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      },
      {
        ID: 'holdfast apps/shop/ markers',
        Status: 'Enabled',
        Filter: { Prefix: 'apps/shop/' },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ]);
  });
});

describe('for any policy and regular backups', () => {
  const amount = fc.integer({ min: 0, max: 12 });
  const policies: fc.Arbitrary<Policy> = fc.record({
    last: fc.constant(0),
    within: fc.constantFrom(null, ...['36h', '7d', '6m', '1y', '1y1m1w1d'].map(parseDuration)),
    hourly: fc.integer({ min: 0, max: 60 }),
    daily: fc.integer({ min: 0, max: 60 }),
    weekly: amount,
    monthly: amount,
    yearly: fc.integer({ min: 0, max: 3 }),
    min: fc.integer({ min: 1, max: 60 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia'),
  });

  /** Backups of four years, so many a day, none of them late by more than its hour. */
  const regular = (perDay: number, lateHours: number) =>
    Array.from({ length: 4 * 366 * perDay }, (_, index) =>
      backupAt(now.getTime() - (index / perDay) * day - lateHours * hour),
    );

  test('the bucket never removes what the policy keeps', () => {
    fc.assert(
      fc.property(
        policies,
        fc.constantFrom(1, 2),
        fc.integer({ min: 0, max: 23 }),
        (policy, perDay, late) => {
          const days = expirationOf(policy);
          if (days === null) return;
          const backups = regular(perDay, late);
          const kept = new Set(plan(backups, policy, now).flatMap(({ id, keep }) => (keep ? [id] : [])));
          const removed = backups.filter(({ createdAt }) => now.getTime() - createdAt.getTime() > days * day);
          expect(removed.filter(({ id }) => kept.has(id))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
