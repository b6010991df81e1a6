import { beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { readCatalog } from '../../src/core/catalog.ts';
import { HoldfastError, IntegrityError, StoreError } from '../../src/core/errors.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { type VerifyRequest, verify } from '../../src/core/verify.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { type FakeEngine, fakeDamage, fakeEngine, storeBackup } from '../kit/stored-backup.ts';

const id = '20261120T030000Z-0000';
const key = `app/${id}/shop.sqlite3.zst`;
const now = new Date('2026-11-21T04:00:00Z');
let store: MemoryStore;
let manifest: Manifest;
let engine: FakeEngine;
let reporter: QuietReporter;

beforeEach(async () => {
  store = memoryStore();
  manifest = await storeBackup(store, id, { shop: { users: 3, orders: 5 }, blog: { posts: 1 } });
  engine = fakeEngine();
  reporter = quietReporter();
});

const run = (changes: Partial<VerifyRequest> = {}) =>
  verify({
    ...{ store, manifest, reporter, signal, level: 'restore', assertions: [], toolVersion: '0.1.0' },
    engineById: () => engine,
    codecById: (codec) => codecById(codec),
    now: () => now,
    ...changes,
  });

const flip = (at: number): void => {
  const bytes = Buffer.from(store.objects.get(key) as Buffer);
  bytes[at] = (bytes[at] as number) ^ 1;
  store.objects.set(key, bytes);
};
const isPut = (change: string): boolean => change.startsWith('put');

describe('a good backup', () => {
  test.each(['stat', 'hash', 'restore'] as const)(
    'passes at the level %s, and the catalog says so',
    async (level) => {
      const result = await run({ level });
      expect(result).toMatchObject({ id, level, verdict: 'ok', failure: null });
      expect(result.databases.map(({ verdict }) => verdict)).toEqual(['ok', 'ok']);
      expect(store.changes).toEqual([`put app/${id}/verified-${level}-20261121T040000Z.json`]);
      const { backups } = await readCatalog(store, 'app', { signal });
      expect(backups[0]?.verified).toEqual({ level, at: now });
      expect(engine.loaded).toBe(0);
    },
  );

  test('is as good when the proof may not be written: a warning says what that means', async () => {
    store.before = (operation) => {
      if (operation === 'put') throw new StoreError('Access denied.', { code: 'store.denied' });
    };
    expect(await run()).toMatchObject({ verdict: 'ok', failure: null });
    expect(reporter.warnings.join()).toMatch(/list.*Access denied/);
  });

  test('may be odd in a way that its source was too', async () => {
    engine.checked = ['3 rows point nowhere, as in the source'];
    const { verdict, databases } = await run();
    expect(verdict).toBe('ok');
    expect(databases[0]?.detail).toContain('3 rows point nowhere');
  });
});

describe('a damaged backup', () => {
  test.each(['stat', 'hash', 'restore'] as const)('misses an object (%s)', async (level) => {
    store.objects.delete(key);
    const { verdict, databases, failure } = await run({ level });
    expect(verdict).toBe('damaged');
    expect(databases.map((database) => database.verdict)).toEqual(['damaged', 'ok']);
    expect(failure).toBeInstanceOf(IntegrityError);
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(/shop.*missing/) });
    expect(store.changes.filter(isPut)).toEqual([]);
  });

  test('has another size, which stat sees', async () => {
    store.objects.set(key, Buffer.concat([store.objects.get(key) as Buffer, Buffer.from('x')]));
    expect(await run({ level: 'stat' })).toMatchObject({ verdict: 'damaged' });
  });

  test.each(['hash', 'restore'] as const)('has one flipped bit, wherever it is (%s)', async (level) => {
    const size = store.objects.get(key)?.byteLength as number;
    for (let at = 0; at < size; at += 1) {
      flip(at);
      const { verdict, failure } = await run({ level });
      expect([at, verdict, failure?.exitCode]).toEqual([at, 'damaged', 3]);
      expect(failure?.message).toContain('SHA-256');
      flip(at);
    }
    expect(store.changes.filter(isPut)).toEqual([]);
  });

  test.each(['hash', 'restore'] as const)('ends early, at any length (%s)', async (level) => {
    const whole = store.objects.get(key) as Buffer;
    for (let length = 0; length < whole.byteLength; length += 1) {
      store.objects.set(key, whole.subarray(0, length));
      expect([length, (await run({ level })).verdict]).toEqual([length, 'damaged']);
    }
  });

  test('holds the object of another backup', async () => {
    await storeBackup(store, '20261119T030000Z-0000', { shop: { users: 2, orders: 5 } });
    store.objects.set(key, store.objects.get('app/20261119T030000Z-0000/shop.sqlite3.zst') as Buffer);
    expect(await run({ level: 'hash' })).toMatchObject({ verdict: 'damaged' });
  });

  test('restores, but has lost a row: only the level restore can see it', async () => {
    const tables = { users: 3, orders: 6 };
    const [shop, ...rest] = manifest.databases;
    if (shop === undefined) throw new Error('no database');
    const claims = { ...shop, fingerprint: { ...shop.fingerprint, tables } };
    const changed = { ...manifest, databases: [claims, ...rest] };
    expect(await run({ manifest: changed, level: 'hash' })).toMatchObject({ verdict: 'ok' });
    const { verdict, failure } = await run({ manifest: changed });
    expect(verdict).toBe('damaged');
    expect(failure?.message).toContain('the table orders has 5 rows instead of 6');
  });

  test('loses the proofs that it once had', async () => {
    await run();
    expect((await readCatalog(store, 'app', { signal })).backups[0]?.verified).not.toBeNull();
    store.objects.delete(key);
    expect(await run({ level: 'stat' })).toMatchObject({ verdict: 'damaged' });
    expect((await readCatalog(store, 'app', { signal })).backups[0]?.verified).toBeNull();
  });

  test('fails the check of its engine', async () => {
    engine.checked = fakeDamage();
    expect(await run()).toMatchObject({ verdict: 'damaged', failure: { exitCode: 3 } });
    expect(engine.loaded).toBe(0);
  });
});

