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
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Database, Snapshot, SnapshotProof } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import type { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { engineOn } from '../kit/sqlite-copy.ts';
import { localHost, sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let root: string;
let scratch: string;
let sshd: Sshd;
let far: Host;
let here: Host;
let path: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-meanwhile-'));
  scratch = join(root, 'tmp');
  mkdirSync(scratch);
  sshd = await startSshd({ config: [`SetEnv SHLVL=1 TMPDIR=${scratch}`] });
  far = await sshHost(sshd);
  here = await localHost({ ...process.env, TMPDIR: scratch });
});
afterAll(async () => {
  await far[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
  await sshd.stop();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  path = join(mkdtempSync(join(root, 'app-')), 'app.sqlite3');
});

async function probed(host: Host): Promise<{ engine: SqliteEngine; database: Database }> {
  const engine = engineOn(host, path);
  const [database] = await engine.discover({ signal });
  await engine.probe(database as Database, { signal });
  return { engine, database: database as Database };
}

async function taken(engine: SqliteEngine, database: Database): Promise<SnapshotProof> {
  await using snapshot = await engine.snapshot(database, { signal });
  await collect(snapshot.read());
  return await snapshot.proof;
}

describe('between the look at a file and its snapshot', () => {
  test.each(['wal', 'delete'] as const)(
    'it goes: no empty database is made in its place, or backed up (%s)',
    async (journal) => {
      makeAppDatabase(path, { journal });
      const { engine, database } = await probed(far);
      rmSync(path);
      await expect(engine.snapshot(database, { signal })).rejects.toMatchObject({ code: 'sqlite.missing' });
      expect(existsSync(path)).toBe(false);
      expect(readdirSync(scratch)).toEqual([]);
    },
  );

  test('it is emptied: nothing is backed up in its place', async () => {
    makeAppDatabase(path);
    const { engine, database } = await probed(far);
    truncateSync(path);
    await expect(engine.snapshot(database, { signal })).rejects.toMatchObject({ code: 'sqlite.empty' });
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('a text, or a pipe, takes its place: it is no database', async () => {
    for (const replace of [
      () => writeFileSync(path, 'a text that took its place'.repeat(100)),
      () => execFileSync('mkfifo', [path]),
    ]) {
      makeAppDatabase(path, { journal: 'delete' });
      const { engine, database } = await probed(far);
      rmSync(path);
      replace();
      await expect(engine.snapshot(database, { signal })).rejects.toMatchObject({
        code: expect.stringMatching(/^sqlite\.(not-a-database|not-a-file)$/),
      });
      rmSync(path);
    }
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('a release moves its link to another file: that is taken', async () => {
    const releases = ['1', '2'].map((name) => join(dirname(path), `${name}.sqlite3`)) as [string, string];
    for (const release of releases) makeAppDatabase(release);
    symlinkSync(releases[0], path);
    const { engine, database } = await probed(far);
    rmSync(path);
    symlinkSync(releases[1], path);
    rmSync(releases[0]);
    await taken(engine, database);
    expect(readdirSync(dirname(path)).sort()).toEqual(['2.sqlite3', 'app.sqlite3']);
  });

  test('the app stops: nothing is left beside its file', async () => {
    makeAppDatabase(path);
    const app = new DatabaseSync(path);
    app.exec("INSERT INTO pages (body) VALUES ('in the WAL')");
    const { engine, database } = await probed(far);
    app.close();
    expect((await taken(engine, database)).fingerprint.tables['pages']).toBe(1);
    expect(readdirSync(dirname(path))).toEqual(['app.sqlite3']);
  });

  test('the app is turned to WAL and stops: nothing is left beside its file', async () => {
    makeAppDatabase(path, { journal: 'delete' });
    const { engine, database } = await probed(far);
    const app = new DatabaseSync(path);
    app.exec('PRAGMA journal_mode = WAL');
    app.close();
    await taken(engine, database);
    expect(readdirSync(dirname(path))).toEqual(['app.sqlite3']);
  });

  test('some time passes: it is looked at again', async () => {
    makeAppDatabase(path);
    const { engine, database } = await probed(far);
    await sleep(1100);
    writeFileSync(path, 'a text that took its place'.repeat(100));
    await expect(engine.snapshot(database, { signal })).rejects.toMatchObject({
      code: 'sqlite.not-a-database',
    });
  });

  test('what compresses can not be found: no folder stays', async () => {
    makeAppDatabase(path);
    const { engine, database } = await probed(far);
    const pack = () => Promise.reject(new Error('there is none'));
    await expect(engine.snapshot(database, { signal, pack })).rejects.toThrow('there is none');
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('while a copy is sent', () => {
  const copies = (): string[] =>
    readdirSync(scratch, { recursive: true, encoding: 'utf8' }).filter((name) => /copy\.sqlite3$/.test(name));

  /** Reads it, with a stop after the first bytes, for as long as `meanwhile` takes. */
  async function readSlowly({ read }: Snapshot, meanwhile: () => Promise<void>): Promise<number> {
    let bytes = 0;
    for await (const chunk of read()) {
      if (bytes === 0) await meanwhile();
      bytes += chunk.byteLength;
    }
    return bytes;
  }

  test.each([
    ['a server', () => far],
    ['this machine', () => here],
  ])('from %s, and is proven before that is done, it has no name any more', async (_, host) => {
    makeAppDatabase(path, { megabytes: 60 });
    const { engine, database } = await probed(host());
    await using snapshot = await engine.snapshot(database, { signal });
    expect(copies()).toHaveLength(1);
    const bytes = await readSlowly(snapshot, async () => {
      await snapshot.proof;
      for (let tries = 0; copies().length > 0 && tries < 100; tries += 1) await sleep(50);
      expect(copies()).toEqual([]);
    });
    expect(bytes).toBe((await snapshot.proof).digest?.bytes);
    await snapshot[Symbol.asyncDispose]();
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('and is proven before any of it has come, it keeps its name: it may not be open yet', async () => {
    makeAppDatabase(path, { megabytes: 1 });
    const { engine, database } = await probed(far);
    await using snapshot = await engine.snapshot(database, { signal });
    const { digest } = await snapshot.proof;
    await sleep(300);
    expect(copies()).toHaveLength(1);
    expect((await collect(snapshot.read())).byteLength).toBe(digest?.bytes);
  });
});
