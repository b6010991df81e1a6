import { beforeEach, describe, expect, test } from 'vitest';
import { check } from '../../src/core/check.ts';
import { parseDuration } from '../../src/core/duration.ts';
import { StoreError } from '../../src/core/errors.ts';
import { list } from '../../src/core/list.ts';
import { otherNames } from '../../src/core/other-names.ts';
import { selectBackup } from '../../src/core/select-backup.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

const id = '20261121T030000Z-0000';
const backUp = (name: string): unknown => store.objects.set(`${name}/${id}/manifest.json`, Buffer.from('{}'));
let store: MemoryStore;
let asked: string[];

beforeEach(() => {
  store = memoryStore();
  for (const name of ['shop', 'blog']) backUp(name);
  store.objects.set('images/2026/logo.png', Buffer.from('no backup'));
  store.objects.set('holdfast/doctor-0/small', Buffer.from('left by a doctor'));
  asked = [];
  store.before = (operation, key) => asked.push(`${operation} ${key}`);
});

const names = (aborted = signal) => otherNames(store, 'holdfast', { signal: aborted });

describe('whoever asks for a name that has no backups', () => {
  const common = () => ({ store, name: 'holdfast', reporter: quietReporter(), signal });
  const hint = 'There are backups of: blog, shop. Set `name` to the one that is meant.';

  test.each([{ kind: 'latest' }, { kind: 'id', id }, { kind: 'before', time: new Date() }] as const)(
    'to take $kind of it, hears which names have some',
    async (selector) => {
      const selecting = selectBackup({ ...common(), selector, verifier: null });
      await expect(selecting).rejects.toMatchObject({ code: 'backup.none', input: 'name', hint });
    },
  );

  test('to check it, hears it too', async () => {
    const maxAge = parseDuration('26h') ?? expect.fail();
    const { failure } = await check({ ...common(), maxAge, maxVerifiedAge: null, now: new Date() });
    expect(failure).toMatchObject({ exitCode: 4, input: 'name', hint });
  });

  test('to list it, too; a name that has some is asked for nothing more', async () => {
    const listing = { ...common(), all: false, now: new Date() };
    expect(await list(listing)).toMatchObject({ backups: [], otherNames: ['blog', 'shop'] });
    asked.length = 0;
    expect(await list({ ...listing, name: 'shop' })).toMatchObject({ otherNames: [] });
    expect(asked.filter((operation) => operation.startsWith('folders'))).toEqual([]);
  });
});

test('a folder without backups is none of the names', async () => {
  expect(await names()).toEqual(['blog', 'shop']);
  expect(asked).toEqual(['folders ', 'folders blog/', 'folders images/', 'folders shop/']);
});

test('in a store with a thousand folders, twenty are looked into', async () => {
  for (let n = 0; n < 1000; n += 1) backUp(`app-${n}`);
  expect(await names()).toHaveLength(20);
  expect(asked).toHaveLength(21);
});

test('what the store refuses to tell is left out, and fails nothing', async () => {
  const refusing = (what: string) => {
    store.before = (operation, key) => {
      if (`${operation} ${key}` === what) throw new StoreError('Denied.', { code: 'store.denied' });
    };
  };
  refusing('folders blog/');
  expect(await names()).toEqual(['shop']);
  refusing('folders ');
  expect(await names()).toEqual([]);
});

test('a run that was cancelled does not go on without the names', async () => {
  await expect(names(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