describe('could not verify', () => {
  test('is neither ok nor damaged: a tool is missing, a disk is full', async () => {
    engine.failLoad = new HoldfastError('There is no pg_restore here.', { code: 'x', hint: 'Install it.' });
    const { verdict, databases, failure } = await run();
    expect(verdict).toBe('unknown');
    expect(databases[0]).toMatchObject({ verdict: 'unknown', detail: 'There is no pg_restore here.' });
    expect(failure).toMatchObject({ exitCode: 1, code: 'verify.unknown', hint: 'Install it.' });
    expect(failure?.message).toMatch(/could not be verified.*says nothing/);
    expect(store.changes.filter(isPut)).toEqual([]);
  });

  test.each(['stat', 'hash', 'restore'] as const)('is a store that fails (%s)', async (level) => {
    store.before = (operation) => {
      if (operation !== 'put') throw new StoreError('The store is down.', { code: 'store.failed' });
    };
    expect(await run({ level })).toMatchObject({ verdict: 'unknown', failure: { exitCode: 1 } });
  });

  test('is an engine of a newer version', async () => {
    expect(await run({ engineById: () => null })).toMatchObject({ verdict: 'unknown' });
  });

  test('of one database does not hide the damage of another', async () => {
    store.objects.delete(key);
    engine.failLoad = new HoldfastError('The disk is full.', { code: 'x' });
    const { verdict, failure, databases } = await run();
    expect(databases.map((database) => database.verdict)).toEqual(['unknown', 'unknown']);
    engine.failLoad = null;
    engine.checked = new HoldfastError('The disk is full.', { code: 'x' });
    const again = await run();
    expect([verdict, failure?.exitCode]).toEqual(['unknown', 1]);
    expect(again.databases.map((database) => database.verdict)).toEqual(['damaged', 'unknown']);
    expect([again.verdict, again.failure?.exitCode]).toEqual(['damaged', 3]);
  });
});

describe('a read that is bad once', () => {
  test.each(['hash', 'restore'] as const)(
    'and good the second time is transient: both hashes are told (%s)',
    async (level) => {
      const [good, goodSha] = [store.objects.get(key) as Buffer, manifest.databases[0]?.storedSha256];
      let reads = 0;
      flip(10);
      store.before = (operation, wanted) => {
        if (operation !== 'get' || wanted !== key) return;
        reads += 1;
        if (reads === 2) store.objects.set(key, good);
      };
      const { verdict, databases } = await run({ level });
      expect([verdict, reads]).toEqual(['ok', 2]);
      const told = reporter.warnings.join();
      expect(told).toContain('transient');
      expect(told).toContain(goodSha);
      expect(told.match(/[0-9a-f]{64}/g)).toHaveLength(2);
      expect(databases[0]?.detail).toContain('transient');
    },
  );

  test('and bad in another way the second time is damage, with all three hashes', async () => {
    let reads = 0;
    store.before = (operation, wanted) => {
      if (operation !== 'get' || wanted !== key) return;
      reads += 1;
      flip(10 + reads);
    };
    const { failure } = await run({ level: 'hash' });
    expect(failure?.exitCode).toBe(3);
    expect(new Set(failure?.message.match(/[0-9a-f]{64}/g))).toHaveProperty('size', 3);
  });
});
