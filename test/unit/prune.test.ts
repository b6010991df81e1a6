import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import { readCatalog } from '../../src/core/catalog.ts';
import { formatManifest, type Manifest } from '../../src/core/manifest.ts';
import { prune } from '../../src/core/prune.ts';
import type { Policy } from '../../src/core/retention.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

const now = new Date('2026-11-21T12:00:00Z');
const policy: Policy = {
  last: 1,
  within: null,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  min: 1,
  timeZone: 'UTC',
};
const ids = [
  '20261120T030000Z-0000',
  '20261119T030000Z-0000',
  '20261118T030000Z-0000',
  '20261101T030000Z-0000',
] as const;
const [newest, second, third, oldest] = ids;

const manifestOf = (name: string, id: string, changes: Partial<Manifest> = {}): Buffer =>
  formatManifest({
    format: 1,
    id,
    name,
    createdAt: '2026-11-20T03:00:00.000Z',
    tool: { name: 'holdfast', version: '0.1.0' },
    databases: [
      {
        name: 'app',
        engine: 'sqlite',
        engineVersion: '3.40.1',
        toolVersion: 'sqlite3 3.40.1',
        source: 'sqlite:/srv/app.sqlite3 on this machine',
        key: `${name}/${id}/app.sqlite3.zst`,
        codecs: ['zstd'],
        plainBytes: 1,
        plainSha256: '0'.repeat(64),
        storedBytes: 1,
        storedSha256: '0'.repeat(64),
        fingerprint: { schemaSha256: '0'.repeat(64), tables: { users: 1 } },
        snapshot: { method: 'test', takenAt: '2026-11-20T03:00:00.000Z', durationMs: 1 },
        recovery: [],
      },
    ],
    ...changes,
  });

async function seeded(names = ['app']) {
  const store = memoryStore();
  const put = (key: string, content: string | Uint8Array) => store.put(key, bytesOf(content), { signal });
  for (const name of names) {
    for (const id of ids) {
      await put(`${name}/${id}/app.sqlite3.zst`, 'x');
      await put(`${name}/${id}/manifest.json`, manifestOf(name, id));
    }
  }
  store.changes.length = 0;
  return { store, put };
}

type Store = ReturnType<typeof memoryStore>;
const run = (store: Store, changes: Partial<Parameters<typeof prune>[0]> = {}) =>
  prune({
    store,
    name: 'app',
    policy,
    verifier: null,
    now,
    dryRun: false,
    reporter: quietReporter(),
    signal,
    ...changes,
  });

