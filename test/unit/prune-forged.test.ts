import { beforeEach, describe, expect, test } from 'vitest';
import { StoreError } from '../../src/core/errors.ts';
import { formatManifest, type Manifest } from '../../src/core/manifest.ts';
import { prune } from '../../src/core/prune.ts';
import type { PruneRequest } from '../../src/core/prune-run.ts';
import type { Policy } from '../../src/core/retention.ts';
import { Secret } from '../../src/core/secret.ts';
import { newSigningKeys, signerOf, verifierOf } from '../../src/core/signature.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { nothing } from '../kit/planned-backup.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const keys = newSigningKeys();
const signer = signerOf(new Secret(keys.signKey));
const verifier = verifierOf(keys.verifyKey);
const now = new Date('2026-11-21T12:00:00Z');
const idOf = (date: string, end = '0000'): string => `${date}T030000Z-${end}`;
const manifestOf = (id: string): string => `app/${id}/manifest.json`;
const real = ['20261119', '20261118', '20261117', '20261110', '20261101'].map((date) => idOf(date));
const [newest, , , , oldest] = real as [string, string, string, string, string];

let store: MemoryStore;
let reporter: QuietReporter;
let read: string[];

const sign = (manifest: Manifest, by = signer) =>
  store.objects.set(manifestOf(manifest.id), formatManifest(manifest, by));

beforeEach(async () => {
  store = memoryStore();
  reporter = quietReporter();
  read = [];
  store.before = (operation, key) => {
    if (operation === 'get') read.push(key);
  };
  for (const id of real) sign(await storeBackup(store, id, { shop: { users: 1 } }));
});

const one = { ...nothing, last: 1, min: 1 };
const run = (changes: Partial<PruneRequest> = {}) =>
  prune({
    ...{ store, name: 'app', policy: one, verifier, dryRun: false, now, reporter, signal },
    ...changes,
  });
const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

/** Folders of somebody who may add objects, and nothing else. */
function forge(count: number, date = '20261120'): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = idOf(date, `f0${String(index).padStart(2, '0')}`);
    for (const file of ['manifest.json', 'x.sqlite3', 'verified-restore-20261120T040000Z.json'])
      store.objects.set(`app/${id}/${file}`, Buffer.from('{}'));
    return id;
  }).toReversed();
}

describe('with a key to verify by, who may add objects has nothing pruned', () => {
  test.each<[string, Partial<Policy>]>([
    ['by number', { last: 2 }],
    ['by the floor alone', { min: 3, yearly: 0, hourly: 1 }],
    ['by days and weeks', { daily: 2, weekly: 2 }],
    ['by all months', { monthly: Number.POSITIVE_INFINITY }],
  ])('of what is kept %s', async (_, rules) => {
    const policy = { ...nothing, min: 1, ...rules };
    const alone = await run({ policy, dryRun: true });
    const forged = [...forge(12), ...forge(3, '20261118')];
    const dry = await run({ policy, dryRun: true });
    const { kept, pruned } = await run({ policy });
    expect(pruned).toEqual(alone.pruned);
    expect(kept.filter(({ id }) => real.includes(id))).toEqual(alone.kept);
    expect(kept.filter(({ id }) => forged.includes(id))).toEqual(
      forged.map((id) => ({ id, reasons: ['its manifest is not one that this version may delete'] })),
    );
    expect({ kept: dry.kept, pruned: dry.pruned }).toEqual({ kept, pruned });
    expect(reporter.warnings).toContainEqual(
      expect.stringMatching(
        `^Backup ${forged[0]} is left alone and not counted: The manifest is damaged: it is not a manifest`,
      ),
    );
  });

  test('by proofs of backups that are none', async () => {
    store.objects.set(`app/${oldest}/verified-restore-20261102T040000Z.json`, Buffer.from('{}'));
    const [forged] = forge(1) as [string];
    const { kept } = await run();
    expect(kept).toEqual([
      { id: forged, reasons: expect.anything() },
      { id: newest, reasons: ['newest 1 (keep-last)', 'newest 1 (keep-min)'] },
      { id: oldest, reasons: ['newest verified'] },
    ]);
  });

  test('by manifests of another key, of another place, or that it lets nobody read', async () => {
    const [other, copied, hidden] = forge(3) as [string, string, string];
    const { signKey } = newSigningKeys();
    sign(await storeBackup(store, other, { shop: { users: 1 } }), signerOf(new Secret(signKey)));
    store.objects.set(manifestOf(copied), store.objects.get(manifestOf(newest)) as Buffer);
    store.before = (operation, key) => {
      if (operation === 'get' && key === manifestOf(hidden))
        throw new StoreError('No.', { code: 'store.denied' });
    };
    const { kept, pruned, denied } = await run();
    expect(ids(kept)).toEqual([other, copied, hidden, newest]);
    expect(ids(pruned)).toEqual(real.slice(1));
    expect(denied).toMatchObject({ code: 'store.may-not-prune' });
  });

  test.each([verifier, null])('by marks of a restore in their folders', async (given) => {
    for (const id of real) store.objects.set(`app/${id}/safety.json`, Buffer.from('{}'));
    const later = new Date('2027-02-01T12:00:00Z');
    const { kept, pruned } = await run({ verifier: given, now: later });
    expect(ids(kept)).toEqual([newest]);
    expect(ids(pruned)).toEqual(real.slice(1));
  });
});

