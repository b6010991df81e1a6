import { beforeEach, expect, test } from 'vitest';
import { prune } from '../../src/core/prune.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { nothing } from '../kit/planned-backup.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const [newest, older] = ['20261120T030000Z-0000', '20261001T030000Z-0000'];
const folder = `app/${older}/`;
let store: MemoryStore;
let reporter: QuietReporter;

beforeEach(async () => {
  store = memoryStore();
  reporter = quietReporter();
  for (const id of [newest, older]) await storeBackup(store, id, { shop: { users: 1 } });
});

const put = (file: string): unknown => store.objects.set(folder + file, Buffer.from('{}'));
const left = (): string[] => [...store.objects.keys()].filter((key) => key.startsWith(folder));
const run = () =>
  prune({
    ...{ store, name: 'app', policy: { ...nothing, last: 1, min: 1 }, verifier: null, dryRun: false },
    ...{ now: new Date('2026-11-21T12:00:00Z'), reporter, signal },
  });

test('with a backup go its proofs and marks, and nothing that is only named like a part of it', async () => {
  for (const file of ['verified-hash-20261102T000000Z.json', 'verified-stat-20261103T000000Z.json'])
    put(file);
  put('safety.json');
  store.objects.set(`app/${newest}/verified-restore-20261120T040000Z.json`, Buffer.from('{}'));
  const theirs = ['mine.sql', 'shop.sqlite3.zst.age', 'x.dump.gz'];
  for (const file of [...theirs, 'notes.txt']) put(file);
  expect((await run()).pruned).toMatchObject([{ id: older }]);
  expect(left()).toEqual([...theirs, 'notes.txt'].map((file) => folder + file));
  expect(reporter.warnings).toEqual(
    theirs.map((file) =>
      expect.stringMatching(
        `^${folder}${file} was not named by the manifest of the removed backup ${older} and stays`,
      ),
    ),
  );
});

test('with a backup go the objects that its manifest names, whatever their names', async () => {
  const named = store.objects.get(`${folder}manifest.json`)?.toString() as string;
  store.objects.delete(`${folder}shop.sqlite3.zst`);
  put('shop.mysql');
  store.objects.set(`${folder}manifest.json`, Buffer.from(named.replace('shop.sqlite3.zst', 'shop.mysql')));
  await run();
  expect(left()).toEqual([]);
});
