import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, HoldfastError, StoreError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { parseManifest } from '../../src/core/manifest.ts';
import type { RestoreRequest } from '../../src/core/restore.ts';
import type { Staged, Target, TargetState } from '../../src/core/target.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { fakeTarget, restoreLatest } from '../kit/fake-target.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { type FakeEngine, fakeDamage, fakeEngine, storeBackup } from '../kit/stored-backup.ts';

const id = '20261120T030000Z-0000';
let dir: string;
let host: Host;
let store: MemoryStore;
let engine: FakeEngine;
let reporter: QuietReporter;
let log: string[];
let found: TargetState;
let swap: Staged['swap'];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  host = await openHost({ ssh: null, container: null, sudo: false, env: { ...process.env }, signal });
  store = memoryStore();
  await storeBackup(store, id, { shop: { users: 3 } });
  engine = fakeEngine();
  reporter = quietReporter();
  log = [];
  found = { state: 'present', inUse: null };
  swap = async ({ id: suffix }) => {
    log.push('swap');
    return { previous: `shop.before-${suffix}`, goBack: ['mv back'] };
  };
});
afterEach(async () => {
  expect(engine.loaded, 'what was staged is gone').toBe(0);
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const target = (): Target =>
  fakeTarget({ engine, host, log, found: () => found, swap: (options) => swap(options) });

const run = (changes: Partial<RestoreRequest> = {}) =>
  restoreLatest({ store, host, target: target(), reporter }, changes);

test('shows what will happen, proves the new one, backs up the old one, and only then swaps', async () => {
  const result = await run();
  expect(log).toEqual(['stage', 'safety', 'swap']);
  expect(result).toMatchObject({ id, database: 'shop', goBack: ['mv back'], failure: null });
  expect(result.previous).toBe(`shop.before-${result.safetyBackup}`);
  const manifest = parseManifest(store.objects.get(`app/${result.safetyBackup}/manifest.json`) as Buffer);
  expect(manifest).toMatchObject({ purpose: 'safety', databases: [{ name: 'shop' }] });
  expect(reporter.infos.join('\n')).toMatch(/Restore shop of backup .*3 rows[\s\S]*It is there/);
});

test('a dry run decides and shows, and changes nothing', async () => {
  expect(await run({ dryRun: true, confirm: null })).toMatchObject({ safetyBackup: null, previous: null });
  expect(log).toEqual([]);
  expect(reporter.infos.join('\n')).toContain('confirm with the name: shop.db');
});

test.each(['', 'shop', 'other.db'])(
  'a dry run with a wrong name fails as the restore would: %s',
  async (confirm) => {
    await expect(run({ dryRun: true, confirm })).rejects.toMatchObject({ exitCode: 2, input: 'confirm' });
    expect(await run({ dryRun: true, confirm: 'shop.db' })).toMatchObject({ previous: null });
  },
);

test('a dry run of what can not be opened fails as the restore would', async () => {
  const key = `app/${id}/shop.sqlite3.zst`;
  store.objects.set(key, Buffer.from('junk'));
  await expect(run({ dryRun: true })).rejects.toMatchObject({ exitCode: 3, code: 'object.damaged' });
  store.objects.delete(key);
  await expect(run({ dryRun: true })).rejects.toMatchObject({ exitCode: 3, code: 'object.missing' });
  expect(log).toEqual([]);
});

describe('the typed name', () => {
  test.each([null, 'shop', 'other.db', ''])(
    'that is not the target’s stops everything: %s',
    async (confirm) => {
      await expect(run({ confirm })).rejects.toMatchObject({ exitCode: 2, input: 'confirm' });
      expect(log).toEqual([]);
    },
  );

  test.each(['absent', 'empty'] as const)('is not asked for where nothing is: %s', async (state) => {
    found = { state, inUse: null };
    expect(await run({ confirm: null })).toMatchObject({ safetyBackup: null });
    expect(log).toEqual(['stage', 'swap']);
  });
});

describe('a target in use', () => {
  beforeEach(() => {
    found = { state: 'present', inUse: 'process 4711 (puma)' };
  });

  test('is refused before anything is downloaded', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'restore.in-use', message: /4711 \(puma\)/ });
    expect(log).toEqual([]);
  });

  test('is left to the swap to look at again when the app is stopped first', async () => {
    const file = join(dir, 'log');
    const hooks = { host, stop: `echo stop >> ${file}`, start: `echo start >> ${file}` };
    await run({ hooks });
    expect(readFileSync(file, 'utf8')).toBe('stop\nstart\n');
  });

  test('is replaced by force', async () => {
    await run({ force: true });
    expect(log).toEqual(['stage', 'safety', 'swap']);
  });
});

