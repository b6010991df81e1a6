import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { copyOf } from '../kit/sqlite-copy.ts';

let dir: string;
let host: Host;
let onlyPython: Host;

beforeAll(async () => {
  host = await openHost({ ssh: null, container: null, sudo: false, env: process.env, signal });
  // A machine with python3 and all the usual programs, but no sqlite3.
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-bin-'));
  for (const folder of ['/usr/bin', '/bin']) {
    for (const name of readdirSync(folder)) {
      if (name !== 'sqlite3' && !existsSync(join(bin, name)))
        symlinkSync(join(folder, name), join(bin, name));
    }
  }
  onlyPython = await openHost({ ssh: null, container: null, sudo: false, env: { PATH: bin }, signal });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  return () => rmSync(dir, { recursive: true, force: true });
});
afterAll(() => host[Symbol.asyncDispose]());

const count = (path: string, table: string): unknown => {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare(`SELECT count(*) AS n FROM ${table}`).get();
  db.close();
  return row?.['n'];
};

describe.each<[string, () => Host]>([
  ['sqlite3', () => host],
  ['python3', () => onlyPython],
])('a snapshot by %s', (tool, where) => {
  test.each([5, 50, 200])(
    'of a WAL database is one state of it while a writer commits %i times a second',
    async (perSecond) => {
      const path = join(dir, 'app.sqlite3');
      makeAppDatabase(path, { megabytes: 60 });
      const writer = await startWriter(path, { perSecond });
      try {
        for (let round = 0; round < 3; round += 1) {
          const { copy, proof, snapshot } = await copyOf(path, where());
          expect(brokenInvariants(copy)).toEqual([]);
          expect(proof.fingerprint.tables['transfers']).toBe(count(copy, 'transfers'));
          expect(snapshot.toolVersion).toContain(tool);
        }
      } finally {
        const report = await writer.stop();
        expect(report.commits).toBeGreaterThan(0);
      }
      expect(brokenInvariants(path)).toEqual([]);
    },
  );

  test('of a database with a rollback journal ends although the writer never rests', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path, { megabytes: 20, journal: 'delete' });
    const writer = await startWriter(path, { perSecond: 1000 });
    try {
      const { copy } = await copyOf(path, where());
      expect(brokenInvariants(copy)).toEqual([]);
    } finally {
      await writer.stop();
    }
  });

  test('holds what only the WAL has, and changes nothing beside the file', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path);
    const app = new DatabaseSync(path);
    app.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO pages (body) VALUES ('in the WAL only')");
    const before = readdirSync(dir);
    const { copy } = await copyOf(path, where());
    expect(count(copy, 'pages')).toBe(1);
    expect(readdirSync(dir)).toEqual(before);
    app.close();
  });

  test('of a database that nobody has open leaves no -wal and no -shm behind', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path);
    await copyOf(path, where());
    expect(readdirSync(dir)).toEqual(['app.sqlite3']);
  });

  test('says the size and hash of what it sends, and counts every table', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path, { megabytes: 1 });
    const app = new DatabaseSync(path);
    app.exec(`CREATE VIRTUAL TABLE search USING fts5(body); INSERT INTO search VALUES ('words');
      CREATE TABLE "it's ""odd""
name" (x); INSERT INTO "it's ""odd""
name" VALUES (1), (2); CREATE VIEW v AS SELECT 1;`);
    app.close();
    const { copy, proof } = await copyOf(path, where());
    const hash = execFileSync('sha256sum', [copy], { encoding: 'utf8' }).slice(0, 64);
    expect(proof.digest).toMatchObject({ sha256: hash });
    expect(proof.fingerprint.tables).toMatchObject({
      accounts: 100,
      pages: 256,
      transfers: 0,
      totals: 1,
      'it\'s "odd"\nname': 2,
    });
    expect(proof.fingerprint.tables).not.toHaveProperty('search');
  });

  test('finds a damaged page, and an index that disagrees with its table', async () => {
    const path = join(dir, 'app.sqlite3');
    makeAppDatabase(path, { megabytes: 2, journal: 'delete' });
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(300, 0xa5), 0, 300, 4096 * 200 + 100);
    await file.close();
    await expect(copyOf(path, where())).rejects.toMatchObject({ exitCode: 3, code: 'sqlite.damaged' });

    const indexed = join(dir, 'index.sqlite3');
    makeAppDatabase(indexed, { journal: 'delete' });
    execFileSync('sqlite3', [
      indexed,
      "INSERT INTO transfers (source) VALUES (1), (2); PRAGMA writable_schema = on; UPDATE sqlite_master SET sql = 'CREATE INDEX transfers_source ON transfers (target)' WHERE name = 'transfers_source'",
    ]);
    await expect(copyOf(indexed, where())).rejects.toMatchObject({ exitCode: 3, code: 'sqlite.damaged' });
  });

  test('takes any path literally', async () => {
    for (const name of [
      "it's.db",
      'a b.db',
      '$(touch pwned).db',
      '";.quit;.db',
      'ünï*code?.db',
      '-rf.db',
      'new\nline.db',
      'per%20cent#x.db',
    ]) {
      const path = join(dir, name);
      makeAppDatabase(path);
      // A name with glob characters is a glob; here it matches itself.
      const { copy } = await copyOf(path.replace(/[*?]/g, '?'), where());
      expect(count(copy, 'accounts'), name).toBe(100);
    }
    expect(existsSync('/pwned') || existsSync(join(dir, 'pwned'))).toBe(false);
  });
});
