import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Engine } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import { GatedSqliteEngine } from '../../src/engines/sqlite/gated-engine.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { gatedHost, holdKey, shells } from '../kit/gate.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase } from '../kit/sqlite.ts';
import { addUser, localHost, pathWithout, sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let user: ReturnType<typeof addUser>;
let dir: string;
let path: string;

beforeAll(async () => {
  sshd = await startSshd();
  user = addUser(sshd);
});
afterAll(async () => {
  user.remove();
  await sshd.stop();
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-hot-'));
  chmodSync(dir, 0o755);
  path = join(dir, 'app.sqlite3');
  leaveHalfWritten(path);
  return () => rmSync(dir, { recursive: true });
});

/** What an app leaves that is killed in the middle of a large write: pages of it in the file, and those before it in the journal. */
function leaveHalfWritten(at: string): void {
  const live = `${at}.live`;
  makeAppDatabase(live, { journal: 'delete', megabytes: 1 });
  const before = readFileSync(live);
  const app = new DatabaseSync(live);
  app.exec(
    "PRAGMA cache_size = 5; BEGIN; UPDATE accounts SET balance = 1; UPDATE pages SET body = upper(body) || 'half'",
  );
  copyFileSync(live, at);
  copyFileSync(`${live}-journal`, `${at}-journal`);
  app.close();
  for (const name of readdirSync(dir)) if (name.includes('.live')) rmSync(join(dir, name));
  expect(readFileSync(at).equals(before)).toBe(false);
}

/** The copy of one database of an engine. */
async function take(engine: Engine): Promise<string> {
  const databases = await engine.discover({ signal });
  for (const database of databases) await engine.probe(database, { signal });
  const hot = databases.find(({ source }) => source.includes(path));
  if (hot === undefined) throw new Error('it was not discovered');
  await using snapshot = await engine.snapshot(hot, { signal });
  const copy = join(dir, 'copy');
  writeFileSync(copy, await collect(snapshot.read()));
  await snapshot.proof;
  return copy;
}

function expectTakenBack(copy: string): void {
  expect(brokenInvariants(copy)).toEqual([]);
  const db = new DatabaseSync(copy, { readOnly: true });
  expect(db.prepare("SELECT count(*) AS n FROM pages WHERE body LIKE '%half'").get()).toEqual({ n: 0 });
  db.close();
  expect(readdirSync(dir)).not.toContain('app.sqlite3-journal');
  expect(brokenInvariants(path)).toEqual([]);
}

const engineOn = (host: Host, glob = 'app.sqlite3'): Engine =>
  new SqliteEngine({ host, paths: [join(dir, glob)], exclude: [] });

test('an app that was killed in a write is backed up as it will find its database', async () => {
  await using host = await localHost();
  expectTakenBack(await take(engineOn(host)));
});

test('by python3 too', async () => {
  await using host = await localHost({ PATH: pathWithout('sqlite3') });
  expectTakenBack(await take(engineOn(host)));
});

test('one of many small ones too', async () => {
  for (let index = 0; index < 9; index += 1) makeAppDatabase(join(dir, `other-${index}.sqlite3`));
  await using host = await localHost();
  expectTakenBack(await take(engineOn(host, '*.sqlite3')));
});

test.each(shells)('through a gate run by %s too', async (shell) => {
  const allowed = { paths: [path], exclude: [] };
  holdKey(sshd, allowed, shell);
  await using host = await gatedHost(sshd);
  expectTakenBack(await take(new GatedSqliteEngine({ host, ...allowed })));
});

test.each([
  ['the file', 0o644, 0o755],
  ['its journal, which may be hot', 0o600, 0o755],
  ['the folder', 0o666, 0o755],
])('a user who may not write to %s hears why, and what to do', async (_, mode, folderMode) => {
  chmodSync(path, mode | 0o044);
  chmodSync(`${path}-journal`, mode);
  chmodSync(dir, folderMode);
  const stuck = {
    ...{ code: 'sqlite.hot-journal', input: 'database' },
    message: expect.stringMatching(/ended in the middle of a write.*may not write/),
    hint: expect.stringMatching(/Start the app.*`sudo: true`/),
  };
  copyFileSync(`${sshd.privateKeyFile}.pub`, join(sshd.dir, 'authorized_keys'));
  await using host = await sshHost(sshd, user.name);
  await expect(take(engineOn(host))).rejects.toMatchObject(stuck);
  const before = readFileSync(path);
  for (let index = 0; index < 9; index += 1)
    makeAppDatabase(join(dir, `other-${index}.sqlite3`), { journal: 'delete' });
  await expect(take(engineOn(host, '*.sqlite3'))).rejects.toMatchObject(stuck);
  const allowed = { paths: [path], exclude: [] };
  holdKey(sshd, allowed);
  await using gated = await gatedHost(sshd, user.name);
  await expect(take(new GatedSqliteEngine({ host: gated, ...allowed }))).rejects.toMatchObject(stuck);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dir)).toContain('app.sqlite3-journal');
});

test('a write that goes on is not taken back', async () => {
  const live = join(dir, 'live.sqlite3');
  makeAppDatabase(live, { journal: 'delete', megabytes: 1 });
  const app = new DatabaseSync(live);
  app.exec('BEGIN; UPDATE accounts SET balance = balance + 1; UPDATE accounts SET balance = balance - 1');
  path = live;
  await using host = await localHost();
  expect(brokenInvariants(await take(engineOn(host, 'live.sqlite3')))).toEqual([]);
  app.exec('COMMIT');
  app.close();
  expect(brokenInvariants(live)).toEqual([]);
});
