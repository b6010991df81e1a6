import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
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
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Database, Snapshot } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { sqliteContent } from '../kit/content.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

const count = 12;

let root: string;
let scratch: string;
let shims: string;
let sshd: Sshd;
let host: Host;
let dir: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-many-'));
  [scratch, shims] = [join(root, 'tmp'), join(root, 'bin')];
  for (const folder of [scratch, shims]) mkdirSync(folder);
  sshd = await startSshd({ config: [`SetEnv SHLVL=1 TMPDIR=${scratch} PATH=${shims}:/usr/bin:/bin`] });
  host = await sshHost(sshd);
});
beforeEach(() => {
  dir = mkdtempSync(join(root, 'app-'));
  makeAppDatabase(pathOf(0), { megabytes: 1 });
  for (let index = 1; index < count; index += 1) copyFileSync(pathOf(0), pathOf(index));
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await sshd.stop();
  rmSync(root, { recursive: true });
});

const pathOf = (index: number): string => join(dir, `app-${index}.sqlite3`);

/** All of them, found and looked at. */
async function probed(): Promise<{ engine: SqliteEngine; databases: readonly Database[] }> {
  const engine = new SqliteEngine({ host, paths: [join(dir, '*.sqlite3')], exclude: [] });
  const databases = await engine.discover({ signal });
  expect(databases).toHaveLength(count);
  for (const database of databases) await engine.probe(database, { signal });
  return { engine, databases };
}

async function written(snapshot: Snapshot): Promise<string> {
  const file = join(root, 'copy.sqlite3');
  const handle = await open(file, 'w');
  for await (const chunk of snapshot.read()) await handle.write(chunk);
  await handle.close();
  return file;
}

const programs = (): number => sshd.log().split('Starting session: command').length - 1;

test('a dozen small databases take a program each, and one to look at them all', async () => {
  const before = programs();
  const { engine, databases } = await probed();
  for (const database of databases) {
    await using snapshot = await engine.snapshot(database, { signal });
    const copy = await written(snapshot);
    expect(sqliteContent(copy)).toBe(sqliteContent(join(dir, `${database.name}.sqlite3`)));
    expect((await snapshot.proof).digest?.bytes).toBe(statSync(copy).size);
  }
  // The listing of the glob is the third kind.
  expect(programs() - before).toBe(count + 2);
  expect(readdirSync(scratch)).toEqual([]);
});

test('each is of one moment, while the app writes', async () => {
  const { engine, databases } = await probed();
  const writer = await startWriter(pathOf(3), { perSecond: 200 });
  try {
    for (let round = 0; round < 5; round += 1) {
      await using snapshot = await engine.snapshot(databases[3] as Database, { signal });
      expect(brokenInvariants(await written(snapshot))).toEqual([]);
    }
  } finally {
    await writer.stop();
  }
});

test('a WAL database that nobody has open is left without side files', async () => {
  const { engine, databases } = await probed();
  await using snapshot = await engine.snapshot(databases[1] as Database, { signal });
  await collect(snapshot.read());
  expect(readdirSync(dir).filter((file) => /-(wal|shm)$/.test(file))).toEqual([]);
});

test('one that is damaged, gone, or no database any more fails alone, with its own words', async () => {
  const { engine, databases } = await probed();
  const db = new DatabaseSync(pathOf(1));
  const rootPage = db.prepare("SELECT rootpage FROM sqlite_master WHERE type = 'table' LIMIT 1").get()?.[
    'rootpage'
  ];
  db.close();
  const file = await open(pathOf(1), 'r+');
  await file.write(Buffer.alloc(100, 0xee), 0, 100, (Number(rootPage) - 1) * 4096);
  await file.close();
  rmSync(pathOf(2));
  writeFileSync(pathOf(4), '');
  writeFileSync(pathOf(5), 'a text that took its place');
  const take = async (database: Database | undefined): Promise<void> => {
    await using snapshot = await engine.snapshot(database as Database, { signal });
    await collect(snapshot.read());
    await snapshot.proof;
  };
  const byName = (index: number) => databases.find(({ source }) => source.includes(`app-${index}.`));
  await expect(take(byName(1))).rejects.toMatchObject({ code: 'sqlite.damaged', exitCode: 3 });
  await expect(take(byName(2))).rejects.toMatchObject({ code: 'sqlite.missing' });
  expect(existsSync(pathOf(2))).toBe(false);
  await expect(take(byName(4))).rejects.toMatchObject({ code: 'sqlite.empty' });
  await expect(take(byName(5))).rejects.toThrow(/app-5.*(not a database|damaged)/);
  await take(byName(6));
  expect(readdirSync(scratch)).toEqual([]);
});

