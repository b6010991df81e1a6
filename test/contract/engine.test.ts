import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import type { Database, Engine, Loaded, Packer, Snapshot } from '../../src/core/engine.ts';
import { CancelledError, HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { quote } from '../../src/core/quote.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { engineFor } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let dir: string;
let host: Host;
let server: Postgres;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-engine-'));
  host = await localHost({ ...process.env, TMPDIR: dir });
  server = await startPostgres();
});
afterAll(async () => {
  server.stop();
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** One kind of database, by name. */
interface Kind {
  readonly id: string;
  readonly title: string;
  create(name: string): void;
  change(name: string, sql: string): void;
  engine(name: string): Engine;
  /** Makes the database `name` of a plain file, with the engine's own command where that is what it does. */
  recover(file: string, name: string): void;
  /** Throws unless the database can be altered at once: nobody holds anything on it. */
  assertFree(name: string): void;
}

const schema = 'CREATE TABLE t (i int PRIMARY KEY); CREATE TABLE none (x text);';

const sqlitePath = (name: string): string => join(dir, `${name}.sqlite3`);
const sqlite: Kind = {
  id: 'sqlite',
  title: 'sqlite',
  create: (name) => sqlite.change(name, `PRAGMA journal_mode = WAL; ${schema}`),
  change(name, sql) {
    const db = new DatabaseSync(sqlitePath(name));
    db.exec(sql);
    db.close();
  },
  engine: (name) => new SqliteEngine({ host, paths: [sqlitePath(name)], exclude: [] }),
  recover(file, name) {
    execFileSync('sh', ['-ec', sqlite.engine(name).recoverCommand(quote(file))], { stdio: 'pipe' });
    copyFileSync(file, sqlitePath(name));
  },
  assertFree: (name) => sqlite.change(name, 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT'),
};

/** The same file as one of many small ones, which are done in another way. */
const oneOfMany: Kind = {
  ...sqlite,
  title: 'sqlite, one of many',
  engine(name) {
    const others = Array.from({ length: 8 }, (_, index) => sqlitePath(`other_${index}`));
    const many = new SqliteEngine({ host, paths: [sqlitePath(name), ...others], exclude: [] });
    const discover = many.discover.bind(many);
    return Object.assign(many, {
      async discover(options: { signal: AbortSignal }) {
        const own = (await discover(options)).filter(({ source }) => source.includes(sqlitePath(name)));
        for (const database of own) expect((await many.probe(database, options)).programs).toBe(1);
        return own;
      },
    });
  },
};

const postgres: Kind = {
  id: 'postgres',
  title: 'postgres',
  create(name) {
    server.sql('postgres', `CREATE DATABASE ${name}`);
    server.sql(name, schema);
  },
  change: (name, sql) => {
    server.sql(name, sql);
  },
  engine: (name) => engineFor(server.url(name), { on: host }),
  recover(file, name) {
    server.sql('postgres', `CREATE DATABASE ${name}`);
    const env = { PATH: `${server.bin}:/usr/bin:/bin`, TARGET_URL: server.url(name) };
    execFileSync('sh', ['-ec', postgres.engine(name).recoverCommand(quote(file))], { env, stdio: 'pipe' });
  },
  assertFree: (name) => postgres.change(name, "SET lock_timeout = '20s'; BEGIN; LOCK TABLE t; ROLLBACK"),
};

describe.each([sqlite, oneOfMany, postgres])('an engine: $title', (kind) => {
  let name: string;
  let counter = 0;

  beforeEach(() => {
    counter += 1;
    name = `app_${kind.title.length}_${counter}`;
    kind.create(name);
    const numbers =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n';
    kind.change(name, `INSERT INTO t ${numbers}`);
  });
  afterEach(() => {
    expect(readdirSync(dir).filter((file) => file.startsWith('holdfast.'))).toEqual([]);
    kind.assertFree(name);
  });

  async function discover(of = name): Promise<{ engine: Engine; database: Database }> {
    const engine = kind.engine(of);
    const [database, ...more] = await engine.discover({ signal });
    expect(more).toEqual([]);
    return { engine, database: database as Database };
  }

  async function take(of = name, packer?: Packer): Promise<Snapshot> {
    const { engine, database } = await discover(of);
    return engine.snapshot(database, { signal, pack: async () => packer });
  }

  async function fingerprint(of = name) {
    await using snapshot = await take(of);
    await collect(snapshot.read());
    return (await snapshot.proof).fingerprint;
  }

  test('finds the database and says what is to come', async () => {
    const { engine, database } = await discover();
    expect(engine.id).toBe(kind.id);
    expect(database.name).toBe(name);
    expect(database.source).toContain(`${kind.id}:`);
    const { expectedBytes, warnings } = await engine.probe(database, { signal });
    expect(expectedBytes).toBeGreaterThan(1000);
    expect(warnings).toEqual([]);
  });

  test('refuses a database that is not there, before a snapshot', async () => {
    const engine = kind.engine('nowhere');
    const probing = async () => {
      for (const database of await engine.discover({ signal })) await engine.probe(database, { signal });
    };
    await expect(probing()).rejects.toBeInstanceOf(HoldfastError);
  });

  test('gives bytes that its printed command turns into the same database', async () => {
    const file = join(dir, `${name}.copy`);
    await using snapshot = await take();
    expect(snapshot.extension).toMatch(/^[a-z0-9]+$/);
    const content = await collect(snapshot.read());
    writeFileSync(file, content);
    const proof = await snapshot.proof;
    if (proof.digest !== undefined) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(proof.digest).toEqual({ bytes: content.byteLength, sha256 });
    }
    expect(Object.values(proof.fingerprint.tables).sort()).toEqual([0, 5000]);
    const again = `${name}_again`;
    kind.recover(file, again);
    expect(await fingerprint(again)).toEqual(proof.fingerprint);
  });

  test('keeps what the snapshot saw while the database changes', async () => {
    await using snapshot = await take();
    kind.change(name, 'DELETE FROM t WHERE i > 10');
    const file = join(dir, `${name}.copy`);
    writeFileSync(file, await collect(snapshot.read()));
    const again = `${name}_again`;
    kind.recover(file, again);
    expect(await fingerprint(again)).toEqual((await snapshot.proof).fingerprint);
    expect(Object.values((await snapshot.proof).fingerprint.tables)).toContain(5000);
  });

  test('has a fingerprint that tells rows and schemas apart, and nothing else', async () => {
    const before = await fingerprint();
    kind.change(name, 'UPDATE t SET i = 10000 WHERE i = 1');
    expect(await fingerprint()).toEqual(before);
    kind.change(name, 'DELETE FROM t WHERE i = 2');
    const fewer = await fingerprint();
    expect(fewer.schemaSha256).toBe(before.schemaSha256);
    expect(fewer.tables).not.toEqual(before.tables);
    kind.change(name, 'CREATE INDEX by_x ON none (x)');
    expect((await fingerprint()).schemaSha256).not.toBe(before.schemaSha256);
  });

  test('lets a program on the host have the bytes first', async () => {
    await using snapshot = await take(name, ['gzip', '-c']);
    const file = join(dir, `${name}.copy`);
    writeFileSync(file, gunzipSync(await collect(snapshot.read())));
    const again = `${name}_again`;
    kind.recover(file, again);
    expect(await fingerprint(again)).toEqual((await snapshot.proof).fingerprint);
  });

  test('throws when that program fails, also after all bytes', async () => {
    for (const script of ['head -c 10; exit 3', 'cat; exit 3']) {
      await using snapshot = await take(name, ['sh', '-c', script]);
      await expect(collect(snapshot.read()), script).rejects.toBeInstanceOf(HoldfastError);
    }
  });

  test('leaves nothing when nobody reads to the end', async () => {
    {
      await using unread = await take();
      expect(unread.expectedBytes).toBeGreaterThan(0);
    }
    await using snapshot = await take();
    for await (const _ of snapshot.read()) break;
  });

  test('leaves nothing when it is cancelled', async () => {
    const { engine, database } = await discover();
    const controller = new AbortController();
    const reading = async () => {
      await using snapshot = await engine.snapshot(database, { signal: controller.signal });
      controller.abort();
      await collect(snapshot.read());
    };
    await expect(reading()).rejects.toBeInstanceOf(CancelledError);
  });
});

/** PostgreSQL joins by its name here. */
describe.each([sqlite, postgres])('an engine that loads: $id', (kind) => {
  let counter = 0;
  let name: string;
  let engine: Engine;
  let snapshot: Snapshot;
  let content: Buffer;

  beforeEach(async () => {
    counter += 1;
    name = `load_${counter}`;
    kind.create(name);
    kind.change(name, 'INSERT INTO t VALUES (1), (2), (3)');
    engine = kind.engine(name);
    const [database] = await engine.discover({ signal });
    await using taken = await engine.snapshot(database as Database, { signal });
    content = await collect(taken.read());
    await taken.proof;
    snapshot = taken;
  });
  afterEach(() => {
    expect(readdirSync(dir).filter((file) => file.startsWith('holdfast.'))).toEqual([]);
  });

  function load(plain: Bytes = bytesOf(content), plainBytes = content.byteLength): Promise<Loaded> {
    const { extension, engineVersion } = snapshot;
    return engine.load({ plain, plainBytes, extension, engineVersion, signal });
  }

  test('makes of a snapshot what was snapshotted, also when the source is no more', async () => {
    kind.change(name, 'DROP TABLE t');
    await using loaded = await load();
    expect(loaded.label).not.toBe('');
    expect(await loaded.check()).toEqual([]);
    expect(await loaded.fingerprint()).toEqual((await snapshot.proof).fingerprint);
    kind.change(name, 'CREATE TABLE t (i int)');
  });

  test('answers a query with the first column of each row, and changes nothing for it', async () => {
    await using loaded = await load();
    expect(await loaded.query('SELECT i, 7 FROM t ORDER BY i')).toEqual(['1', '2', '3']);
    expect(await loaded.query('SELECT x FROM none')).toEqual([]);
    expect(await loaded.query('SELECT NULL')).toEqual(['']);
    await expect(loaded.query('SELECT missing FROM nowhere')).rejects.toThrow(/nowhere/);
    await expect(loaded.query('DELETE FROM t')).rejects.toBeInstanceOf(HoldfastError);
    expect(await loaded.query('SELECT count(*) FROM t')).toEqual(['3']);
  });

  test('fails with the error of the bytes, and leaves nothing', async () => {
    const error = new IntegrityError('the bytes are wrong', { code: 'object.damaged' });
    async function* broken(): Bytes {
      yield content.subarray(0, 100);
      throw error;
    }
    await expect(load(broken())).rejects.toBe(error);
  });

  test('calls bytes that are no database damaged, when they are loaded or checked', async () => {
    const text = Buffer.from('This is no database, but a text that is long enough. '.repeat(20));
    const trying = async () => {
      await using loaded = await load(bytesOf(text), text.byteLength);
      await loaded.check();
    };
    await expect(trying()).rejects.toBeInstanceOf(IntegrityError);
  });
});
