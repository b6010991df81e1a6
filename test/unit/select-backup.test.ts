import { beforeEach, describe, expect, test } from 'vitest';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import { formatManifest } from '../../src/core/manifest.ts';
import type { Selector } from '../../src/core/select-backup.ts';
import { namingAlternative, selectBackup } from '../../src/core/select-backup.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const [newest, safety, older] = ['20261121T030000Z-0000', '20261120T120000Z-0000', '20261120T030000Z-0000'];
let store: MemoryStore;

beforeEach(async () => {
  store = memoryStore();
  await storeBackup(store, older, { shop: { users: 1 } });
  await storeBackup(store, safety, { shop: { users: 2 } }, { purpose: 'safety' });
  store.objects.set(`app/${safety}/safety.json`, Buffer.from('{}'));
  await storeBackup(store, newest, { shop: { users: 3 } });
});

const select = async (selector: Selector, name = 'app') =>
  (await selectBackup({ store, name, selector, verifier: null, reporter: quietReporter(), signal })).backup
    .id;
const before = (time: string): Selector => ({ kind: 'before', time: new Date(time) });

test('latest is the newest', async () => {
  expect(await select({ kind: 'latest' })).toBe(newest);
});

test('what a restore has put aside is never the latest, but can be taken by its id', async () => {
  store.objects.delete(`app/${newest}/manifest.json`);
  expect(await select({ kind: 'latest' })).toBe(older);
  expect(await select({ kind: 'id', id: safety })).toBe(safety);
});

test('a mark that somebody has put beside a regular backup does not hide it', async () => {
  store.objects.set(`app/${newest}/safety.json`, Buffer.from('{}'));
  expect(await select({ kind: 'latest' })).toBe(newest);
});

test('a damaged backup that a restore has made is no obstacle', async () => {
  store.objects.delete(`app/${newest}/manifest.json`);
  store.objects.set(`app/${safety}/manifest.json`, Buffer.from('{'));
  expect(await select({ kind: 'latest' })).toBe(older);
});

test('nor is one whose mark was lost: its manifest still says what it is', async () => {
  store.objects.delete(`app/${newest}/manifest.json`);
  store.objects.delete(`app/${safety}/safety.json`);
  expect(await select({ kind: 'latest' })).toBe(older);
});

test('a manifest that is bad when it is read first is read once more, and that is told', async () => {
  const key = `app/${newest}/manifest.json`;
  const [good, reporter] = [store.objects.get(key) as Buffer, quietReporter()];
  store.objects.set(key, good.subarray(0, 99));
  let reads = 0;
  store.before = (operation) => {
    if (operation === 'get' && ++reads === 2) store.objects.set(key, good);
  };
  const selector = { kind: 'latest' } as const;
  await selectBackup({ store, name: 'app', selector, verifier: null, reporter, signal });
  expect(reporter.warnings).toEqual([expect.stringContaining(`The first read of ${key} was bad`)]);
});

test('a verifier that is broken is not taken for a bad manifest', async () => {
  const manifest = await storeBackup(store, newest, { shop: { users: 3 } });
  const signed = formatManifest(manifest, { keyId: 'k', sign: () => 'c2lnbmVk' });
  store.objects.set(`app/${newest}/manifest.json`, signed);
  const verify = (): never => {
    throw new TypeError('x is not a function');
  };
  const selected = selectBackup({
    ...{ store, name: 'app', selector: { kind: 'latest' }, reporter: quietReporter(), signal },
    verifier: { keyId: 'k', verify },
  });
  await expect(selected).rejects.toThrow(TypeError);
});

test('before a time is the newest that was made then or earlier', async () => {
  expect(await select(before('2026-11-21T03:00:00Z'))).toBe(newest);
  expect(await select(before('2026-11-21T02:59:59Z'))).toBe(older);
});

describe('says what is there when there is no such backup', () => {
  test('none at all', async () => {
    const none = select({ kind: 'latest' }, 'other');
    await expect(none).rejects.toMatchObject({ code: 'backup.none', input: 'name', exitCode: 1 });
  });

  test('none of that id, none so old', async () => {
    const hint = expect.stringContaining(newest);
    const missing = select({ kind: 'id', id: '20261119T030000Z-0000' });
    await expect(missing).rejects.toMatchObject({ code: 'backup.none', input: 'backup', hint });
    await expect(select(before('2020-01-01T00:00:00Z'))).rejects.toMatchObject({ input: 'backup', hint });
  });
});

