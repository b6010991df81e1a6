import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Database } from '../../src/core/engine.ts';
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

  test('another file takes its place: it is no database', async () => {
    makeAppDatabase(path);
    const { engine, database } = await probed(far);
    writeFileSync(path, 'a text that took its place'.repeat(100));
    await expect(engine.snapshot(database, { signal })).rejects.toMatchObject({ code: 'sqlite.damaged' });
    expect(readdirSync(scratch)).toEqual([]);
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
});

describe('while a copy is sent', () => {
  const copies = (): string[] =>
    readdirSync(scratch, { recursive: true, encoding: 'utf8' }).filter((name) => /copy\.sqlite3$/.test(name));

  test('over a line that is slower than its check, it has no name any more once it is proven', async () => {
    makeAppDatabase(path, { megabytes: 60 });
    const { engine, database } = await probed(far);
    await using snapshot = await engine.snapshot(database, { signal });
    expect(copies()).toHaveLength(1);
    const sent: Uint8Array[] = [];
    let proven = 0;
    for await (const chunk of snapshot.read()) {
      sent.push(chunk);
      if (proven > 0) continue;
      proven = (await snapshot.proof).digest?.bytes ?? 0;
      for (let tries = 0; copies().length > 0 && tries < 100; tries += 1) await sleep(50);
      expect(copies()).toEqual([]);
    }
    expect(Buffer.concat(sent).byteLength).toBe(proven);
    await snapshot[Symbol.asyncDispose]();
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('on this machine it keeps its name to the end', async () => {
    makeAppDatabase(path, { megabytes: 5 });
    const { engine, database } = await probed(here);
    await using snapshot = await engine.snapshot(database, { signal });
    await collect(snapshot.read());
    await snapshot.proof;
    expect(copies()).toHaveLength(1);
    await snapshot[Symbol.asyncDispose]();
    expect(readdirSync(scratch)).toEqual([]);
  });
});
