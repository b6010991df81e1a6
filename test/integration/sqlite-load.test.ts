import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import type { Loaded, LoadRequest } from '../../src/core/engine.ts';
import { CommandError, HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { copyOf } from '../kit/sqlite-copy.ts';
import { localHost, pathWithout, sshHost } from '../kit/sqlite-hosts.ts';
import { loadRequest, notesBytes } from '../kit/sqlite-plain.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let dir: string;
let temporary: string;
let sshd: Sshd;
let remote: Host;
let noShell: string;

beforeAll(async () => {
  sshd = await startSshd();
  remote = await sshHost(sshd);
  noShell = pathWithout('sqlite3');
});
afterAll(async () => {
  await remote[Symbol.asyncDispose]();
  await sshd.stop();
  rmSync(noShell, { recursive: true });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-load-'));
  temporary = join(dir, 'tmp');
  mkdirSync(temporary);
});
afterEach(() => {
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(dir, { recursive: true });
});

const here = (): Promise<Host> => localHost({ ...process.env, TMPDIR: temporary });
const python = (): Promise<Host> => localHost({ PATH: noShell, TMPDIR: temporary });
const load = (host: Host, request: LoadRequest): Promise<Loaded> =>
  new SqliteEngine({ host, paths: [], exclude: [] }).load(request);

describe.each<[string, () => Promise<Host>]>([
  ['sqlite3', here],
  ['python3', python],
  ['sqlite3', async () => remote],
])('a backup loaded by %s', (tool, where) => {
  test('is what was backed up', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path, { megabytes: 1 });
    const { copy, proof } = await copyOf(path, await here());
    const host = await where();
    await using loaded = await load(host, loadRequest(readFileSync(copy)));
    expect(loaded.label).toContain(tool);
    expect(loaded.label).toContain(host.label);
    expect(await loaded.check()).toEqual([]);
    expect(await loaded.fingerprint()).toEqual(proof.fingerprint);
  });

  test('answers a query with the first column of each row', async () => {
    const content = notesBytes(join(dir, 'notes'), ['one', 'two, "three"', '', 'a\nb', '.quit', 'ünï']);
    await using loaded = await load(await where(), loadRequest(content));
    const ask = (sql: string) => loaded.query(sql);
    expect(await ask('SELECT body, id FROM notes ORDER BY id')).toEqual([
      'one',
      'two, "three"',
      '',
      'a\nb',
      '.quit',
      'ünï',
    ]);
    expect(await ask('SELECT NULL')).toEqual(['']);
    expect(await ask('SELECT NULL, NULL')).toEqual(['']);
    expect(await ask('SELECT 1 WHERE 0')).toEqual([]);
    expect(await ask("SELECT ';' -- done; really")).toEqual([';']);
    expect(await ask('SELECT 0.5;')).toEqual(['0.5']);
    expect(await ask('/* a; */ WITH q AS (SELECT 1 AS x)\nSELECT x FROM q ;\n')).toEqual(['1']);
    expect(await ask('SELECT count(*) > 3 FROM notes')).toEqual(['1']);
  });

  test('changes nothing for a query, and says what SQLite says', async () => {
    const content = notesBytes(join(dir, 'notes'), ['one']);
    await using loaded = await load(await where(), loadRequest(content));
    const refused = async (sql: string): Promise<HoldfastError> => {
      const error = await loaded.query(sql).catch((cause) => cause);
      expect(error, sql).toBeInstanceOf(HoldfastError);
      expect(error, sql).toMatchObject({ code: 'sqlite.query', exitCode: 1 });
      return error;
    };
    expect((await refused('SELECT x FROM nowhere')).message).toBe(
      'The query failed: no such table: nowhere.',
    );
    expect((await refused("SELECT 'open")).message).toMatch(/The query failed: .+\./);
    const pwned = join(dir, 'pwned');
    for (const sql of [
      `.shell touch ${pwned}`,
      `SELECT 1\n/\n.shell touch ${pwned}`,
      `SELECT 1;\n.shell touch ${pwned}`,
      `SELECT 1; ATTACH '${pwned}' AS p; CREATE TABLE p.t (x)`,
      `ATTACH '${pwned}' AS p`,
      `SELECT writefile('${pwned}', 'x')`,
      'DELETE FROM notes',
      'WITH q AS (SELECT 1) DELETE FROM notes',
      '',
    ]) {
      await refused(sql);
    }
    expect(existsSync(pwned)).toBe(false);
    expect(await loaded.query('SELECT count(*) FROM notes')).toEqual(['1']);
  });

  test('tells rows whose foreign key points nowhere, which are no damage', async () => {
    const path = join(dir, 'keys');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA foreign_keys = off; CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE a (p REFERENCES p (id)); CREATE TABLE "b c" (p REFERENCES gone (id));
      INSERT INTO a VALUES (1), (2), (3); INSERT INTO "b c" VALUES (1)`);
    db.close();
    await using loaded = await load(await where(), loadRequest(readFileSync(path)));
    expect(await loaded.check()).toEqual([
      '4 rows with a foreign key that points nowhere, as in the source: table a (3), table b c (1)',
    ]);
    expect((await loaded.fingerprint()).tables).toEqual({ p: 0, a: 3, 'b c': 1 });
  });

  test('tells keys that can not be checked, which is no damage either', async () => {
    const path = join(dir, 'keys');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA foreign_keys = off; CREATE TABLE p (id); CREATE TABLE a (p REFERENCES p (id));
      INSERT INTO a VALUES (1)`);
    db.close();
    await using loaded = await load(await where(), loadRequest(readFileSync(path)));
    const [note] = await loaded.check();
    expect(note).toMatch(/^the foreign keys can't be checked: .*mismatch|^1 row with a foreign key/);
  });

  test('is damaged when its pages are, or when it is no database', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path, { megabytes: 2, journal: 'delete' });
    const content = readFileSync(path);
    content.fill(0xa5, 4096 * 200 + 100, 4096 * 200 + 400);
    const text = Buffer.from(
      'This is no database, but a text that is long enough to look like one.'.repeat(9),
    );
    const cut = readFileSync(path).subarray(0, 4096 * 100);
    for (const bytes of [content, text, cut]) {
      await using loaded = await load(await where(), loadRequest(bytes));
      const error = await loaded.check().catch((cause) => cause);
      expect(error).toBeInstanceOf(IntegrityError);
      expect(error).toMatchObject({ code: 'sqlite.damaged' });
      expect(error.message).toMatch(/^The database of the backup is damaged/);
      expect(error.message).not.toMatch(/nothing was stored|source/);
      await expect(loaded.fingerprint()).rejects.toBe(error);
    }
  });

  test('needs a SQLite that is new enough, and its absence is no damage', async () => {
    const path = join(dir, 'new');
    execFileSync('sqlite3', [
      path,
      "CREATE TABLE t (x); PRAGMA writable_schema = on; UPDATE sqlite_master SET sql = 'CREATE TABLE t (x) FROM_THE_FUTURE'",
    ]);
    const content = readFileSync(path);
    {
      await using loaded = await load(await where(), loadRequest(content, { engineVersion: '3.100.0' }));
      const error = await loaded.check().catch((cause) => cause);
      expect(error).toBeInstanceOf(CommandError);
      expect(error).toMatchObject({ code: 'sqlite.too-old', hint: expect.stringContaining('3.100.0') });
    }
    await using loaded = await load(await where(), loadRequest(content, { engineVersion: '3.9.2' }));
    await expect(loaded.check()).rejects.toBeInstanceOf(IntegrityError);
  });
});

