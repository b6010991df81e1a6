import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/core/duration.ts';
import type { VerifyLevel } from '../../src/core/keys.ts';
import { isEmptyPolicy, type Policy, plan } from '../../src/core/retention.ts';
import { backupAt, day, hour, nothing, now } from '../kit/planned-backup.ts';

/** The times that are kept, as texts. */
const kept = (times: readonly string[], policy: Partial<Policy>, at = now): string[] => {
  const backups = times.map((time) => backupAt(time));
  const timeOf = new Map(backups.map(({ id }, index) => [id, times[index] as string]));
  return plan(backups, { ...nothing, ...policy }, at)
    .filter(({ keep }) => keep)
    .map(({ id }) => timeOf.get(id) as string);
};

describe('a rule keeps', () => {
  const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-05', '2026-11-09'].map(
    (date) => `${date}T03:00:00Z`,
  );

  test.each<[string, Partial<Policy>, number[]]>([
    ['the newest two', { last: 2 }, [4, 3]],
    ['everything within a time', { within: parseDuration('27d') }, []],
    ['the newest of each of three days that have one', { daily: 3 }, [4, 3, 2]],
    ['the newest of each of two weeks, from Monday', { weekly: 2 }, [4, 3]],
    ['all weeks when unlimited', { weekly: Number.POSITIVE_INFINITY }, [4, 3, 0]],
    ['the newest of a month', { monthly: 5 }, [4]],
    ['the newest of a year', { yearly: 1 }, [4]],
    ['what any of several rules wants', { last: 1, weekly: 3 }, [4, 3, 0]],
  ])('%s', (_, policy, indexes) => {
    expect(kept(days, policy)).toEqual(indexes.map((index) => days[index]));
  });

  test('the newest of an hour, not the oldest', () => {
    expect(kept(['2026-11-01T03:00:00Z', '2026-11-01T03:59:59Z'], { hourly: 1 })).toEqual([
      '2026-11-01T03:59:59Z',
    ]);
  });

  test('what lies exactly at the edge of a time', () => {
    const at = new Date('2026-03-31T12:00:00Z');
    expect(
      kept(['2026-02-28T12:00:00Z', '2026-02-28T11:59:59Z'], { within: parseDuration('1m') }, at),
    ).toEqual(['2026-02-28T12:00:00Z']);
  });

  test('a year back from 29 February to the 28th', () => {
    const at = new Date('2028-02-29T12:00:00Z');
    expect(
      kept(['2027-02-28T12:00:00Z', '2027-02-28T11:00:00Z'], { within: parseDuration('1y') }, at),
    ).toEqual(['2027-02-28T12:00:00Z']);
  });
});

