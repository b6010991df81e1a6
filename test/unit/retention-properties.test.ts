import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { provesContent } from '../../src/core/catalog.ts';
import { parseDuration } from '../../src/core/duration.ts';
import type { VerifyLevel } from '../../src/core/keys.ts';
import { type PlannedBackup, type Policy, plan } from '../../src/core/retention.ts';
import { backupAt, day, hour, nothing, now } from '../kit/planned-backup.ts';

describe('for any backups and policies', () => {
  const backups = fc
    .array(
      fc.record({
        hoursAgo: fc.integer({ min: -72, max: 24 * 800 }),
        level: fc.constantFrom<VerifyLevel | null>(null, 'stat', 'hash', 'restore'),
        pinned: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    .map((drafts) =>
      drafts.map(({ hoursAgo, level, pinned }) =>
        backupAt(now.getTime() - hoursAgo * hour, {
          pinned,
          verified: level && { level, at: now },
        }),
      ),
    );
  const amount = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Number.POSITIVE_INFINITY));
  const policies: fc.Arbitrary<Policy> = fc.record({
    last: amount,
    within: fc.constantFrom(null, parseDuration('7d'), parseDuration('6m'), parseDuration('1y')),
    hourly: amount,
    daily: amount,
    weekly: amount,
    monthly: amount,
    yearly: amount,
    min: fc.integer({ min: 1, max: 5 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'),
  });
  const keptIds = (list: readonly PlannedBackup[], policy: Policy): Set<string> =>
    new Set(
      plan(list, policy, now)
        .filter(({ keep }) => keep)
        .map(({ id }) => id),
    );
  const isPast = ({ createdAt }: PlannedBackup): boolean => createdAt.getTime() <= now.getTime();

  test('the order in which they come does not matter', () => {
    fc.assert(
      fc.property(backups, policies, fc.func(fc.integer()), (list, policy, order) => {
        const shuffled = [...list].sort((a, b) => order(a.id) - order(b.id));
        expect(plan(shuffled, policy, now)).toEqual(plan(list, policy, now));
      }),
    );
  });

  test('pruning twice removes nothing more', () => {
    fc.assert(
      fc.property(backups, policies, (list, policy) => {
        const first = keptIds(list, policy);
        expect(
          keptIds(
            list.filter(({ id }) => first.has(id)),
            policy,
          ),
        ).toEqual(first);
      }),
    );
  });

  test('two policies together keep what either keeps', () => {
    fc.assert(
      fc.property(
        backups,
        policies,
        fc.constantFrom('last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'),
        (list, policy, rule) => {
          const without = { ...policy, [rule]: 0 };
          const alone = { ...nothing, min: policy.min, timeZone: policy.timeZone, [rule]: policy[rule] };
          expect(keptIds(list, policy)).toEqual(keptIds(list, without).union(keptIds(list, alone)));
        },
      ),
    );
  });

  test('raising a number never removes what was kept', () => {
    fc.assert(
      fc.property(
        backups,
        policies,
        fc.constantFrom('last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'min'),
        (list, policy, rule) => {
          expect(
            keptIds(list, policy).isSubsetOf(keptIds(list, { ...policy, [rule]: policy[rule] + 1 })),
          ).toBe(true);
        },
      ),
    );
  });

  test('an older backup more never removes a newer one', () => {
    fc.assert(
      fc.property(backups, policies, (list, policy) => {
        const older = backupAt(now.getTime() - 1000 * day);
        const before = keptIds(list, policy);
        const after = keptIds([...list, older], policy);
        // Only "newest verified" and the like may change hands, and an older one takes no part in them.
        expect(before.isSubsetOf(after)).toBe(true);
      }),
    );
  });

  test('a proof more, of whatever kind, never removes what a stronger one has kept', () => {
    fc.assert(
      fc.property(backups, policies, fc.nat(), (list, policy, at) => {
        const target = list[at % Math.max(1, list.length)];
        if (target === undefined) return;
        const others = list.filter((backup) => backup !== target);
        const reasonsWith = (level: VerifyLevel | null) =>
          plan([...others, { ...target, verified: level && { level, at: now } }], policy, now);
        const restored = (decisions: ReturnType<typeof plan>) =>
          decisions.filter(({ id, reasons }) => id !== target.id && reasons.includes('newest verified'));
        for (const level of ['stat', 'hash'] as const) {
          expect(restored(reasonsWith(level))).toEqual(restored(reasonsWith(null)));
        }
        expect(reasonsWith('stat')).toEqual(reasonsWith(null));
      }),
    );
  });

  test('the floor is never removed', () => {
    fc.assert(
      fc.property(backups, policies, (list, policy) => {
        const ids = keptIds(list, policy);
        const past = list
          .filter(isPast)
          .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
        const floor = [
          ...past.slice(0, policy.min),
          ...past.filter(({ verified }) => verified?.level === 'restore').slice(0, 1),
          ...past.filter(provesContent).slice(0, 1),
          ...list.filter(({ pinned, createdAt }) => pinned || now.getTime() - createdAt.getTime() < day),
        ];
        expect(floor.filter(({ id }) => !ids.has(id))).toEqual([]);
      }),
    );
  });
});
