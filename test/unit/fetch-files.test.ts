import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { type FetchRequest, fetchFiles } from '../../src/core/fetch-files.ts';
import type { Host } from '../../src/core/host.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const links = vi.hoisted(() => ({ refused: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    link: async (from: string, to: string) => {
      if (links.refused) throw Object.assign(new Error('no links here'), { code: 'EPERM', syscall: 'link' });
      await real.link(from, to);
    },
  };
});

const id = '20261120T030000Z-0000';
let dir: string;
let folder: string;
let host: Host;
let store: MemoryStore;
let manifest: Manifest;
let reporter: QuietReporter;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-fetch-'));
  folder = join(dir, 'here', 'and-here');
  host = await localHost();
  store = memoryStore();
  manifest = await storeBackup(store, id, { shop: { users: 3 }, blog: { posts: 1 } });
  reporter = quietReporter();
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const run = (changes: Partial<FetchRequest> = {}) =>
  fetchFiles({
    ...{ store, manifest, folder, host, reporter, signal, only: [], dryRun: false },
    codecById: (codec) => codecById(codec),
    ...changes,
  });
const shop = (): string => join(folder, 'shop.sqlite3');

test('all files of a backup come decoded into a folder of the user’s own, and nothing beside them', async () => {
  expect(await run()).toEqual([shop(), join(folder, 'blog.sqlite3')]);
  expect(readdirSync(folder)).toEqual(['blog.sqlite3', 'shop.sqlite3']);
  expect(readFileSync(shop(), 'utf8')).toBe('{"users":3}');
  expect([statSync(folder).mode & 0o777, statSync(shop()).mode & 0o777]).toEqual([0o700, 0o600]);
});

test('on a file system without links too, and nothing is overwritten there', async () => {
  links.refused = true;
  try {
    await run();
    expect(readdirSync(folder)).toEqual(['blog.sqlite3', 'shop.sqlite3']);
    expect(readFileSync(shop(), 'utf8')).toBe('{"users":3}');
    await expect(run()).rejects.toMatchObject({ code: 'restore.exists' });
  } finally {
    links.refused = false;
  }
});

test('a folder that can’t be made is told, at once', async () => {
  await expect(run({ folder: '/proc/holdfast/here' })).rejects.toMatchObject({
    code: 'restore.folder',
    input: 'to',
    message: "The folder /proc/holdfast/here can't be written to: no folder can be made there.",
  });
});

test('a dry run says what would be fetched, and makes not even the folder', async () => {
  expect(await run({ dryRun: true })).toEqual([shop(), join(folder, 'blog.sqlite3')]);
  expect(reporter.infos[0]).toBe(`Would fetch shop (11 bytes) to ${shop()}.`);
  expect(readdirSync(dir)).toEqual([]);
});

test('a dry run of what can not be opened fails as the fetch would', async () => {
  store.objects.set(`app/${id}/blog.sqlite3.zst`, Buffer.from('junk'));
  await expect(run({ dryRun: true })).rejects.toMatchObject({ exitCode: 3, code: 'object.damaged' });
  expect(await run({ dryRun: true, only: ['shop'] })).toEqual([shop()]);
});

test.each(['blog', 'blog.sqlite3'])('one of them is taken by its name: %s', async (name) => {
  await run({ only: [name] });
  expect(readdirSync(folder)).toEqual(['blog.sqlite3']);
});

test('one that is not in the backup is refused with those that are', async () => {
  await expect(run({ only: ['shop', 'wiki'] })).rejects.toMatchObject({
    ...{ code: 'restore.choice', input: 'only', hint: 'It holds shop, blog.' },
    message: `The backup ${id} holds no database "wiki".`,
  });
  expect(readdirSync(dir)).toEqual([]);
});

describe('what goes wrong leaves no half of a file', () => {
  test('a damaged object', async () => {
    store.objects.set(`app/${id}/shop.sqlite3.zst`, Buffer.from('junk'));
    await expect(run()).rejects.toMatchObject({ exitCode: 3, code: 'object.damaged' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that is there already stays what it is', async () => {
    folder = dir;
    writeFileSync(shop(), 'mine');
    await expect(run()).rejects.toMatchObject({
      ...{ code: 'restore.exists', input: 'to', hint: 'Name an empty folder in `to`.' },
      message: `A file of the backup is in ${dir} already and is not overwritten.`,
    });
    expect(readdirSync(dir)).toEqual(['shop.sqlite3']);
    expect(readFileSync(shop(), 'utf8')).toBe('mine');
  });

  test.each(['', '/below'])('a file in the place of the folder: file%s', async (below) => {
    const file = join(dir, 'file');
    writeFileSync(file, 'mine');
    await expect(run({ folder: file + below })).rejects.toMatchObject({
      ...{ code: 'restore.folder', input: 'to' },
      message: expect.stringContaining(`The folder ${file}${below} can't be written to`),
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('a failure that is not the system’s is not told as one of the folder', async () => {
    await expect(run({ folder: join(dir, 'a\0b') })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(readdirSync(dir)).toEqual([]);
  });
});