describe('periods are those of the time zone', () => {
  /** How many days, weeks and so on two times belong to. */
  const together = (
    rule: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly',
    timeZone: string,
    a: string,
    b: string,
  ): boolean => kept([a, b], { [rule]: 2, timeZone }).length === 1;

  test.each<[boolean, 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly', string, string, string]>([
    [true, 'daily', 'UTC', '2026-11-01T00:00:00Z', '2026-11-01T23:59:59Z'],
    [false, 'daily', 'UTC', '2026-11-01T23:59:59Z', '2026-11-02T00:00:00Z'],
    // 00:30 in Berlin is still yesterday in UTC.
    [false, 'daily', 'Europe/Berlin', '2026-07-01T21:30:00Z', '2026-07-01T22:30:00Z'],
    [true, 'daily', 'Europe/Berlin', '2026-07-01T22:30:00Z', '2026-07-02T21:30:00Z'],
    // The spring night: the day has 23 hours.
    [true, 'daily', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z'],
    [false, 'daily', 'Europe/Berlin', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
    // The autumn night: 02:30 comes twice, and is one hour on the clock.
    [true, 'hourly', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    [true, 'daily', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-02T04:59:59Z'],
    [false, 'daily', 'America/New_York', '2026-11-02T04:59:59Z', '2026-11-02T05:00:00Z'],
    // Half an hour of summer time, and a quarter of an hour beside the others.
    [true, 'hourly', 'Australia/Lord_Howe', '2026-04-04T14:59:00Z', '2026-04-04T15:00:00Z'],
    [false, 'hourly', 'Australia/Lord_Howe', '2026-04-04T15:29:00Z', '2026-04-04T15:30:00Z'],
    [false, 'daily', 'Asia/Kathmandu', '2026-11-01T18:14:59Z', '2026-11-01T18:15:00Z'],
    // Apia had no 30 December 2011.
    [false, 'daily', 'Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-30T10:00:00Z'],
    // ISO weeks around New Year belong to the year of their Thursday.
    [true, 'weekly', 'UTC', '2020-12-28T00:00:00Z', '2021-01-03T23:59:59Z'],
    [false, 'weekly', 'UTC', '2021-01-03T23:59:59Z', '2021-01-04T00:00:00Z'],
    [true, 'weekly', 'UTC', '2024-12-30T00:00:00Z', '2025-01-05T00:00:00Z'],
    [false, 'weekly', 'UTC', '2024-12-29T23:59:59Z', '2024-12-30T00:00:00Z'],
    [false, 'monthly', 'America/New_York', '2026-02-01T04:59:59Z', '2026-02-01T05:00:00Z'],
    [false, 'yearly', 'Asia/Kathmandu', '2025-12-31T18:14:59Z', '2025-12-31T18:15:00Z'],
  ])('%s: %s in %s, %s and %s', (same, rule, zone, a, b) => {
    expect(together(rule, zone, a, b)).toBe(same);
  });

  test('weeks are named as ISO 8601 names them', () => {
    const reasons = (time: string) => plan([backupAt(time)], { ...nothing, weekly: 1 }, now)[0]?.reasons;
    expect(reasons('2021-01-01T00:00:00Z')).toEqual(['weekly 2020-W53']);
    expect(reasons('2021-01-04T00:00:00Z')).toEqual(['weekly 2021-W01']);
    expect(reasons('2024-12-30T00:00:00Z')).toEqual(['weekly 2025-W01']);
    expect(reasons('2026-11-20T00:00:00Z')).toEqual(['weekly 2026-W47']);
  });
});

describe('the floor is kept whatever the rules say', () => {
  const policy = { ...nothing, last: 1, min: 2 };

  test('with a reason for each part of it', () => {
    const backups = [
      backupAt(now.getTime() - hour),
      backupAt(now.getTime() - 3 * day),
      backupAt(now.getTime() - 4 * day),
      backupAt(now.getTime() - 5 * day, { verified: { level: 'restore', at: now } }),
      backupAt(now.getTime() - 6 * day, { verified: { level: 'restore', at: now } }),
      backupAt(now.getTime() - 7 * day, { pinned: true }),
    ];
    expect(plan(backups, policy, now).map(({ reasons }) => reasons)).toEqual([
      ['newest 1 (keep-last)', 'newest 2 (keep-min)', 'younger than a day'],
      ['newest 2 (keep-min)'],
      ['no rule keeps it'],
      ['newest verified'],
      ['no rule keeps it'],
      ['pinned'],
    ]);
  });

  test('and no weaker proof of a newer backup takes the place of a restore', () => {
    const proven = (days: number, level: VerifyLevel) =>
      backupAt(now.getTime() - days * day, { verified: { level, at: now } });
    const backups = [
      backupAt(now.getTime() - 2 * day),
      ...[proven(3, 'stat'), proven(4, 'hash'), proven(5, 'stat'), proven(6, 'hash')],
      ...[proven(40, 'restore'), proven(41, 'hash'), proven(42, 'restore')],
    ];
    expect(plan(backups, { ...nothing, last: 1 }, now).map(({ reasons }) => reasons)).toEqual([
      ['newest 1 (keep-last)'],
      ['no rule keeps it'],
      ['newest verified by hash'],
      ['no rule keeps it'],
      ['no rule keeps it'],
      ['newest verified'],
      ['no rule keeps it'],
      ['no rule keeps it'],
    ]);
  });

  test('and a proof of sizes alone keeps nothing', () => {
    const backups = [2, 3].map((days) =>
      backupAt(now.getTime() - days * day, { verified: { level: 'stat', at: now } }),
    );
    expect(plan(backups, { ...nothing, last: 1 }, now).map(({ keep }) => keep)).toEqual([true, false]);
  });

  test('and a backup from the future is kept without taking a place', () => {
    const future = [backupAt(now.getTime() + 2 * day), backupAt(now.getTime() + 3 * day)];
    const past = [
      backupAt(now.getTime() - 2 * day),
      backupAt(now.getTime() - 3 * day),
      backupAt(now.getTime() - 4 * day),
    ];
    const decisions = plan([...future, ...past], policy, now);
    expect(decisions.map(({ keep }) => keep)).toEqual([true, true, true, true, false]);
    expect(decisions[0]?.reasons).toEqual(['dated in the future']);
  });

  test('a clock that is a little ahead is no future', () => {
    expect(plan([backupAt(now.getTime() + 60_000)], policy, now)[0]?.reasons).toContain(
      'newest 1 (keep-last)',
    );
  });
});

test('of two backups of the same second the one with the later id is the newest, in whatever order they come', () => {
  const twins = ['0000', 'zzzz'].map((end) =>
    backupAt('2026-11-20T03:00:00Z', { id: `20261120T030000Z-${end}` }),
  );
  for (const backups of [twins, twins.toReversed()]) {
    const decisions = plan(backups, { ...nothing, last: 1 }, now);
    expect(decisions.map(({ id, keep }) => [id, keep])).toEqual([
      ['20261120T030000Z-zzzz', true],
      ['20261120T030000Z-0000', false],
    ]);
  }
});

test('an empty policy is known as one', () => {
  expect(isEmptyPolicy({ ...nothing, min: 3 })).toBe(true);
  expect(isEmptyPolicy({ ...nothing, daily: 1 })).toBe(false);
  expect(isEmptyPolicy({ ...nothing, within: parseDuration('1d') })).toBe(false);
});

test('durations are read strictly', () => {
  expect(['', '7x', 'd', '7', '-1d', '1.5d', '7d ', '0d', '7d1w'].map(parseDuration)).toEqual(
    Array(9).fill(null),
  );
  expect(parseDuration('1y6m')).toMatchObject({ years: 1, months: 6 });
  expect(parseDuration('26h')).toMatchObject({ hours: 26 });
});

test('one whose objects are not found counts for nothing, but has a day to be found', () => {
  const missing = [1, 30].map((hours) => backupAt(now.getTime() - hours * hour, { missing: true }));
  const whole = [3, 4].map((days) => backupAt(now.getTime() - days * day));
  expect(plan([...missing, ...whole], { ...nothing, last: 1 }, now).map(({ reasons }) => reasons)).toEqual([
    ['younger than a day'],
    ['no rule keeps it'],
    ['newest 1 (keep-last)'],
    ['no rule keeps it'],
  ]);
});

test('what restores have put aside takes no regular backup’s place, and stays for 30 days', () => {
  const real = backupAt(now.getTime() - 40 * day);
  const aside = [35, 20, 10, 5].map((days) => backupAt(now.getTime() - days * day, { safety: true }));
  const decisions = plan([real, ...aside], { ...nothing, last: 1, min: 1 }, now);
  const kept = decisions.filter(({ keep }) => keep).map(({ id }) => id);
  expect(kept).toContain(real.id);
  expect(kept).toHaveLength(4);
  expect(decisions.find(({ id }) => id === aside[0]?.id)?.keep).toBe(false);
});