describe('prune', () => {
  test('removes what no rule keeps, each manifest before its objects', async () => {
    const { store } = await seeded();
    const result = await run(store);
    expect(result.kept.map(({ id }) => id)).toEqual([newest]);
    expect(result.pruned.map(({ id }) => id)).toEqual([second, third, oldest]);
    expect(store.changes).toEqual(
      [second, third, oldest].flatMap((id) => [
        `remove app/${id}/manifest.json`,
        `remove app/${id}/app.sqlite3.zst`,
      ]),
    );
  });

  test('never touches another name, a neighbour or a foreign object', async () => {
    const { store, put } = await seeded(['app', 'app2', 'app-2']);
    const foreign = [
      'app/notes.txt',
      `app/${oldest}/readme.md`,
      `app/${oldest}/deeper/app.sqlite3`,
      'app/not-an-id/manifest.json',
      'application/x',
    ];
    for (const key of foreign) await put(key, 'mine');
    store.changes.length = 0;
    await run(store);
    expect(store.changes.filter((change) => !change.startsWith('remove app/2026'))).toEqual([]);
    for (const key of foreign) expect(store.objects.has(key), key).toBe(true);
  });

  test('decides the same on a dry run, and deletes nothing', async () => {
    const { store } = await seeded();
    const dry = await run(store, { dryRun: true });
    expect(store.changes).toEqual([]);
    const real = await run(store);
    expect({ ...dry, dryRun: false }).toEqual(real);
  });

  test('decides nothing on a listing that breaks off', async () => {
    const { store } = await seeded();
    let listed = 0;
    store.before = (operation) => {
      if (operation === 'list') listed += 1;
      if (listed > 3) throw new Error('page 2 failed');
    };
    await expect(run(store)).rejects.toThrow('page 2 failed');
    expect(store.changes).toEqual([]);
  });

  test('refuses an empty policy', async () => {
    const { store } = await seeded();
    await expect(run(store, { policy: { ...policy, last: 0 } })).rejects.toMatchObject({ exitCode: 2 });
    expect(store.changes).toEqual([]);
  });

  test.each<[string, (id: string) => string | Uint8Array, string]>([
    ['of a newer format', () => JSON.stringify({ format: 2 }), 'format 2'],
    ['that is no JSON', () => '{"format": 1', 'not JSON'],
    ['that is no manifest', () => '{"format": 1}', 'not a manifest'],
    ['of another backup', () => manifestOf('app', newest), 'app/'],
    ['of another name', (id) => manifestOf('other', id), 'other/'],
    [
      'that points outside of its backup',
      (id) =>
        manifestOf('app', id)
          .toString()
          .replace(/app\/\d\w+-0000\/app\.s/, 'app/../s'),
      'not an object',
    ],
  ])('leaves a backup alone with a manifest %s', async (_, content, why) => {
    const { store } = await seeded();
    store.objects.set(`app/${third}/manifest.json`, Buffer.from(content(third)));
    const reporter = quietReporter();
    const result = await run(store, { reporter });
    expect(result.kept.map(({ id }) => id)).toEqual([newest, third]);
    expect(store.objects.has(`app/${third}/app.sqlite3.zst`)).toBe(true);
    expect(reporter.warnings.join()).toContain(why);
  });

  test('counts a backup whose objects a newer version has named otherwise', async () => {
    const { store, put } = await seeded();
    const newer = ['20261121T030000Z-0000', '20261120T040000Z-0000'] as const;
    for (const id of newer) {
      await put(`app/${id}/app.mysql.zst`, 'x');
      const manifest = manifestOf('app', id).toString().replace('app.sqlite3.zst', 'app.mysql.zst');
      await put(`app/${id}/manifest.json`, manifest);
    }
    const { kept, pruned } = await run(store);
    expect(kept).toEqual([
      { id: newer[0], reasons: ['younger than a day'] },
      { id: newer[1], reasons: ['newest 1 (keep-last)', 'newest 1 (keep-min)'] },
    ]);
    expect(pruned.map(({ id }) => id)).toEqual(ids);
    expect(store.objects.has(`app/${newer[1]}/app.mysql.zst`)).toBe(true);
  });

  test('removes a backup of which no object is left that its manifest names', async () => {
    const { store } = await seeded();
    store.objects.delete(`app/${newest}/app.sqlite3.zst`);
    const { kept, pruned } = await run(store);
    expect(kept.map(({ id }) => id)).toEqual([second]);
    expect(pruned.map(({ id }) => id)).toEqual([newest, third, oldest]);
  });

  test('removes leftovers of failed runs once they are older than a day', async () => {
    const { store, put } = await seeded();
    await put('app/20261120T110000Z-dead/app.sqlite3.zst', 'x');
    await put('app/20261121T110000Z-live/app.sqlite3.zst', 'x');
    const result = await run(store);
    expect(result.leftovers.map(({ id }) => id)).toEqual(['20261120T110000Z-dead']);
    expect(store.objects.has('app/20261121T110000Z-live/app.sqlite3.zst')).toBe(true);
  });

  test('does not count what could not be deleted', async () => {
    const { store } = await seeded();
    store.locked.set(`app/${second}/manifest.json`, 'locked until 2027-01-01');
    const reporter = quietReporter();
    const result = await run(store, { reporter });
    expect(result.pruned.map(({ id }) => id)).toEqual([third, oldest]);
    expect(result.kept).toContainEqual({
      id: second,
      reasons: ['could not be removed: locked until 2027-01-01'],
    });
    expect(store.objects.has(`app/${second}/app.sqlite3.zst`), 'a listed backup keeps its data').toBe(true);
    expect(reporter.warnings.join()).toContain('locked until');
  });

  test('killed at any deletion, never leaves a listed backup without its data, and a later run completes', async () => {
    for (let survived = 0; survived < 6; survived += 1) {
      const { store } = await seeded();
      let removals = 0;
      store.before = (operation) => {
        if (operation === 'remove' && removals++ >= survived) throw new Error('killed');
      };
      await expect(run(store)).rejects.toThrow('killed');
      store.before = () => {};
      const { backups } = await readCatalog(store, 'app', { signal });
      for (const { databases } of backups) expect(databases).toHaveLength(1);
      await run(store);
      await run(store, { now: new Date(now.getTime() + 86_400_000) });
      expect([...store.objects.keys()]).toEqual([
        `app/${newest}/app.sqlite3.zst`,
        `app/${newest}/manifest.json`,
      ]);
    }
  });

  test('twice at the same time ends as one', async () => {
    const { store } = await seeded();
    await Promise.all([run(store), run(store)]);
    expect([...store.objects.keys()]).toEqual([
      `app/${newest}/app.sqlite3.zst`,
      `app/${newest}/manifest.json`,
    ]);
  });

  test('warns about a backup from the future, and keeps it', async () => {
    const { store, put } = await seeded();
    await put('app/20270101T000000Z-0000/app.sqlite3', 'x');
    await put('app/20270101T000000Z-0000/manifest.json', manifestOf('app', '20270101T000000Z-0000'));
    const reporter = quietReporter();
    expect((await run(store, { reporter })).kept.map(({ id }) => id)).toEqual([
      '20270101T000000Z-0000',
      newest,
    ]);
    expect(reporter.warnings.join()).toContain('future');
  });

  test('keeps what is pinned or newest verified', async () => {
    const { store, put } = await seeded();
    await put(`app/${oldest}/pinned`, '');
    await put(`app/${third}/verified-restore-20261119T000000Z.json`, '{}');
    expect((await run(store)).pruned.map(({ id }) => id)).toEqual([second]);
  });
});

test('the catalog shows databases, sizes, the best proof and leftovers', async () => {
  const { store, put } = await seeded();
  await put(`app/${newest}/globals.sql.gz`, 'roles');
  await put(`app/${newest}/verified-hash-20261121T000000Z.json`, '{}');
  await put(`app/${newest}/verified-restore-20261119T000000Z.json`, '{}');
  await put(`app/${newest}/verified-restore-20261120T000000Z.json`, '{}');
  await put('app/20261121T110000Z-dead/app.dump.zst.age', 'xyz');
  const { backups, leftovers } = await readCatalog(store, 'app', { signal });
  expect(backups.map(({ id }) => id)).toEqual(ids);
  expect(backups[0]).toMatchObject({
    verified: { level: 'restore', at: new Date('2026-11-20T00:00:00Z') },
    databases: [
      { name: 'app', storedBytes: 1 },
      { name: 'globals', storedBytes: 5 },
    ],
  });
  expect(leftovers).toMatchObject([{ id: '20261121T110000Z-dead', storedBytes: 3 }]);
});