async function* failing(error: Error, chunks = 20): Bytes {
  for (let count = 0; count < chunks; count += 1) yield Buffer.alloc(256 * 1024, 'x');
  throw error;
}

test.each<[string, () => Promise<Host>]>([
  ['here', here],
  ['over SSH', async () => remote],
])('the error of the bytes is the error of the load, and nothing is opened: %s', async (_, where) => {
  const error = new IntegrityError('the bytes are wrong', { code: 'object.damaged' });
  for (const chunks of [0, 1, 20]) {
    await expect(load(await where(), loadRequest(failing(error, chunks)))).rejects.toBe(error);
  }
});

test('without a tool, nothing is downloaded', async () => {
  const bin = pathWithout('sqlite3', 'python3');
  const host = await localHost({ PATH: bin, TMPDIR: temporary });
  let read = false;
  async function* plain(): Bytes {
    read = true;
    yield Buffer.alloc(10);
  }
  const error = await load(host, loadRequest(plain())).catch((cause) => cause);
  rmSync(bin, { recursive: true });
  expect(error).toMatchObject({ code: 'sqlite.no-tool', exitCode: 1 });
  expect(read).toBe(false);
});

test('the first folder with room is taken; without any, it could not be tried', async () => {
  const small = join(dir, 'small');
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
  try {
    const host = await localHost({ ...process.env, TMPDIR: small });
    const content = notesBytes(join(dir, 'notes'), ['x'.repeat(2e6)]);
    await using loaded = await load(host, loadRequest(content));
    expect(readdirSync(small)).toEqual([]);
    expect(await loaded.check()).toEqual([]);
    await expect(load(host, loadRequest(content, { plainBytes: 8e15 }))).rejects.toMatchObject({
      code: 'sqlite.no-space',
      exitCode: 1,
    });
    // More comes than was said: the disk is full in mid-way.
    await expect(load(host, loadRequest(content, { plainBytes: 1000 }))).rejects.toMatchObject({
      code: 'sqlite.no-space',
      exitCode: 1,
    });
    expect(readdirSync(small)).toEqual([]);
  } finally {
    execFileSync('umount', [small]);
  }
});

test('the file is private, and gone once it is disposed of', async () => {
  const loaded = await load(await here(), loadRequest(notesBytes(join(dir, 'notes'), ['one'])));
  const checking = loaded.check();
  const [folder = ''] = readdirSync(temporary);
  expect(execFileSync('stat', ['-c', '%a', join(temporary, folder)], { encoding: 'utf8' })).toBe('700\n');
  expect(
    execFileSync('stat', ['-c', '%a', join(temporary, folder, 'loaded.sqlite3')], { encoding: 'utf8' }),
  ).toBe('600\n');
  await checking;
  await loaded[Symbol.asyncDispose]();
  expect(readdirSync(temporary)).toEqual([]);
});

test('a cancelled load leaves nothing', async () => {
  const controller = new AbortController();
  async function* endless(): Bytes {
    for (;;) {
      yield Buffer.alloc(65536);
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const request = loadRequest(endless(), { signal: controller.signal });
  await expect(load(await here(), request)).rejects.toMatchObject({ code: 'cancelled' });
  expect(signal.aborted).toBe(false);
});

test('~/.sqliterc has no say', async () => {
  writeFileSync(join(dir, '.sqliterc'), '.print HELLO\n');
  const host = await localHost({ ...process.env, HOME: dir, TMPDIR: temporary });
  await using loaded = await load(host, loadRequest(notesBytes(join(dir, 'notes'), ['one'])));
  expect(await loaded.check()).toEqual([]);
  expect(await loaded.query('SELECT body FROM notes')).toEqual(['one']);
});