test.each([
  ['the copy', '*" -readonly "*|*" -init /dev/null "/*'],
  ['the check', '*immutable*'],
])('a connection that ends during %s leaves nothing on the server', async (_, pattern) => {
  const { databases: known } = await probed();
  const shim = join(shims, 'sqlite3');
  writeFileSync(
    shim,
    `#!/bin/sh\ncase " $* " in ${pattern}) touch ${root}/reached; sleep 600 ;; esac\nexec /usr/bin/sqlite3 "$@"\n`,
    { mode: 0o755 },
  );
  try {
    const own = await sshHost(sshd);
    const engine = new SqliteEngine({ host: own, paths: [join(dir, '*.sqlite3')], exclude: [] });
    const databases = await engine.discover({ signal });
    expect(databases).toHaveLength(known.length);
    for (const database of databases) await engine.probe(database, { signal });
    const taking = (async () => {
      await using snapshot = await engine.snapshot(databases[0] as Database, { signal });
      await collect(snapshot.read());
    })();
    taking.catch(() => {});
    while (!existsSync(join(root, 'reached'))) await sleep(20);
    expect(readdirSync(scratch)).toHaveLength(1);
    await own[Symbol.asyncDispose]();
    await expect(taking).rejects.toThrow();
    for (let tries = 0; readdirSync(scratch).length > 0; tries += 1) {
      expect(tries).toBeLessThan(100);
      await sleep(100);
    }
  } finally {
    rmSync(shim);
    rmSync(join(root, 'reached'), { force: true });
  }
});

test('what a dead run left is swept first', async () => {
  const old = join(scratch, 'holdfast.Abcd1234');
  mkdirSync(old);
  execFileSync('touch', ['-d', '2 days ago', old]);
  const { engine, databases } = await probed();
  await using snapshot = await engine.snapshot(databases[0] as Database, { signal });
  await collect(snapshot.read());
  expect(existsSync(old)).toBe(false);
});

test('in every encoding, and whatever they are called, all tables are counted', async () => {
  const names = ['plain', 'grüße 😀', 'a\nb', '.shell x', 'it"s', 'holdfast-copied'];
  const rows = (name: string) => `CREATE TABLE "${name.replaceAll('"', '""')}" (x);
    INSERT INTO "${name.replaceAll('"', '""')}" VALUES (1), (2);`;
  const encodings = ['UTF-8', 'UTF-16le', 'UTF-16be'];
  for (const [index, encoding] of encodings.entries()) {
    rmSync(pathOf(index));
    execFileSync('sqlite3', [pathOf(index)], {
      input: `PRAGMA encoding = '${encoding}'; ${names.map(rows).join('\n')}`,
    });
  }
  const { engine, databases } = await probed();
  for (const [index] of encodings.entries()) {
    const database = databases.find(({ source }) => source.includes(`app-${index}.`));
    await using snapshot = await engine.snapshot(database as Database, { signal });
    await collect(snapshot.read());
    const { tables } = (await snapshot.proof).fingerprint;
    expect(tables).toEqual(Object.fromEntries(names.map((name) => [name, 2])));
  }
});

describe('thousands of tables', () => {
  const names = Array.from({ length: 3000 }, (_, index) => `table_of_a_tenant_${index}`);
  beforeEach(() => {
    rmSync(pathOf(0));
    execFileSync('sqlite3', [pathOf(0)], {
      input: `BEGIN; ${names.map((name) => `CREATE TABLE ${name} (x);`).join('\n')} INSERT INTO ${names[7]} VALUES (1); COMMIT;`,
    });
  });
  afterEach(() => {
    for (const shim of readdirSync(shims)) rmSync(join(shims, shim));
  });

  const counted = async (): Promise<unknown> => {
    const { engine, databases } = await probed();
    await using snapshot = await engine.snapshot(databases[0] as Database, { signal });
    await collect(snapshot.read());
    return (await snapshot.proof).fingerprint.tables;
  };

  test.each(['dash', 'bash', 'busybox'])('are counted, where sh is %s', async (shell) => {
    symlinkSync(join('/usr/bin', shell), join(shims, 'sh'));
    expect(await counted()).toEqual(
      Object.fromEntries(names.map((name, index) => [name, index === 7 ? 1 : 0])),
    );
  });

  test('are too much text for the pipes of bash, which has a file for it: in the folder with the room', async () => {
    symlinkSync('/usr/bin/bash', join(shims, 'sh'));
    const log = join(root, 'stdin');
    const shim = `#!/bin/sh\nreadlink /proc/$$/fd/0 >>${log}\nexec /usr/bin/sqlite3 "$@"\n`;
    writeFileSync(join(shims, 'sqlite3'), shim, { mode: 0o755 });
    await counted();
    const files = readFileSync(log, 'utf8')
      .split('\n')
      .filter((path) => path.includes('sh-thd'));
    expect(files).toEqual([expect.stringMatching(/\/holdfast\.\w+\/sh-thd/)]);
  });
});

test('the copy, which holds a lock, does not wait for the app to leave it the processor; what comes after gives way', async () => {
  const shim = join(shims, 'sqlite3');
  const log = join(root, 'nice');
  writeFileSync(shim, `#!/bin/sh\necho "$(nice) $*" >>${log}\nexec /usr/bin/sqlite3 "$@"\n`, { mode: 0o755 });
  try {
    const { engine, databases } = await probed();
    await using snapshot = await engine.snapshot(databases[0] as Database, { signal });
    await collect(snapshot.read());
    await snapshot.proof;
  } finally {
    rmSync(shim);
  }
  const ran = readFileSync(log, 'utf8').trim().split('\n').slice(-2);
  const [copy, check] = ran.map((line) => Number(line.split(' ')[0]));
  expect(ran[1]).toContain('immutable');
  expect(Number(check) - Number(copy)).toBe(10);
});
