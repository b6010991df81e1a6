import { beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import type { Bytes } from '../../src/core/bytes.ts';
import type { Codec } from '../../src/core/codec.ts';
import type { Fingerprint } from '../../src/core/engine.ts';
import { CancelledError, StoreError } from '../../src/core/errors.ts';
import type { Manifest, ManifestDatabase } from '../../src/core/manifest.ts';
import { type VerifyRequest, verify } from '../../src/core/verify.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { type FakeEngine, fakeEngine, fingerprintOf, sha256Of, storeBackup } from '../kit/stored-backup.ts';

const id = '20261120T030000Z-0000';
const key = `app/${id}/shop.sqlite3.zst`;
const proof = `app/${id}/verified-restore-20261121T040000Z.json`;
let store: MemoryStore;
let manifest: Manifest;
let engine: FakeEngine;
let reporter: QuietReporter;

beforeEach(async () => {
  store = memoryStore();
  manifest = await storeBackup(store, id, { shop: { users: 3, orders: 5 } });
  engine = fakeEngine();
  reporter = quietReporter();
});

const run = (changes: Partial<VerifyRequest> = {}) =>
  verify({
    ...{ store, manifest, reporter, signal, level: 'restore', assertions: [], toolVersion: '0.1.0' },
    engineById: () => engine,
    codecById: (codec) => codecById(codec),
    now: () => new Date('2026-11-21T04:00:00Z'),
    ...changes,
  });

/** The manifest, with other claims about its database. */
const claiming = (changes: Partial<ManifestDatabase>): Manifest => ({
  ...manifest,
  databases: manifest.databases.map((entry) => ({ ...entry, ...changes })),
});
const locked = (codec: string): Codec => ({ ...codecById(codec), locked: true });

describe('a database that loads as another one', () => {
  const claims = async (fingerprint: Fingerprint) =>
    (await run({ manifest: claiming({ fingerprint }) })).failure;

  test('is damage that names each table that came, went or changed, and the schema', async () => {
    const failure = await claims(fingerprintOf({ users: 3, sessions: 0 }));
    expect(failure).toMatchObject({
      exitCode: 3,
      code: 'verify.differs',
      message: expect.stringContaining(
        'the table sessions is missing, the table orders was not there, its schema differs.',
      ),
    });
    expect(failure?.hint).not.toContain('force');
  });

  test('by its schema alone is damage, of which a restore can be told to take no notice', async () => {
    const failure = await claims({ ...fingerprintOf({ users: 3, orders: 5 }), schemaSha256: '0'.repeat(64) });
    expect(failure).toMatchObject({ exitCode: 3, code: 'verify.differs' });
    expect(failure?.hint).toContain('`restore` with `force: true`');
  });

  test('in many tables is told by the first few', async () => {
    const lost = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, 1]));
    const failure = await claims({ ...fingerprintOf({ users: 3, orders: 5 }), tables: lost });
    expect(failure?.message).toContain('the table e is missing, and 3 more.');
    expect(failure?.message).not.toContain('the table f');
  });
});

describe('an object that is not what the manifest says', () => {
  test('as it decodes to other bytes, is damaged though its own hash is right', async () => {
    const plainSha256 = '0'.repeat(64);
    const { failure } = await run({ manifest: claiming({ plainSha256 }), level: 'hash' });
    expect(failure).toMatchObject({ exitCode: 3, code: 'object.damaged' });
    expect(failure?.message).toContain('what it decodes to');
  });

  test.each([1, 10_000])(
    'as it goes on, is given up after what there should be: %d bytes more',
    async (more) => {
      const whole = store.objects.get(key) as Buffer;
      let given = 0;
      store.get = async function* (): Bytes {
        yield whole;
        for (given = 0; given < more; given += 1) yield Buffer.alloc(1);
      };
      const { verdict, failure } = await run({ level: 'hash', codecById: locked });
      expect([verdict, failure?.code]).toEqual(['damaged', 'object.damaged']);
      expect(given).toBeLessThan(10);
    },
  );

  test('is damaged, whatever codec was there to decode it', async () => {
    const plain = Buffer.from('{"users":3,"orders":5}');
    store.objects.set(key, plain);
    const storedSha256 = sha256Of(plain);
    const stored = { codecs: [], storedBytes: plain.byteLength, storedSha256 };
    expect(await run({ manifest: claiming(stored) })).toMatchObject({ verdict: 'ok' });
    store.objects.set(key, Buffer.from('{"users":3,"orders":6}'));
    expect((await run({ manifest: claiming(stored) })).failure?.message).toContain('what is stored');
  });
});

