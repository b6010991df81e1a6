import { beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, StoreError } from '../../src/core/errors.ts';
import { formatManifest } from '../../src/core/manifest.ts';
import { prune } from '../../src/core/prune.ts';
import type { PruneRequest } from '../../src/core/prune-run.ts';
import { Secret } from '../../src/core/secret.ts';
import { newSigningKeys, signerOf, verifierOf } from '../../src/core/signature.ts';
import type { Removal } from '../../src/core/store.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { nothing } from '../kit/planned-backup.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const [newest, older, oldest] = ['20261120T030000Z-0000', '20261119T030000Z-0000', '20261118T030000Z-0000'];
const manifestOf = (id: string): string => `app/${id}/manifest.json`;
const objectOf = (id: string): string => `app/${id}/shop.sqlite3.zst`;
let store: MemoryStore;
let reporter: QuietReporter;

beforeEach(async () => {
  store = memoryStore();
  reporter = quietReporter();
  for (const id of [newest, older, oldest]) await storeBackup(store, id, { shop: { users: 1 } });
});

const run = (changes: Partial<PruneRequest> = {}) =>
  prune({
    ...{ store, name: 'app', policy: { ...nothing, last: 1, min: 1 }, verifier: null, dryRun: false },
    ...{ now: new Date('2026-11-21T12:00:00Z'), reporter, signal },
    ...changes,
  });

/** Makes the removal of some keys end like this. */
function refusing(isMeant: (key: string) => boolean, how: Omit<Removal['kept'][number], 'key'>): void {
  const { remove } = store;
  store.remove = async (keys, options) => {
    const { removed } = await remove(
      keys.filter((key) => !isMeant(key)),
      options,
    );
    return { removed, kept: keys.filter(isMeant).map((key) => ({ key, ...how })) };
  };
}

const failing = (operation: string, code: string, wanted = (_: string) => true): void => {
  store.before = (now, key) => {
    if (now === operation && wanted(key)) throw new StoreError('The store said no.', { code });
  };
};

describe('a storage key that lacks a right', () => {
  test('to delete: all stays, and one failure says what to do instead of a warning for each', async () => {
    refusing(() => true, { reason: 'access denied', denied: true });
    const { pruned, kept, denied, stuck } = await run();
    expect(pruned).toEqual([]);
    expect(kept.slice(1).map(({ reasons }) => reasons)).toEqual([
      ['this storage key may not prune'],
      ['this storage key may not prune'],
    ]);
    expect(denied).toMatchObject({
      code: 'store.may-not-prune',
      input: 's3-access-key-id',
      hint: expect.stringContaining('holdfast lifecycle'),
    });
    expect([stuck, reporter.warnings]).toEqual([null, []]);
    expect(store.objects.has(objectOf(oldest))).toBe(true);
  });

  test('to read manifests: what it can’t look at it leaves alone', async () => {
    failing('get', 'store.denied');
    const { pruned, denied } = await run();
    expect([pruned, store.changes, reporter.warnings]).toEqual([[], [], []]);
    expect(denied).toMatchObject({ code: 'store.may-not-prune', exitCode: 1 });
  });

  test('to delete leftovers: they stay, untold but for the one failure', async () => {
    store.objects.delete(manifestOf(oldest));
    refusing((key) => key === objectOf(oldest), { reason: 'access denied', denied: true });
    const { leftovers, denied } = await run();
    expect([leftovers, reporter.warnings]).toEqual([[], []]);
    expect(denied).not.toBeNull();
  });
});

describe('what is locked', () => {
  test('as a backup stays listed with the reason, and nothing failed', async () => {
    refusing((key) => key === manifestOf(older), { reason: 'locked until 2027-01-01', locked: true });
    const { kept, pruned, stuck, denied } = await run();
    expect(kept[1]).toEqual({ id: older, reasons: ['locked until 2027-01-01'] });
    expect(pruned.map(({ id }) => id)).toEqual([oldest]);
    expect([stuck, denied, reporter.warnings]).toEqual([null, null, []]);
  });

  test('as an object of a removed backup stays as a leftover, which is told and no failure', async () => {
    refusing((key) => key === objectOf(older), { reason: 'locked until 2027-01-01', locked: true });
    expect(await run()).toMatchObject({ stuck: null, denied: null });
    expect(reporter.warnings).toEqual([
      `${objectOf(older)} of the removed backup ${older} stays as a leftover: locked until 2027-01-01.`,
    ]);
  });
});

