import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import type { Store, StoredObject } from '../../src/core/store.ts';
import { openFolderStore } from '../../src/stores/folder-store.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { type S3Server, type S3Suite, startS3 } from '../kit/s3.ts';

const mebibyte = 1024 * 1024;
const { signal } = new AbortController();

interface Subject {
  readonly store: Store;
  /** Unfinished uploads that would be billed. */
  pending(): Promise<number>;
  /** Versions that are left in a bucket that keeps them. */
  versions?(): Promise<number>;
  /** Hides a key behind a marker, as a deletion by its name does there. */
  hide?(key: string): Promise<unknown>;
  /** What is being put can be seen. */
  readonly puts: boolean;
  /** A listing tells when each object was written. */
  readonly dated: boolean;
  close(): Promise<void>;
}

async function s3Subject(suite: S3Suite, prefix: string, versioned = false): Promise<Subject> {
  const server: S3Server = await startS3(suite);
  const bucket = await server.createBucket({ versioned });
  return {
    store: await openS3Store(server.settings(bucket, prefix)),
    puts: true,
    dated: true,
    pending: () => server.pendingUploads(bucket),
    ...(versioned
      ? {
          versions: () => server.versions(bucket),
          hide: (key: string) =>
            server.admin.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}/${key}` })),
        }
      : {}),
    close: () => server.stop(),
  };
}

async function folderSubject(): Promise<Subject> {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  return {
    store: openFolderStore(join(root, 'store')),
    puts: true,
    dated: true,
    pending: async () => 0,
    close: async () => rmSync(root, { recursive: true }),
  };
}

const subjects: readonly (readonly [string, () => Promise<Subject>])[] = [
  [
    'memory, as the unit tests use it',
    async () => ({
      ...{ store: memoryStore(), puts: false, dated: false },
      ...{ pending: async () => 0, close: async () => {} },
    }),
  ],
  ['a folder', folderSubject],
  ['S3 as today', () => s3Subject('forky', '')],
  ['S3 as today, under a prefix, with versions', () => s3Subject('forky', 'some/prefix', true)],
  ['S3 as an older compatible store', () => s3Subject('bookworm', 'apps')],
];

const keysOf = async (listing: AsyncIterable<StoredObject>): Promise<string[]> =>
  (await Array.fromAsync(listing)).map(({ key }) => key);

async function* failingAfter(bytes: number): Bytes {
  for (let sent = 0; sent < bytes; sent += mebibyte) yield randomBytes(Math.min(mebibyte, bytes - sent));
  throw new Error('the source failed');
}

describe.each(subjects)('a store: %s', (_, open) => {
  let subject: Subject;
  let store: Store;

  beforeAll(async () => {
    subject = await open();
    store = subject.store;
  });
  afterAll(() => subject.close());

  test.each([0, 1, mebibyte, 8 * mebibyte - 1, 8 * mebibyte, 8 * mebibyte + 1, 45 * mebibyte + 7])(
    'keeps %i bytes as they are',
    async (size) => {
      const content = randomBytes(size);
      const key = `sizes/${size}`;
      expect(await store.put(key, bytesOf(content), { signal, expectedBytes: size })).toEqual({
        key,
        bytes: size,
      });
      expect(await store.stat(key, { signal })).toEqual({ key, bytes: size });
      const hash = createHash('sha256');
      for await (const chunk of store.get(key, { signal })) hash.update(chunk);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
      await store.remove([key], { signal });
    },
  );

  test.each([0, mebibyte, 9 * mebibyte, 40 * mebibyte])(
    'shows nothing and leaves nothing when the source fails after %i bytes',
    async (size) => {
      const key = `broken/${size}`;
      await expect(store.put(key, failingAfter(size), { signal })).rejects.toThrow('the source failed');
      expect(await store.stat(key, { signal })).toBeNull();
      expect(await keysOf(store.list('broken/', { signal }))).toEqual([]);
      expect(await subject.pending()).toBe(0);
    },
  );

  test('shows nothing and leaves nothing when it is cancelled half-way', async () => {
    const stop = new AbortController();
    async function* cancelled(): Bytes {
      for (let sent = 0; sent < 20; sent += 1) yield randomBytes(mebibyte);
      stop.abort();
      yield randomBytes(mebibyte);
    }
    await expect(store.put('cancelled', cancelled(), { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await store.stat('cancelled', { signal })).toBeNull();
    expect(await subject.pending()).toBe(0);
  });

  test('tells which puts are not ended, and ends them', async () => {
    const over = Promise.withResolvers<void>();
    async function* waiting(): Bytes {
      for (let sent = 0; sent < 20; sent += 1) yield randomBytes(mebibyte);
      await over.promise;
      yield randomBytes(mebibyte);
    }
    const putting = store.put('half/app/1.dump', waiting(), { signal });
    putting.catch(() => {});
    const unfinished = (prefix: string) => Array.fromAsync(store.unfinished(prefix, { signal }));
    for (let tries = 0; subject.puts && (await unfinished('half/app/')).length === 0; tries += 1) {
      expect(tries).toBeLessThan(200);
      await sleep(50);
    }
    const found = await unfinished('half/');
    expect(found).toHaveLength(subject.puts ? 1 : 0);
    for (const { key, startedAt } of found) {
      expect(key).toMatch(/^half\/app\/(?:1\.dump|\.holdfast-.*\.part)$/);
      expect(Math.abs(startedAt.getTime() - Date.now())).toBeLessThan(60_000);
    }
    expect(await unfinished('half/ap/')).toEqual([]);
    expect(await unfinished('half/app2/')).toEqual([]);
    const keys = found.map(({ key }) => key);
    expect(await store.abandon(found, { signal })).toMatchObject({ removed: keys, kept: [] });
    expect(await unfinished('half/')).toEqual([]);
    expect(await store.abandon(found, { signal })).toMatchObject({ kept: [] });
    over.resolve();
    if (subject.puts) await expect(putting).rejects.toThrow();
    else await putting;
    expect(await subject.pending()).toBe(0);
  });

  test('tells the folders right below a prefix, and not what is in them', async () => {
    const folders = (prefix: string) => store.folders(prefix, { signal });
    for (const key of [
      'tree/shop/1/a',
      'tree/shop/2/a',
      'tree/blog/1/a',
      'tree/shop2/1/a',
      'tree/Äpfel & +/a',
      'tree/file',
    ])
      await store.put(key, bytesOf('x'), { signal });
    expect(await folders('tree/')).toEqual(['blog', 'shop', 'shop2', 'Äpfel & +']);
    expect(await folders('tree/shop/')).toEqual(['1', '2']);
    expect(await folders('')).toContain('tree');
    expect(await folders('tree/shop/1/')).toEqual([]);
    expect(await folders('nothing/')).toEqual([]);
  });

  test('never overwrites', async () => {
    await store.put('once/a', bytesOf('first'), { signal });
    await expect(store.put('once/a', bytesOf('second'), { signal })).rejects.toMatchObject({
      code: 'store.exists',
    });
    expect((await collect(store.get('once/a', { signal }))).toString()).toBe('first');
  });

  test('tells a missing key from an empty one', async () => {
    expect(await store.stat('missing', { signal })).toBeNull();
    await expect(collect(store.get('missing', { signal }))).rejects.toMatchObject({
      code: 'store.not-found',
    });
  });

  test('lists by prefix, in order, and never a neighbour', async () => {
    const keys = ['app/1', 'app/2/x', 'app-2/1', 'app2/1', 'apps/1', 'other'].map((key) => `list/${key}`);
    for (const key of [...keys].reverse()) await store.put(key, bytesOf(key), { signal });
    expect(await keysOf(store.list('list/app/', { signal }))).toEqual(['list/app/1', 'list/app/2/x']);
    expect(await keysOf(store.list('list/', { signal }))).toEqual([...keys].sort());
    expect(await keysOf(store.list('nothing/', { signal }))).toEqual([]);
  });

  test('lists when each object was written', async () => {
    await store.put('dated/small', bytesOf('x'), { signal });
    const size = 9 * mebibyte;
    await store.put('dated/in parts', bytesOf(randomBytes(size)), { signal, expectedBytes: size });
    const found = await Array.fromAsync(store.list('dated/', { signal }));
    const times = found.flatMap(({ modifiedAt }) => modifiedAt ?? []);
    expect(times).toHaveLength(subject.dated ? 2 : 0);
    for (const time of times) expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('lists more keys than one page holds', async () => {
    const keys = Array.from({ length: 1050 }, (_, index) => `pages/${String(index).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 20) {
      await Promise.all(keys.slice(at, at + 20).map((key) => store.put(key, bytesOf('x'), { signal })));
    }
    expect(await keysOf(store.list('pages/', { signal }))).toEqual(keys);
    expect(await store.remove(keys, { signal })).toMatchObject({ removed: keys, kept: [] });
    expect(await keysOf(store.list('pages/', { signal }))).toEqual([]);
  });

  test('has a trace of what is there, and none of what is removed or never was', async () => {
    await store.put('trace/a', bytesOf('a'), { signal });
    await store.put('trace/a.more', bytesOf('b'), { signal });
    expect(await store.hasTrace('trace/a', { signal })).toBe(true);
    if (subject.hide !== undefined) {
      await subject.hide('trace/a');
      expect(await store.stat('trace/a', { signal })).toBe(null);
      expect(await store.hasTrace('trace/a', { signal }), 'hidden').toBe(true);
      await subject.hide('trace/never');
    }
    await store.remove(['trace/a'], { signal });
    expect(await store.hasTrace('trace/a', { signal })).toBe(false);
    expect(await store.hasTrace('trace/never', { signal })).toBe(false);
    await store.remove(['trace/a.more'], { signal });
  });

  test.each(['a b+c', "it's", 'ünïcode/ключ', 'per%20cent', 'q?x=1&y#z', 'dollar$(x)'])(
    'takes the key %j literally',
    async (name) => {
      const key = `names/${name}`;
      await store.put(key, bytesOf(name), { signal });
      expect(await keysOf(store.list('names/', { signal }))).toEqual([key]);
      expect((await collect(store.get(key, { signal }))).toString()).toBe(name);
      await store.remove([key], { signal });
    },
  );

  test('removes for good, and what is not there too', async () => {
    await store.put('gone/a', bytesOf('a'), { signal });
    await store.put('gone/b', bytesOf('b'), { signal });
    const before = await subject.versions?.();
    const keys = ['gone/a', 'gone/b', 'gone/never'];
    expect((await store.remove(keys, { signal })).kept).toEqual([]);
    expect((await store.remove(keys, { signal })).kept).toEqual([]);
    expect(await keysOf(store.list('gone/', { signal }))).toEqual([]);
    if (before !== undefined) expect(await subject.versions?.()).toBe(before - 2);
  });
});