describe('without the key to decrypt', () => {
  test('the stored bytes are proven, and it is said that they were not decrypted', async () => {
    const { verdict, databases } = await run({ level: 'hash', codecById: locked });
    expect(verdict).toBe('ok');
    expect(databases[0]?.detail).toContain('they were not decrypted, as there is no key here');
  });

  test('a flipped bit is found all the same', async () => {
    const bytes = Buffer.from(store.objects.get(key) as Buffer);
    bytes[9] = (bytes[9] as number) ^ 1;
    store.objects.set(key, bytes);
    expect(await run({ level: 'hash', codecById: locked })).toMatchObject({
      verdict: 'damaged',
      failure: { exitCode: 3 },
    });
  });
});

test('a bad read after which the store is down says nothing about the backup', async () => {
  const whole = store.objects.get(key) as Buffer;
  let reads = 0;
  store.objects.set(key, whole.subarray(0, 9));
  store.before = (operation) => {
    if (operation !== 'get') return;
    reads += 1;
    if (reads === 2) throw new StoreError('The store is down.', { code: 'store.failed' });
  };
  const { verdict, failure } = await run({ level: 'hash' });
  expect([verdict, failure?.exitCode]).toEqual(['unknown', 1]);
  expect(failure?.message).toContain('The store is down.');
});

test('two codecs are undone in turn', async () => {
  const twice = await Array.fromAsync(codecById('gzip').encode(store.get(key, { signal }))).then((chunks) =>
    Buffer.concat(chunks),
  );
  store.objects.set(key, twice);
  const storedSha256 = sha256Of(twice);
  const codecs = ['zstd', 'gzip'];
  const changed = claiming({ codecs, storedBytes: twice.byteLength, storedSha256 });
  expect(await run({ manifest: changed })).toMatchObject({ verdict: 'ok', failure: null });
});

test.each([
  [new TypeError('x is not a function'), 'shop could not be tried: x is not a function.'],
  ['a text', 'shop could not be tried: a text.'],
])('what nobody foresaw is no verdict about the backup: %s', async (thrown, detail) => {
  engine.failLoad = thrown as Error;
  expect(await run()).toMatchObject({
    verdict: 'unknown',
    databases: [{ detail }],
    failure: { code: 'verify.unknown', exitCode: 1 },
  });
});

test.each(['stat', 'hash'] as const)('an assertion at the level %s is a wrong setting', async (level) => {
  const assertions = [{ database: 'shop', sql: 'SELECT 1' }];
  await expect(run({ level, assertions })).rejects.toMatchObject({
    exitCode: 2,
    input: 'assert',
    message: expect.stringContaining(`the level ${level}`),
  });
});

describe('a proof', () => {
  test('that another verify wrote in the same second is as good', async () => {
    store.objects.set(proof, Buffer.from('{}'));
    expect(await run()).toMatchObject({ verdict: 'ok' });
    expect([reporter.warnings, store.changes]).toEqual([[], []]);
  });

  test('that could not be written is a warning, whatever was thrown', async () => {
    store.put = () => Promise.reject('a text');
    expect(await run()).toMatchObject({ verdict: 'ok', failure: null });
    expect(reporter.warnings.join()).toMatch(/`list` will not show it: a text$/);
  });

  test('is not written after a cancellation', async () => {
    const controller = new AbortController();
    store.before = (operation) => {
      if (operation === 'put') controller.abort();
    };
    await expect(run({ signal: controller.signal })).rejects.toThrow(CancelledError);
    expect([store.objects.has(proof), reporter.warnings]).toEqual([false, []]);
  });
});

describe('the proofs of a backup that is damaged now', () => {
  beforeEach(() => {
    store.objects.set(proof, Buffer.from('{}'));
    store.objects.delete(key);
  });
  const still = /earlier proofs could not be removed: `list` still shows them/;

  test('may be locked: that is told', async () => {
    store.locked.set(proof, 'locked until 2027-01-01');
    expect(await run()).toMatchObject({ verdict: 'damaged', failure: { exitCode: 3 } });
    expect(reporter.warnings.join()).toMatch(still);
  });

  test.each(['list', 'remove'])('may be out of reach, as the store fails at: %s', async (operation) => {
    store.before = (now) => {
      if (now === operation) throw new StoreError('The store is down.', { code: 'store.failed' });
    };
    expect(await run()).toMatchObject({ verdict: 'damaged', failure: { exitCode: 3 } });
    expect(reporter.warnings.join()).toMatch(still);
  });

  test('do not hide a failure that nobody foresaw', async () => {
    store.before = (operation) => {
      if (operation === 'remove') throw new TypeError('x is not a function');
    };
    await expect(run()).rejects.toThrow('x is not a function');
  });
});