describe('what fails because the latest is damaged names another', () => {
  const told = async (error: unknown, selector: Selector = { kind: 'latest' }) =>
    (await namingAlternative({ store, name: 'app', selector, signal }, error)) as HoldfastError;
  const damaged = new IntegrityError('It is damaged.', { code: 'object.damaged' });

  test('the one before it, or the newest that was verified', async () => {
    expect(await told(damaged)).toMatchObject({
      message: 'It is damaged.',
      code: 'object.damaged',
      exitCode: 3,
      hint: expect.stringMatching(`${older}.*never verified`),
    });
    store.objects.set(`app/${older}/verified-stat-20261121T040000Z.json`, Buffer.from('{}'));
    expect((await told(damaged)).hint, 'sizes alone are no proof').toMatch('never verified');
    const oldest = '20261119T030000Z-0000';
    await storeBackup(store, oldest, { shop: { users: 0 } });
    store.objects.set(`app/${oldest}/verified-restore-20261119T040000Z.json`, Buffer.from('{}'));
    expect((await told(damaged)).hint).toMatch(`${oldest}\` is the newest verified`);
  });

  test('but not another failure, not where one was chosen, and not where there is none', async () => {
    const other = new HoldfastError('The store is away.', { code: 'store.away' });
    expect(await told(other)).toBe(other);
    expect(await told(damaged, { kind: 'id', id: newest })).toBe(damaged);
    store.objects.delete(`app/${older}/manifest.json`);
    expect(await told(damaged)).toBe(damaged);
  });
});

/** The way to every single value: `databases.0.codecs.0`. */
function pathsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [''];
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner).map((path) => (path === '' ? name : `${name}.${path}`)),
  );
}

describe('a manifest that was changed is refused', () => {
  const key = `app/${newest}/manifest.json`;
  const edit = (change: (text: string) => string): void => {
    const text = store.objects.get(key)?.toString() as string;
    expect(change(text)).not.toBe(text);
    store.objects.set(key, Buffer.from(change(text)));
  };
  test('in any field', async () => {
    const whole = store.objects.get(key) as Buffer;
    const paths = pathsOf(JSON.parse(whole.toString()));
    expect(paths.length).toBeGreaterThan(18);
    for (const path of paths) {
      const manifest = JSON.parse(whole.toString());
      const names = path.split('.');
      const last = names.pop() as string;
      const holder = names.reduce((at, name) => at[name], manifest);
      holder[last] = typeof holder[last] === 'number' ? holder[last] + 1 : `${holder[last]}0`;
      store.objects.set(key, Buffer.from(JSON.stringify(manifest, null, 2)));
      const code = expect.stringMatching(/^manifest\./);
      await expect(select({ kind: 'latest' }), path).rejects.toMatchObject({ code });
    }
  });

  test('by cutting it, emptying it, or putting another one in its place', async () => {
    const whole = store.objects.get(key) as Buffer;
    for (let length = 0; length < whole.byteLength - 1; length += 17) {
      store.objects.set(key, whole.subarray(0, length));
      await expect(select({ kind: 'latest' }), `${length}`).rejects.toMatchObject({ exitCode: 3 });
    }
    store.objects.set(key, store.objects.get(`app/${older}/manifest.json`) as Buffer);
    await expect(select({ kind: 'latest' })).rejects.toMatchObject({ exitCode: 3, code: 'manifest.foreign' });
  });

  test('for one that is JSON, but no manifest at all', async () => {
    for (const text of ['null', '7', '[]', '{}']) {
      store.objects.set(key, Buffer.from(text));
      const message = expect.stringContaining('it is not a manifest');
      await expect(select({ kind: 'latest' }), text).rejects.toMatchObject({ exitCode: 3, message });
    }
  });

  test('but not for its white space, nor for want of a checksum, which the first ones did not have', async () => {
    edit((text) => JSON.stringify(JSON.parse(text)));
    expect(await select({ kind: 'latest' })).toBe(newest);
    edit((text) => text.replace(/,"checksum":"[0-9a-f]+"/, ''));
    expect(await select({ kind: 'latest' })).toBe(newest);
  });
});
