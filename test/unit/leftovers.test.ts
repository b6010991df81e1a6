import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import { cleanUp } from '../../src/core/clean-up.ts';
import { StoreError } from '../../src/core/errors.ts';
import { list } from '../../src/core/list.ts';
import { prune } from '../../src/core/prune.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { nothing } from '../kit/planned-backup.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const now = new Date('2026-11-21T12:00:00Z');
const dead = '20261120T110000Z-dead';
const slow = '20261119T110000Z-s10w';
const young = '20261121T110000Z-w0rk';
const long = new Date('2026-11-20T11:00:10Z');
const justNow = new Date('2026-11-21T11:59:00Z');
const part = '.holdfast-0f8fad5b-d9cb-469f-a165-70867728950e.part';

function storeWith(...puts: readonly (readonly [key: string, startedAt: Date])[]) {
  const store = memoryStore();
  for (const [index, [key, startedAt]] of puts.entries()) {
    store.pending.push({ key, id: `${index}`, startedAt });
  }
  return store;
}

const denied = new StoreError('Listing the unfinished uploads failed.', {
  code: 'store.denied',
  hint: 'Allow it.',
});

describe('a prune', () => {
  const run = (store: ReturnType<typeof memoryStore>, dryRun = false) =>
    prune({
      ...{ store, name: 'app', policy: { ...nothing, last: 1, min: 1 }, verifier: null, now, dryRun, signal },
      reporter: quietReporter(),
    });

  test('leaves alone what has had a manifest, which somebody has hidden or the listing has left out', async () => {
    const store = memoryStore();
    const kept = await storeBackup(store, '20261121T030000Z-aaaa', { app: { t: 1 } });
    const hidden = await storeBackup(store, '20261110T030000Z-bbbb', { app: { t: 1 } });
    const manifest = `app/${hidden.id}/manifest.json`;
    store.objects.delete(manifest);
    store.hidden.add(manifest);
    const reporter = quietReporter();
    const before = [...store.objects.keys()];
    const result = await prune({
      ...{
        store,
        name: 'app',
        policy: { ...nothing, last: 1, min: 1 },
        verifier: null,
        now,
        dryRun: false,
        signal,
      },
      reporter,
    });
    expect([...store.objects.keys()]).toEqual(before);
    expect(result.kept.map(({ id }) => id)).toEqual([kept.id]);
    expect(result.leftovers).toEqual([]);
    expect(reporter.warnings).toEqual([
      expect.stringContaining(`${hidden.id} is left alone: no manifest is listed`),
    ]);
  });

  test('leaves alone a backup whose databases somebody has hidden', async () => {
    const store = memoryStore();
    await storeBackup(store, '20261121T030000Z-aaaa', { app: { t: 1 } });
    const { id } = await storeBackup(store, '20261110T030000Z-bbbb', { app: { t: 1 } });
    const objects = [...store.objects.keys()].filter((key) => key.includes(id) && !key.endsWith('.json'));
    expect(objects).not.toEqual([]);
    for (const key of objects) {
      store.objects.delete(key);
      store.hidden.add(key);
    }
    const reporter = quietReporter();
    await prune({
      ...{
        store,
        name: 'app',
        policy: { ...nothing, last: 1, min: 1 },
        verifier: null,
        now,
        dryRun: false,
        signal,
      },
      reporter,
    });
    expect(store.objects.has(`app/${id}/manifest.json`)).toBe(true);
    expect(reporter.warnings).toEqual([
      expect.stringContaining(`Backup ${id} is left alone: none of its databases`),
    ]);
  });

  test('aborts what dead runs were putting, and nothing that may still be alive or is not named as ours', async () => {
    const old = [`app/${dead}/app.sqlite3.zst`, `app/${dead}/globals.sql.gz.age`, `app/${dead}/${part}`];
    const left = [
      [`app/${slow}/first.dump`, long],
      [`app/${slow}/second.dump`, justNow],
      [`app/${young}/app.dump`, long],
      [`app/${dead}/notes.txt`, long],
      [`app/${dead}/.holdfast-mine.part`, long],
      [`app/${dead}/deeper/app.dump`, long],
      ['app/not-an-id/app.dump', long],
      [`app2/${dead}/app.dump`, long],
      [`${dead}/app.dump`, long],
    ] as const;
    const store = storeWith(...old.map((key) => [key, long] as const), ...left);
    await run(store, true);
    expect(store.pending).toHaveLength(old.length + left.length);
    await run(store);
    expect(store.pending.map(({ key }) => key)).toEqual(left.map(([key]) => key));
    expect(store.changes).toEqual(old.map((key) => `abandon ${key}`));
  });

  test('leaves a run alone that has gone on for days, until it has put nothing for one', async () => {
    const store = storeWith([`app/${slow}/second.dump`, long]);
    for (const [file, at] of [
      ['first.dump', long],
      ['globals.sql', new Date('2026-11-20T13:00:00Z')],
    ] as const) {
      await store.put(`app/${slow}/${file}`, bytesOf('x'), { signal });
      store.modified.set(`app/${slow}/${file}`, at);
    }
    store.modified.set(`app/${slow}/notes.txt`, justNow);
    store.objects.set(`app/${slow}/notes.txt`, Buffer.from('mine'));
    expect((await run(store)).leftovers).toEqual([]);
    expect([store.objects.size, store.pending.length]).toEqual([3, 1]);
    store.modified.set(`app/${slow}/globals.sql`, long);
    expect((await run(store)).leftovers.map(({ id }) => id)).toEqual([slow]);
    expect([[...store.objects.keys()], store.pending]).toEqual([[`app/${slow}/notes.txt`], []]);
  });

  test('leaves the objects of a run alone that is putting another one', async () => {
    const store = storeWith([`app/${slow}/second.dump`, justNow]);
    await store.put(`app/${slow}/first.dump`, bytesOf('x'), { signal });
    store.modified.set(`app/${slow}/first.dump`, long);
    expect((await run(store)).leftovers).toEqual([]);
    store.pending.length = 0;
    expect((await run(store)).leftovers.map(({ id }) => id)).toEqual([slow]);
  });

  test('is none the worse for a key that may not ask', async () => {
    const store = storeWith([`app/${dead}/app.dump`, long]);
    store.before = (operation) => {
      if (operation === 'unfinished') throw denied;
    };
    expect(await run(store)).toMatchObject({ denied: null });
    store.before = (operation) => {
      if (operation === 'unfinished') throw new Error('broken');
    };
    await expect(run(store)).rejects.toThrow('broken');
  });

  test('removes what is left of a backup, proofs alone too', async () => {
    const store = memoryStore();
    for (const key of [
      `app/${dead}/verified-hash-20261120T120000Z.json`,
      'app/20261119T110000Z-dead/theirs.txt',
    ]) {
      await store.put(key, bytesOf('{}'), { signal });
    }
    expect((await run(store)).leftovers.map(({ id }) => id)).toEqual([dead]);
    expect([...store.objects.keys()]).toEqual(['app/20261119T110000Z-dead/theirs.txt']);
  });
});