test('what a restore has made goes after a month, when its manifest says so too', async () => {
  const aside = idOf('20261120');
  store.objects.set(`app/${aside}/safety.json`, Buffer.from('{}'));
  sign(await storeBackup(store, aside, { shop: { users: 1 } }, { purpose: 'safety' }));
  const { kept, pruned } = await run({ now: new Date('2027-02-01T12:00:00Z') });
  expect(ids(kept)).toEqual([newest]);
  expect(ids(pruned)).toEqual([aside, ...real.slice(1)]);
});

describe('of manifests are read', () => {
  test('with a key those that are counted and those that go, each once', async () => {
    const [forged] = forge(1) as [string];
    await run();
    expect(read).toEqual([forged, ...real].map(manifestOf));
  });

  test('none of those that are kept and take nobody’s place', async () => {
    const young = idOf('20261121');
    sign(await storeBackup(store, young, { shop: { users: 1 } }));
    store.objects.set(`app/${oldest}/pinned`, Buffer.from(''));
    const within = { years: 0, months: 0, weeks: 0, days: 3, hours: 0, minutes: 0, seconds: 0 };
    await run({ policy: { ...nothing, within } });
    expect(read).toEqual(real.slice(1, 4).map(manifestOf));
  });

  test('without a key those that go alone, and none when nothing goes', async () => {
    forge(1);
    await run({ policy: { ...one, last: 10 } });
    expect(read).toEqual([]);
    await run({ verifier: null });
    expect(read).toEqual(real.map(manifestOf));
  });
});

test('when the manifest of a kept one can’t be read now, nothing is pruned', async () => {
  store.before = (operation, key) => {
    if (operation === 'get' && key === manifestOf(newest))
      throw new StoreError('The store is down.', { code: 'store.failed' });
  };
  await expect(run()).rejects.toMatchObject({ code: 'store.failed' });
  expect(store.changes).toEqual([]);
});

test('a kept one whose manifest is not there when it is read is not counted, and nothing of it removed', async () => {
  store.before = (operation, key) => {
    if (operation === 'get' && key === manifestOf(newest))
      throw new StoreError('There is none.', { code: 'store.not-found' });
  };
  const { kept } = await run();
  expect(ids(kept)).toEqual([real[1]]);
  expect(store.objects.has(manifestOf(newest))).toBe(true);
  expect(store.objects.has(`app/${newest}/shop.sqlite3.zst`)).toBe(true);
});