describe('when something fails, the target is what it was and the message says so', () => {
  test('a damaged backup', async () => {
    store.objects.set(`app/${id}/shop.sqlite3.zst`, Buffer.from('junk'));
    await expect(run()).rejects.toMatchObject({ exitCode: 3, message: /SHA-256.*is what it was/ });
    expect(log).toEqual([]);
  });

  test('an edited manifest', async () => {
    const key = `app/${id}/manifest.json`;
    const text = store.objects.get(key)?.toString() as string;
    store.objects.set(key, Buffer.from(text.replace('"users": 3', '"users": 4')));
    await expect(run()).rejects.toMatchObject({ exitCode: 3, code: 'manifest.altered' });
  });

  test('the check of the new one; force takes another schema with the same rows', async () => {
    engine.checked = fakeDamage();
    await expect(run()).rejects.toMatchObject({ exitCode: 3, message: /is what it was/ });
    expect(log).toEqual(['stage']);
    Object.assign(engine, { checked: [], schemaSha256: '0'.repeat(64) });
    await expect(run()).rejects.toMatchObject({ code: 'verify.differs' });
    await run({ force: true });
    expect(reporter.warnings.join()).toMatch(/its schema differs.*because of `force`/);
  });

  test('the safety backup; by force it goes on, as the old one is kept anyway', async () => {
    store.before = (operation) => {
      if (operation === 'put') throw new StoreError('The bucket is full.', { code: 'store.failed' });
    };
    await expect(run()).rejects.toMatchObject({ code: 'restore.safety', input: 'force' });
    expect(log).not.toContain('swap');
    expect(await run({ force: true })).toMatchObject({ safetyBackup: null });
    expect(reporter.warnings.join()).toContain('The bucket is full');
  });

  test('the swap: the app is started all the same', async () => {
    const file = join(dir, 'log');
    swap = async () => {
      throw new HoldfastError('The disk failed.', { code: 'x' });
    };
    const hooks = { host, stop: `echo stop >> ${file}`, start: `echo start >> ${file}` };
    await expect(run({ hooks })).rejects.toMatchObject({ message: /The disk failed.*is what it was/ });
    expect(readFileSync(file, 'utf8')).toBe('stop\nstart\n');
  });

  test('but not when the link broke in the last moment: nobody can tell, and nobody says so', async () => {
    swap = async () => {
      throw new HoldfastError('It is the old or the new one.', { code: 'restore.unknown' });
    };
    await expect(run()).rejects.toMatchObject({ message: 'It is the old or the new one.' });
  });

  test('the stop command: nothing is swapped, and the app is started', async () => {
    const file = join(dir, 'log');
    const hooks = { host, stop: 'echo no such unit >&2; exit 5', start: `echo start >> ${file}` };
    await expect(run({ hooks })).rejects.toMatchObject({ input: 'stop', message: /no such unit/ });
    expect(log).not.toContain('swap');
    expect(readFileSync(file, 'utf8')).toBe('start\n');
  });

  test('the stop command of an app that is not there yet is no failure: where nothing is, it is not run', async () => {
    const file = join(dir, 'log');
    const hooks = { host, stop: `echo stop >> ${file}; exit 5`, start: `echo start >> ${file}` };
    found = { state: 'absent', inUse: null };
    expect(await run({ hooks })).toMatchObject({ failure: null });
    expect(readFileSync(file, 'utf8')).toBe('start\n');
    expect(reporter.infos.join('\n')).toContain('this does not run: echo stop');
    found = { state: 'empty', inUse: null };
    await expect(run({ hooks })).rejects.toMatchObject({ input: 'stop' });
  });

  test('the start command: the new one is in place, and the message says so', async () => {
    const result = await run({ hooks: { host, stop: null, start: 'exit 7' } });
    expect(log).toContain('swap');
    expect(result.failure).toMatchObject({
      input: 'start',
      message: /is the restored one, but.*exit code 7/,
    });
  });

  test.each([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
  ])('the start by what nobody foresaw is a failure of the start: %s', async (thrown, why) => {
    const broken: Host = {
      ...host,
      spawn: () => {
        throw thrown;
      },
    };
    const { failure } = await run({ hooks: { host: broken, stop: null, start: 'app start' } });
    expect(failure).toMatchObject({ code: 'restore.hook', input: 'start', exitCode: 1 });
    expect(failure?.message).toBe(`fake:shop is the restored one, but the app was not started: ${why}`);
  });

  test('both the swap and the start: the swap is the failure, and the start is told', async () => {
    swap = () => Promise.reject(new HoldfastError('The disk failed.', { code: 'x' }));
    const hooks = { host, stop: null, start: 'exit 7' };
    await expect(run({ hooks })).rejects.toMatchObject({ message: /The disk failed/ });
    expect(reporter.warnings.join()).toMatch(/command of `start` failed.*exit code 7/);
  });

  test('the safety backup by what nobody foresaw: force does not go on', async () => {
    store.before = (operation) => {
      if (operation === 'put') throw new TypeError('x is not a function');
    };
    await expect(run({ force: true })).rejects.toThrow('x is not a function');
    expect(log).not.toContain('swap');
  });

  test('a cancellation before the swap', async () => {
    const controller = new AbortController();
    swap = () => Promise.reject(new Error('swapped'));
    const cancelling = target();
    const stage = cancelling.stage;
    const aborting: Target = {
      ...cancelling,
      async stage(request) {
        const staged = await stage(request);
        controller.abort(new CancelledError());
        return staged;
      },
    };
    const running = run({ target: aborting, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ exitCode: 130, message: /is what it was/ });
  });
});

describe('one database of a backup of several', () => {
  beforeEach(async () => {
    await storeBackup(store, '20261121T030000Z-0000', { shop: { users: 4 }, blog: { posts: 1 } });
  });

  test('must be named', async () => {
    await expect(run()).rejects.toMatchObject({ input: 'only', hint: expect.stringContaining('shop, blog') });
    await expect(run({ only: 'wiki' })).rejects.toMatchObject({ input: 'only' });
  });

  test.each(['blog', 'blog.sqlite3'])('is taken by its name: %s', async (only) => {
    expect(await run({ only })).toMatchObject({ database: 'blog' });
  });

  test('must be there for the engine of the target', async () => {
    await expect(run({ target: { ...target(), engine: 'postgres' } })).rejects.toMatchObject({
      code: 'restore.choice',
      message: /no postgres database to restore to fake:shop/,
    });
  });

  test('of another engine is refused', async () => {
    await expect(run({ only: 'blog', target: { ...target(), engine: 'postgres' } })).rejects.toMatchObject({
      code: 'restore.choice',
      message: /of the engine fake/,
    });
  });
});
