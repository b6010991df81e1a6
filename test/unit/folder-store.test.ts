import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import type { Store } from '../../src/core/store.ts';
import { openFolderStore } from '../../src/stores/folder-store.ts';

const { signal } = new AbortController();
let home: string;
let root: string;
let store: Store;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "holdfast it's a folder-"));
  root = join(home, 'store');
  store = openFolderStore(root);
});
afterEach(() => rmSync(home, { recursive: true }));

const keys = async (): Promise<string[]> =>
  (await Array.fromAsync(store.list('', { signal }))).map(({ key }) => key);

test('an object shows only when it is whole, and its unfinished file is never listed', async () => {
  async function* watched(): Bytes {
    yield Buffer.from('first');
    expect(readdirSync(join(root, 'app/1'))).toHaveLength(1);
    expect(existsSync(join(root, 'app/1/k'))).toBe(false);
    expect(await keys()).toEqual([]);
    yield Buffer.from('second');
  }
  await store.put('app/1/k', watched(), { signal });
  expect(readdirSync(join(root, 'app/1'))).toEqual(['k']);
  expect(readFileSync(join(root, 'app/1/k'), 'utf8')).toBe('firstsecond');
});

test('what a killed run left unfinished is not listed', async () => {
  await store.put('app/k', bytesOf('x'), { signal });
  writeFileSync(join(root, 'app/.holdfast-0f8fad5b-d9cb-469f-a165-70867728950e.part'), 'half');
  expect(await keys()).toEqual(['app/k']);
});

test('folders go with the last object in them, the root and others stay', async () => {
  await store.put('app/1/k', bytesOf('x'), { signal });
  await store.put('app/2/k', bytesOf('x'), { signal });
  await store.remove(['app/1/k'], { signal });
  expect(readdirSync(join(root, 'app'))).toEqual(['2']);
  await store.remove(['app/2/k'], { signal });
  expect(readdirSync(home)).toEqual(['store']);
  expect(readdirSync(root)).toEqual([]);
});

test('a failed put leaves no folder either', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first byte.
  async function* broken(): Bytes {
    throw new Error('no bytes');
  }
  await expect(store.put('app/1/k', broken(), { signal })).rejects.toThrow('no bytes');
  expect(readdirSync(root)).toEqual([]);
});

test.each(['../outside', 'a/../../outside', '..', '', '.', 'a\0b', 'a/../b'])(
  'the key %j does not leave the folder',
  async (key) => {
    writeFileSync(join(home, 'outside'), 'mine');
    mkdirSync(root);
    await expect(store.put(key, bytesOf('x'), { signal })).rejects.toMatchObject({ code: 'store.key' });
    await expect(collect(store.get(key, { signal }))).rejects.toMatchObject({ code: 'store.key' });
    await expect(store.stat(key, { signal })).rejects.toMatchObject({ code: 'store.key' });
    expect((await store.remove([key], { signal })).removed).toEqual([]);
    expect(readFileSync(join(home, 'outside'), 'utf8')).toBe('mine');
  },
);

test('a link in the folder is not followed by a listing', async () => {
  mkdirSync(root);
  mkdirSync(join(home, 'elsewhere'));
  writeFileSync(join(home, 'elsewhere/k'), 'mine');
  symlinkSync(join(home, 'elsewhere'), join(root, 'link'));
  expect(await keys()).toEqual([]);
});

test('a folder that was never made is an empty store', async () => {
  expect(await keys()).toEqual([]);
  expect(await store.remove(['app/k'], { signal })).toEqual({ removed: ['app/k'], kept: [] });
});

test('the command that it names prints the object', async () => {
  await store.put("it's $(a) key", bytesOf('content'), { signal });
  const printed = execFileSync('sh', ['-c', store.fetchCommand("it's $(a) key")], { encoding: 'utf8' });
  expect(printed).toBe('content');
});

test('a store that can be no folder is told as such', async () => {
  writeFileSync(root, 'a file');
  await expect(store.put('app/k', bytesOf('x'), { signal })).rejects.toMatchObject({
    code: 'store.failed',
    input: 'store',
    message: expect.stringMatching(/^Writing app\/k in file:.* failed: a part of the path is no folder\.$/),
  });
});

// `/proc` is there, but nothing can be made in it: Node's recursive mkdir would try for ever.
test.each(['/proc/holdfast', '/proc/holdfast/deep/er'])(
  'a store in %s is told as such, at once',
  async (path) => {
    await expect(openFolderStore(path).put('app/k', bytesOf('x'), { signal })).rejects.toMatchObject({
      code: 'store.failed',
      input: 'store',
      message: `Writing app/k in file:${path} failed: no folder can be made there.`,
      hint: expect.stringContaining('writable'),
    });
  },
);

test('a store behind a link to nowhere is told as such', async () => {
  symlinkSync(join(home, 'nowhere'), root);
  await expect(store.put('app/k', bytesOf('x'), { signal })).rejects.toThrow('no folder can be made there');
});

test('many puts at once make the same folders, for this user alone', async () => {
  const putting = Array.from({ length: 20 }, (_, n) => store.put(`a/b/c/${n}`, bytesOf('x'), { signal }));
  await Promise.all(putting);
  expect(await keys()).toHaveLength(20);
  expect(['', 'a', 'a/b/c'].map((folder) => statSync(join(root, folder)).mode & 0o777)).toEqual(
    Array(3).fill(0o700),
  );
});
