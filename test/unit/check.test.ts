import { beforeEach, expect, test } from 'vitest';
import { check } from '../../src/core/check.ts';
import { type Duration, parseDuration } from '../../src/core/duration.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const [today, lastWeek] = ['20261121T030000Z-0000', '20261114T030000Z-0000'];
let store: MemoryStore;

beforeEach(async () => {
  store = memoryStore();
  await storeBackup(store, today, { shop: { users: 1 } });
  await storeBackup(store, lastWeek, { shop: { users: 1 } });
  store.objects.set(`app/${lastWeek}/verified-restore-20261114T040000Z.json`, Buffer.from('{}'));
});

const duration = (text: string) => parseDuration(text) as Duration;
const at = (now: string, maxVerifiedAge: string | null = null, maxAge = '26h', reporter = quietReporter()) =>
  check({
    ...{ store, name: 'app', maxAge: duration(maxAge), now: new Date(now), reporter, signal },
    maxVerifiedAge: maxVerifiedAge === null ? null : duration(maxVerifiedAge),
  });

test('a night’s backup is fresh for 26 hours, and then stale, in a sentence with exit code 4', async () => {
  const fresh = await at('2026-11-22T04:59:59Z');
  expect(fresh).toMatchObject({ newest: { id: today, ageSeconds: 93_599 }, failure: null });
  const { failure } = await at('2026-11-22T05:00:00Z');
  expect(failure).toMatchObject({ exitCode: 4, code: 'check.stale', hint: expect.any(String) });
  expect(failure?.message).toBe(
    `The newest backup of app in memory is ${today}, 26 hours old; it must be younger than 26h.`,
  );
});

test('no backup at all is stale', async () => {
  store.objects.clear();
  const { newest, failure } = await at('2026-11-21T04:00:00Z');
  expect(newest).toBeNull();
  expect(failure).toMatchObject({ exitCode: 4, message: /There is no backup/ });
});

test('a run that never wrote its manifest does not count', async () => {
  store.objects.delete(`app/${today}/manifest.json`);
  expect((await at('2026-11-21T04:00:00Z')).failure).toMatchObject({ exitCode: 4 });
});

test('a verified one can be asked for too', async () => {
  expect((await at('2026-11-21T04:00:00Z', '8d')).failure).toBeNull();
  const { newestVerified, failure } = await at('2026-11-21T04:00:00Z', '6d');
  expect(newestVerified).toMatchObject({ id: lastWeek });
  expect(failure?.message).toContain('The newest verified backup of app');
  store.objects.delete(`app/${lastWeek}/verified-restore-20261114T040000Z.json`);
  expect((await at('2026-11-21T04:00:00Z', '8d')).failure?.message).toContain('no verified backup');
});

test('what a restore has put aside is no fresh backup, and a proof of sizes alone is none of content', async () => {
  const aside = '20261121T040000Z-0000';
  await storeBackup(store, aside, { shop: { users: 1 } });
  store.objects.set(`app/${aside}/safety.json`, Buffer.from('{}'));
  store.objects.set(`app/${today}/verified-stat-20261121T040000Z.json`, Buffer.from('{}'));
  const { newest, newestVerified } = await at('2026-11-21T05:00:00Z', '8d');
  expect([newest?.id, newestVerified?.id]).toEqual([today, lastWeek]);
});

test('one that is dated in the future says nothing about freshness, and is warned about', async () => {
  const reporter = quietReporter();
  await storeBackup(store, '20270101T030000Z-0000', { shop: { users: 1 } });
  const { newest } = await at('2026-11-21T04:00:00Z', null, '26h', reporter);
  expect(newest).toMatchObject({ id: today });
  expect(reporter.warnings.join()).toContain('20270101T030000Z-0000');
});

test('the limit is any length of time', async () => {
  const now = '2026-11-21T03:00:45Z';
  expect((await at(now, null, '1min')).failure).toBeNull();
  expect((await at(now, null, '30s')).failure).toMatchObject({ exitCode: 4 });
  expect((await at(now, null, '1h')).failure).toBeNull();
});

test('one listing and no download is all it takes', async () => {
  store.before = (operation) => {
    if (operation !== 'list') throw new Error(operation);
  };
  expect((await at('2026-11-21T04:00:00Z', '8d')).failure).toBeNull();
});