describe('a list', () => {
  const run = (store: ReturnType<typeof memoryStore>, all: boolean, reporter = quietReporter()) =>
    list({ store, name: 'app', all, now, reporter, signal });

  test('asks for unfinished uploads only when it is to show all', async () => {
    const store = storeWith([`app/${young}/app.dump`, justNow], [`app/${dead}/app.dump`, long]);
    await store.put(`app/${dead}/first.dump`, bytesOf('four'), { signal });
    const common = { id: dead, ageSeconds: 90_000, keys: [`app/${dead}/first.dump`], storedBytes: 4 };
    expect((await run(store, false)).leftovers).toEqual([
      { ...common, createdAt: new Date('2026-11-20T11:00:00Z') },
    ]);
    expect((await run(store, true)).leftovers).toMatchObject([
      { id: young, ageSeconds: 3600, keys: [], storedBytes: 0, uploads: [{ startedAt: justNow }] },
      { ...common, uploads: [{ key: `app/${dead}/app.dump`, startedAt: long }] },
    ]);
  });

  test('warns when the key may not ask for them', async () => {
    const store = storeWith();
    store.before = () => {
      throw denied;
    };
    store.pending.push({ key: 'app/x', id: '1', startedAt: long });
    const reporter = quietReporter();
    expect((await run(store, true, reporter)).leftovers).toEqual([]);
    expect(reporter.warnings).toEqual(['Listing the unfinished uploads failed. Allow it.']);
  });

  test('fails when the store fails at them', async () => {
    const store = storeWith([`app/${dead}/app.dump`, long]);
    store.before = () => {
      throw new StoreError('The store is down.', { code: 'store.failed' });
    };
    await expect(run(store, true)).rejects.toMatchObject({ code: 'store.failed' });
  });
});

describe('what is taken back of a killed run', () => {
  const data = `app/${young}/shop.sqlite3.zst`;
  const uploads = [{ key: data, id: '0' }];
  const take = (store: ReturnType<typeof memoryStore>, backup: string | null) =>
    cleanUp({ store, name: 'app', backup, uploads, signal });

  test('are its objects and uploads, and of no other run', async () => {
    const store = storeWith([data, justNow], [`app/${dead}/app.dump`, justNow]);
    for (const key of [data, `app/${young}/notes.txt`, `app/${dead}/app.dump`]) {
      await store.put(key, bytesOf('x'), { signal });
    }
    expect(await take(store, young)).toEqual({ complete: false, removed: 2, kept: [] });
    expect([...store.objects.keys()]).toEqual([`app/${young}/notes.txt`, `app/${dead}/app.dump`]);
    expect(store.pending.map(({ id }) => id)).toEqual(['1']);
  });

  test('are nothing of a backup whose manifest the listing does not show yet', async () => {
    const store = storeWith();
    await store.put(data, bytesOf('x'), { signal });
    const manifest = `app/${young}/manifest.json`;
    store.stat = async (key) => (key === manifest ? { key, bytes: 1 } : null);
    expect(await take(store, young)).toMatchObject({ complete: true, kept: [] });
    expect([...store.objects.keys()]).toEqual([data]);
  });

  test('are its uploads alone when it had begun no backup', async () => {
    const store = storeWith([data, justNow]);
    await store.put(data, bytesOf('x'), { signal });
    expect(await take(store, null)).toEqual({ complete: false, removed: 1, kept: [] });
    expect([...store.objects.keys()]).toEqual([data]);
  });

  test('is nothing of a backup that it had completed', async () => {
    const store = storeWith([data, justNow]);
    await storeBackup(store, young, { shop: { users: 1 } });
    expect(await take(store, young)).toEqual({ complete: true, removed: 1, kept: [] });
    expect(store.objects.size).toBe(2);
  });

  test('is told where it could not be', async () => {
    const store = storeWith([data, justNow]);
    await store.put(data, bytesOf('x'), { signal });
    store.locked.set(data, 'access denied');
    const kept = [{ key: data, reason: 'access denied' }];
    expect(await take(store, young)).toEqual({ complete: false, removed: 1, kept });
  });
});
