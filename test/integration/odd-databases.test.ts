import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Engine } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { PostgresTarget } from '../../src/engines/postgres/postgres-target.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

let dir: string;
let host: Host;
let server: Postgres;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-odd-'));
  host = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
  server = await startPostgres();
});
afterAll(async () => {
  server.stop();
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** What is counted in the snapshot, and in what is loaded of it. */
async function fingerprints(engine: Engine) {
  const [database] = await engine.discover({ signal });
  if (database === undefined) throw new Error('nothing was found');
  await using snapshot = await engine.snapshot(database, { signal });
  const plain = await collect(snapshot.read());
  const { fingerprint } = await snapshot.proof;
  const { extension, engineVersion } = snapshot;
  const bytes = async function* () {
    yield plain;
  };
  await using loaded = await engine.load({
    ...{ plain: bytes(), plainBytes: plain.byteLength, extension, engineVersion, signal },
  });
  await loaded.check();
  return { taken: fingerprint, loaded: await loaded.fingerprint() };
}

describe('SQLite', () => {
  test.each(['UTF-8', 'UTF-16le', 'UTF-16be'])('in %s is counted all the same', async (encoding) => {
    const path = join(dir, `${encoding}.sqlite3`);
    const sql = `PRAGMA encoding = '${encoding}'; CREATE TABLE plain (x); CREATE TABLE "grüße 😀" (x); INSERT INTO "grüße 😀" VALUES (1), (2);`;
    execFileSync('sqlite3', [path], { input: sql });
    const { taken, loaded } = await fingerprints(new SqliteEngine({ host, paths: [path], exclude: [] }));
    expect(taken.tables).toEqual({ 'grüße 😀': 2, plain: 0 });
    expect(loaded).toEqual(taken);
  });
});

const hosts = () => ({ host, runner: host, install: null, reporter: quietReporter() });

describe('PostgreSQL', () => {
  test.each([
    [
      'a key to a table one of whose partitions is gone',
      `CREATE TABLE parted (i int PRIMARY KEY) PARTITION BY RANGE (i);
       CREATE TABLE p1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
       CREATE TABLE p2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
       CREATE TABLE ref (i int REFERENCES parted (i));
       ALTER TABLE parted DETACH PARTITION p1; DROP TABLE p1;
       INSERT INTO parted VALUES (11); INSERT INTO ref VALUES (11)`,
    ],
    [
      'a partition that was attached with constraints of its own, and one that was renamed',
      `CREATE TABLE other (i int PRIMARY KEY);
       CREATE TABLE parted (i int, CONSTRAINT newfk FOREIGN KEY (i) REFERENCES other (i), CONSTRAINT c1 CHECK (i >= 0)) PARTITION BY RANGE (i);
       CREATE TABLE p1 (i int, CONSTRAINT oldfk FOREIGN KEY (i) REFERENCES other (i), CONSTRAINT c1 CHECK (i >= 0));
       ALTER TABLE parted ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);
       ALTER TABLE parted RENAME CONSTRAINT newfk TO newer`,
    ],
    [
      'a child that allows what its parent does not',
      `CREATE TABLE par (a int NOT NULL); CREATE TABLE chi () INHERITS (par); ALTER TABLE chi ALTER a DROP NOT NULL`,
    ],
  ])('with %s is the same after a restore', async (what, sql) => {
    const name = `odd_${what.length}`;
    server.sql('postgres', `CREATE DATABASE ${name}`);
    server.sql(name, sql);
    const { taken, loaded } = await fingerprints(
      new PostgresEngine({ ...hosts(), urls: [new Secret(server.url(name))], globals: false }),
    );
    expect(loaded).toEqual(taken);
  });

  const inspect = (name: string) =>
    new PostgresTarget({ ...hosts(), url: new Secret(server.url(name)), jobs: 1 }).inspect({ signal });

  test.each([
    ['large objects', "SELECT lo_from_bytea(0, 'precious')"],
    ['a materialized view', 'CREATE MATERIALIZED VIEW m AS SELECT 1 AS i'],
    ['a function', "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ['a sequence', 'CREATE SEQUENCE s'],
  ])('that holds nothing but %s is not empty: it is worth a typed name', async (what, sql) => {
    const name = `only_${what.replaceAll(' ', '_')}`;
    server.sql('postgres', `CREATE DATABASE ${name}`);
    expect((await inspect(name)).state).toBe('empty');
    server.sql(name, sql);
    expect((await inspect(name)).state).toBe('present');
  });

  test('of which others are made is no target', async () => {
    expect(() => inspect('template1')).toThrow(/new databases are made from it/);
  });
});

describe('a command that starts an app', () => {
  test('leaves it running, and an ordinary one does not', async () => {
    const start = (file: string) => `(sleep 2; touch ${file}) >/dev/null 2>&1 </dev/null & sleep 0.3`;
    const [stays, goes] = [join(dir, 'stays'), join(dir, 'goes')];
    await runProgram(host, ['sh', '-c', start(stays)], { signal, lingering: true });
    await runProgram(host, ['sh', '-c', start(goes)], { signal });
    await sleep(3500);
    execFileSync('test', ['-e', stays]);
    expect(() => execFileSync('test', ['-e', goes])).toThrow();
  });
});