describe('what the store does not remove', () => {
  test('is a failure that names it', async () => {
    store.locked.set(manifestOf(older), 'internal error');
    const { stuck } = await run();
    expect(stuck).toMatchObject({
      code: 'store.not-removed',
      message: `What no rule keeps stays in memory: ${manifestOf(older)} could not be removed.`,
    });
  });

  test('of several things is one failure, with leftovers among them', async () => {
    store.objects.delete(manifestOf(oldest));
    store.locked.set(objectOf(older), 'internal error').set(objectOf(oldest), 'internal error');
    const { stuck, leftovers } = await run();
    expect(stuck?.message).toContain(`2 objects, ${objectOf(older)} first, could not be removed`);
    expect(leftovers).toEqual([]);
    expect(reporter.warnings.at(-1)).toBe(
      `The leftover ${objectOf(oldest)} could not be removed: internal error.`,
    );
  });

  test('in another sense, as hidden versions stay, is told once', async () => {
    const { remove } = store;
    store.remove = async (keys, options) => ({ ...(await remove(keys, options)), warning: 'Versions stay.' });
    expect((await run()).pruned).toHaveLength(2);
    expect(reporter.warnings).toEqual(['Versions stay.']);
  });
});

describe('a prune ends with an error', () => {
  test.each(['get', 'remove', 'list'])('when the store fails at: %s', async (operation) => {
    failing(operation, 'store.failed');
    await expect(run()).rejects.toMatchObject({ code: 'store.failed' });
    expect(store.changes).toEqual([]);
  });

  test('when it is broken itself, rather than to take the manifest for a bad one', async () => {
    store.before = (operation) => {
      if (operation === 'get') throw new TypeError('x is not a function');
    };
    await expect(run()).rejects.toThrow('x is not a function');
    expect(store.changes).toEqual([]);
  });

  test('when it is cancelled between two backups', async () => {
    const controller = new AbortController();
    store.before = (operation, key) => {
      if (operation === 'remove' && key === objectOf(older)) controller.abort();
    };
    await expect(run({ signal: controller.signal })).rejects.toThrow(CancelledError);
    expect(store.objects.has(manifestOf(oldest))).toBe(true);
  });
});

test('a manifest that was gone when it was read is of a backup that another prune has removed', async () => {
  failing('get', 'store.not-found', (key) => key === manifestOf(older));
  expect((await run()).pruned.map(({ id }) => id)).toEqual([older, oldest]);
  expect(reporter.warnings).toEqual([]);
});

test('a manifest too large to be one is not read to its end, and its backup left alone', async () => {
  store.objects.set(manifestOf(older), Buffer.alloc(16 * 1024 * 1024 + 1));
  const { kept, pruned } = await run();
  expect(kept.map(({ id }) => id)).toEqual([newest, older]);
  expect(pruned.map(({ id }) => id)).toEqual([oldest]);
  expect(reporter.warnings.join()).toContain('too large');
});

test('with a key to verify by, only signed backups are pruned', async () => {
  const { signKey, verifyKey } = newSigningKeys();
  for (const id of [newest, oldest]) {
    const manifest = await storeBackup(store, id, { shop: { users: 1 } });
    store.objects.set(manifestOf(id), formatManifest(manifest, signerOf(new Secret(signKey))));
  }
  const { kept, pruned } = await run({ verifier: verifierOf(verifyKey) });
  expect(kept.map(({ id }) => id)).toEqual([newest, older]);
  expect(pruned.map(({ id }) => id)).toEqual([oldest]);
  expect(reporter.warnings).toEqual([
    expect.stringMatching(`^Backup ${older} is left alone and not counted: The manifest is not signed`),
  ]);
});

test('a dry run says of leftovers and unfinished uploads what would become of them', async () => {
  store.objects.delete(manifestOf(oldest));
  store.pending.push({ key: objectOf(oldest), id: '1', startedAt: new Date('2026-11-18T03:00:00Z') });
  expect((await run({ dryRun: true })).leftovers).toMatchObject([{ id: oldest }]);
  expect(reporter.infos.join('\n')).toMatch(/would be removed[\s\S]*would be aborted/);
  expect([store.changes, store.pending.length]).toEqual([[], 1]);
});

describe('where the store’s clock is another', () => {
  test('by hours, nothing is pruned', async () => {
    store.clockAheadMs = 3 * 3_600_000;
    await expect(run()).rejects.toMatchObject({
      code: 'prune.clock',
      message: expect.stringContaining('180 minutes behind'),
      hint: expect.stringContaining('NTP'),
    });
    expect(store.changes).toEqual([]);
  });

  test('by minutes, it is told', async () => {
    store.clockAheadMs = -10 * 60_000;
    expect((await run()).pruned).toHaveLength(2);
    expect(reporter.warnings.join()).toContain('10 minutes ahead of');
  });

  test('by seconds, nobody is told', async () => {
    store.clockAheadMs = 2000;
    expect((await run()).pruned).toHaveLength(2);
    expect(reporter.warnings).toEqual([]);
  });
});
