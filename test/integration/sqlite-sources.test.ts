import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase } from '../kit/sqlite.ts';
import { copyOf, engineOn } from '../kit/sqlite-copy.ts';

let dir: string;
let host: Host;

beforeAll(async () => {
  host = await openHost({ ssh: null, container: null, sudo: false, env: process.env, signal });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  return () => rmSync(dir, { recursive: true, force: true });
});
afterAll(() => host[Symbol.asyncDispose]());

describe('a source that can not be backed up is refused before anything is copied:', () => {
  const refused = async (
    path: string,
  ): Promise<{ code: string; message: string; hint: string; input?: string }> => {
    const engine = engineOn(host, path);
    try {
      const [database] = await engine.discover({ signal });
      if (database !== undefined) await engine.probe(database, { signal });
    } catch (error) {
      return error as { code: string; message: string; hint: string };
    }
    throw new Error(`${path} was not refused`);
  };

  test('a path where nothing is, and no file is made there', async () => {
    const path = join(dir, 'missing.sqlite3');
    expect(await refused(path)).toMatchObject({ code: 'sqlite.missing', input: 'database' });
    expect(existsSync(path)).toBe(false);
  });

  test('an empty file, a text, a folder, a FIFO, a device', async () => {
    writeFileSync(join(dir, 'empty'), '');
    writeFileSync(join(dir, 'text'), 'This is no database, but a text that is long enough to look like one.');
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'fifo')]);
    expect(await refused(join(dir, 'empty'))).toMatchObject({ code: 'sqlite.empty' });
    expect(await refused(join(dir, 'text'))).toMatchObject({ code: 'sqlite.not-a-database' });
    expect(await refused(join(dir, 'folder'))).toMatchObject({ code: 'sqlite.not-a-file' });
    expect(await refused(join(dir, 'fifo'))).toMatchObject({ code: 'sqlite.not-a-file' });
    expect(await refused('/dev/zero')).toMatchObject({ code: 'sqlite.not-a-file' });
  });

  test('a glob that matches nothing, and an exclude that leaves nothing', async () => {
    expect(await refused(join(dir, '*.sqlite3'))).toMatchObject({ code: 'sqlite.no-match' });
    makeAppDatabase(join(dir, 'app.sqlite3'));
    const engine = new SqliteEngine({ host, paths: [join(dir, '*.sqlite3')], exclude: ['app*'] });
    await expect(engine.discover({ signal })).rejects.toMatchObject({ input: 'exclude' });
  });

  test('a host without sqlite3 and python3, with the names of what to install', async () => {
    const bin = mkdtempSync(join(dir, 'bin-'));
    for (const name of [
      'sh',
      'dd',
      'setsid',
      'head',
      'tr',
      'wc',
      'od',
      'id',
      'df',
      'awk',
      'readlink',
      'mktemp',
      'rm',
    ]) {
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
    }
    const bare = await openHost({ ssh: null, container: null, sudo: false, env: { PATH: bin }, signal });
    makeAppDatabase(join(dir, 'app.sqlite3'));
    const engine = engineOn(bare, join(dir, 'app.sqlite3'));
    const [database] = await engine.discover({ signal });
    await expect(engine.probe(database as never, { signal })).rejects.toMatchObject({
      code: 'sqlite.no-tool',
      hint: expect.stringMatching(/apt-get install sqlite3.*python3.*container/s),
    });
  });

  test('a disk without room for twice its size', async () => {
    const path = join(dir, 'huge.sqlite3');
    makeAppDatabase(path, { journal: 'delete' });
    truncateSync(path, 8e12);
    expect(await refused(path)).toMatchObject({
      code: 'sqlite.no-space',
      hint: expect.stringContaining('TMPDIR'),
    });
  });
});

test('a lock that is held for ever is named after half a minute', { timeout: 90_000 }, async () => {
  const path = join(dir, 'app.sqlite3');
  makeAppDatabase(path, { journal: 'delete' });
  const holder = new DatabaseSync(path);
  holder.exec('BEGIN EXCLUSIVE');
  await expect(copyOf(path, host)).rejects.toMatchObject({
    code: 'sqlite.snapshot',
    message: expect.stringContaining('lock'),
  });
  holder.close();
});

test('~/.sqliterc has no say', async () => {
  const home = mkdtempSync(join(dir, 'home-'));
  writeFileSync(join(home, '.sqliterc'), `.print HELLO\n.shell touch ${join(dir, 'pwned')}\n`);
  const at = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, HOME: home },
    signal,
  });
  makeAppDatabase(join(dir, 'app.sqlite3'));
  const { copy } = await copyOf(join(dir, 'app.sqlite3'), at);
  expect(brokenInvariants(copy)).toEqual([]);
  expect(existsSync(join(dir, 'pwned'))).toBe(false);
});

test('a link is followed and told, globs find what they should, names stay apart', async () => {
  for (const folder of ['one', 'two']) {
    mkdirSync(join(dir, folder));
    makeAppDatabase(join(dir, folder, 'app.sqlite3'));
  }
  makeAppDatabase(join(dir, 'one', 'app_cache.sqlite3'));
  symlinkSync(join(dir, 'one', 'app.sqlite3'), join(dir, 'link.sqlite3'));
  const engine = new SqliteEngine({ host, paths: [`${dir}/**/*.sqlite3`], exclude: ['*_cache.sqlite3'] });
  const databases = await engine.discover({ signal });
  expect(databases.map(({ name }) => name)).toEqual(['link', 'one-app', 'two-app']);
  const probes = await Promise.all(databases.map((database) => engine.probe(database, { signal })));
  expect(probes.map(({ warnings }) => warnings.length)).toEqual([1, 0, 0]);
});

test('a tool that is killed in mid-copy is a failure that leaves nothing', async () => {
  const path = join(dir, 'app.sqlite3');
  makeAppDatabase(path, { megabytes: 1 });
  const bin = mkdtempSync(join(dir, 'bin-'));
  writeFileSync(
    join(bin, 'sqlite3'),
    '#!/bin/sh\ncase "$*" in *--version*) echo 3.40.1; exit;; esac\n/usr/bin/sqlite3 "$@" & sleep 0.05; kill -9 $$\n',
    { mode: 0o755 },
  );
  const at = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, TMPDIR: dir },
    signal,
  });
  await expect(copyOf(path, at)).rejects.toMatchObject({ code: 'sqlite.snapshot' });
  expect(readdirSync(dir).filter((name) => name.startsWith('holdfast.'))).toEqual([]);
});

test('the copy is gone once the snapshot is disposed of', async () => {
  const path = join(dir, 'app.sqlite3');
  makeAppDatabase(path);
  const at = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
  const engine = engineOn(at, path);
  const [database] = await engine.discover({ signal });
  const snapshot = await engine.snapshot(database as never, { signal });
  expect(readdirSync(dir).some((name) => name.startsWith('holdfast.'))).toBe(true);
  expect((await collect(snapshot.read())).byteLength).toBeGreaterThan(0);
  await snapshot[Symbol.asyncDispose]();
  expect(readdirSync(dir).filter((name) => name.startsWith('holdfast.'))).toEqual([]);
});
