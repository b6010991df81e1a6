import { beforeEach, describe, expect, test } from 'vitest';
import { assertComplete } from '../../src/core/assert-complete.ts';
import { StoreError } from '../../src/core/errors.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const id = '20261120T030000Z-0000';
const [shop, blog] = [`app/${id}/shop.sqlite3.zst`, `app/${id}/blog.sqlite3.zst`];
let store: MemoryStore;
let manifest: Manifest;

beforeEach(async () => {
  store = memoryStore();
  manifest = await storeBackup(store, id, { shop: { users: 3 }, blog: { posts: 1 } });
});

const look = () => assertComplete(store, manifest, signal);

describe('right before its manifest, a backup', () => {
  test('has all of its objects, whatever else lies beside them', async () => {
    store.objects.set(`app/${id}/notes.txt`, Buffer.from('mine'));
    await expect(look()).resolves.toBeUndefined();
  });

  test('lacks one that somebody removed', async () => {
    store.objects.delete(blog);
    await expect(look()).rejects.toMatchObject({
      ...{ code: 'backup.incomplete', exitCode: 1 },
      message: `The backup ${id} can't be committed: ${blog} is no longer there in memory.`,
      hint: expect.stringContaining('a prune takes what has no manifest after a day for a leftover'),
    });
  });

  test('has one of another size; the others that are wrong are counted', async () => {
    store.objects.set(shop, Buffer.from('short'));
    store.objects.delete(blog);
    const says =
      /shop\.sqlite3\.zst has 5 bytes instead of \d+ in memory, and 1 more are not as they were stored/;
    await expect(look()).rejects.toMatchObject({ message: expect.stringMatching(says) });
  });

  test('is not judged by a listing that is late', async () => {
    store.list = async function* () {};
    await expect(look()).resolves.toBeUndefined();
  });

  test('is not judged by a listing that failed', async () => {
    const down = new StoreError('The store is down.', { code: 'store.failed' });
    store.before = (operation) => {
      if (operation === 'list') throw down;
    };
    await expect(look()).rejects.toBe(down);
  });
});
