import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { quote } from '../../src/core/quote.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { dump, engineFor } from '../kit/postgres-dump.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { startSshd } from '../kit/sshd.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  server = await startPostgres();
  on = await openHost({ ssh: null, container: null, sudo: false, env: process.env, signal });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** Types the command that each backup prints, as a user without Holdfast. */
function recover(file: string, database: string): void {
  const command = engineFor(server.url('postgres'), { on }).recoverCommand(quote(file));
  const env = { PATH: `${server.bin}:/usr/bin:/bin`, TARGET_URL: server.url(database) };
  execFileSync('sh', ['-ec', command], { env, stdio: 'pipe' });
}

describe('what a backup holds comes back by its printed command:', () => {
  test('tables, large objects and what belongs to roles that the new server does not have', async () => {
    server.sql('postgres', 'CREATE ROLE gone; CREATE DATABASE shop OWNER gone');
    server.sql(
      'shop',
      `SET ROLE gone; CREATE SCHEMA s;
       CREATE TABLE s.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, d jsonb CHECK (d IS NOT NULL));
       INSERT INTO s.t (d) SELECT json_build_object('i', i) FROM generate_series(1, 500) i;
       GRANT SELECT ON s.t TO gone; CREATE MATERIALIZED VIEW s.m AS SELECT count(*) FROM s.t; CREATE SEQUENCE s.n;`,
    );
    server.sql('shop', "SELECT lo_from_bytea(4711, 'a large object')");
    const { file, proof } = await dump(server.url('shop'), { on });
    server.sql('postgres', 'DROP DATABASE shop; DROP ROLE gone; CREATE DATABASE shop_again');
    recover(file, 'shop_again');
    expect(server.sql('shop_again', "SELECT convert_from(lo_get(4711), 'UTF8')").trim()).toBe(
      'a large object',
    );
    const again = await dump(server.url('shop_again'), { on });
    expect(again.proof.fingerprint).toEqual(proof.fingerprint);
    expect(proof.fingerprint.tables).toEqual({ 's.t': 500 });
  });

  test.each([
    ['LATIN1', 'e961'],
    ['EUC_JP', 'b0a1'],
    // In this encoding the server takes any bytes.
    ['SQL_ASCII', 'fffee9'],
  ])('text in %s, byte by byte', async (encoding, bytes) => {
    const name = encoding.toLowerCase();
    const create = (database: string): string =>
      `CREATE DATABASE ${database} TEMPLATE template0 ENCODING ${encoding} LOCALE 'C'`;
    const stored = (database: string): string =>
      server.sql(database, "SELECT encode(convert_to(text, getdatabaseencoding()), 'hex') FROM t").trim();
    server.sql('postgres', create(name));
    server.sql(name, `CREATE TABLE t AS SELECT convert_from('\\x${bytes}', '${encoding}') AS text`);
    expect(stored(name)).toBe(bytes);
    const { file, proof } = await dump(server.url(name), { on });
    server.sql('postgres', create(`${name}_again`));
    recover(file, `${name}_again`);
    expect(stored(`${name}_again`)).toBe(bytes);
    expect(proof.fingerprint.tables).toEqual({ 'public.t': 1 });
  });

  const comesBack = async (name: string): Promise<void> => {
    const { file, proof } = await dump(server.url(name), { on });
    server.sql('postgres', `CREATE DATABASE ${name}_again`);
    recover(file, `${name}_again`);
    const again = await dump(server.url(`${name}_again`), { on });
    expect(again.proof.fingerprint).toEqual(proof.fingerprint);
  };

  test('all but the invalid index that a failed CREATE UNIQUE INDEX CONCURRENTLY leaves', async () => {
    server.sql('postgres', 'CREATE DATABASE failed');
    server.sql('failed', 'CREATE TABLE t (i int, j int UNIQUE); INSERT INTO t VALUES (1, 1), (1, 2)');
    const make = () => server.sql('failed', 'CREATE UNIQUE INDEX CONCURRENTLY once ON t (i)');
    expect(make).toThrow(/could not create unique index/);
    const count = 'SELECT count(*) FROM pg_index WHERE NOT indisvalid';
    expect(server.sql('failed', count).trim()).toBe('1');
    await comesBack('failed');
  });

  test('an index of a partitioned table that is not valid, as a part of it lacks one', async () => {
    server.sql('postgres', 'CREATE DATABASE parted');
    server.sql(
      'parted',
      `CREATE TABLE t (i int) PARTITION BY RANGE (i); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (9);
       INSERT INTO t VALUES (1); CREATE INDEX whole ON ONLY t (i)`,
    );
    await comesBack('parted');
    expect(server.sql('parted_again', "SELECT 'whole'::regclass").trim()).toBe('whole');
  });

  test('what is on a table of an extension is the business of the extension', async () => {
    server.sql('postgres', 'CREATE DATABASE extended');
    server.sql(
      'extended',
      `CREATE EXTENSION hstore; CREATE TABLE own (i int PRIMARY KEY); INSERT INTO own VALUES (1);
       CREATE TABLE theirs (i int PRIMARY KEY, j int REFERENCES own CHECK (j > 0)); CREATE UNIQUE INDEX ON theirs (j);
       CREATE DOMAIN their_domain AS int;
       ALTER EXTENSION hstore ADD TABLE theirs; ALTER EXTENSION hstore ADD DOMAIN their_domain;
       CREATE INDEX added ON theirs (i, j); ALTER DOMAIN their_domain ADD CONSTRAINT added CHECK (VALUE > 0);
       CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER added BEFORE INSERT ON theirs FOR EACH ROW EXECUTE FUNCTION stamp();
       CREATE POLICY added ON theirs USING (i > 0)`,
    );
    await comesBack('extended');
  });

  test('roles, by the dump of globals', async () => {
    server.sql('postgres', "CREATE DATABASE roles; CREATE ROLE reader LOGIN PASSWORD 'x'");
    server.sql('roles', 'CREATE TABLE t AS SELECT 1 AS i');
    const engine = engineFor(server.url('roles'), { on, globals: true });
    const [, globals] = await engine.discover();
    if (globals === undefined) throw new Error('no globals were discovered');
    await using snapshot = await engine.snapshot(globals, { signal });
    const file = join(dir, 'globals.sql');
    writeFileSync(file, await collect(snapshot.read()));
    server.sql('postgres', 'DROP ROLE reader');
    recover(file, 'postgres');
    expect(server.sql('postgres', "SELECT rolpassword FROM pg_authid WHERE rolname = 'reader'")).toMatch(
      /^SCRAM/,
    );
  });
});

test('names that are commands of psql or of a shell are only names', async () => {
  const file = join(dir, 'touched');
  const names = [
    `x"\n\\! touch ${file}\n`,
    `$(touch ${file})`,
    `'; DROP TABLE t; --`,
    ':name :"name"',
    'a.b',
    'Ünïcode',
  ];
  const database = `odd ' = "name" \\ $(touch ${file})`;
  const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  server.sql('postgres', `CREATE DATABASE ${identifier(database)}`);
  for (const name of names) server.sql(database, `CREATE TABLE ${identifier(name)} AS SELECT 1 AS i`);
  const url = server.url(encodeURIComponent(database));
  const { proof } = await dump(url, { on });
  expect(Object.keys(proof.fingerprint.tables).sort()).toEqual(
    names.map((name) => (name === 'a.b' ? 'public."a.b"' : `public.${name}`)).sort(),
  );
  const engine = engineFor(url, { on, globals: true });
  const [, globals] = await engine.discover();
  if (globals === undefined) throw new Error('no globals were discovered');
  await using snapshot = await engine.snapshot(globals, { signal });
  expect((await collect(snapshot.read())).toString()).toContain('CREATE ROLE postgres');
  expect(existsSync(file)).toBe(false);
});

test('what pg_dump warns of is told, each warning with its explanation', async () => {
  server.sql('postgres', 'CREATE DATABASE warned');
  server.sql('warned', 'CREATE TABLE t AS SELECT 1 AS i');
  const client = mkdtempSync(join(dir, 'client-'));
  const warn = "printf 'pg_dump: warning: circular\\npg_dump: detail: t\\npg_dump: warning: other\\n' >&2";
  for (const [name, first] of [
    ['psql', ':'],
    ['pg_dump', `[ "$1" = --version ] || ${warn}`],
  ] as const) {
    const script = `#!/bin/sh\n${first}\nexec ${server.bin}/${name} "$@"\n`;
    writeFileSync(join(client, name), script, { mode: 0o755 });
  }
  const reporter = quietReporter();
  await dump(server.url('warned'), { on, reporter, folders: [client] });
  expect(reporter.warnings).toEqual([
    'pg_dump: warning: circular\npg_dump: detail: t',
    'pg_dump: warning: other',
  ]);
});

test('a pg_dump that the library of stdbuf does not fit runs without it', async () => {
  server.sql('postgres', 'CREATE DATABASE unbuffered');
  server.sql('unbuffered', 'CREATE TABLE t AS SELECT 1 AS i');
  const client = mkdtempSync(join(dir, 'client-'));
  const loader =
    'case $LD_PRELOAD in *stdbuf*) echo "ERROR: ld.so: object libstdbuf.so cannot be preloaded" >&2 ;; esac; unset LD_PRELOAD';
  for (const name of ['psql', 'pg_dump']) {
    const script = `#!/bin/sh\n${loader}\nexec ${server.bin}/${name} "$@"\n`;
    writeFileSync(join(client, name), script, { mode: 0o755 });
  }
  const reporter = quietReporter();
  await dump(server.url('unbuffered'), { on, reporter, folders: [client] });
  expect(reporter.warnings).toEqual([]);
});

test("settings of the server's administrator change nothing", async () => {
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', 'CREATE TABLE t AS SELECT 1 AS i');
  const poison = [
    'PGHOST=192.0.2.1',
    'PGHOSTADDR=192.0.2.1',
    'PGPORT=1',
    'PGUSER=evil',
    'PGDATABASE=evil',
    'PGPASSWORD=evil',
    'PGSERVICE=evil',
    'PGSYSCONFDIR=/nowhere',
    'PGOPTIONS=-crow_security=off',
    'PGSSLMODE=verify-full',
    'PGCLIENTENCODING=SQL_ASCII',
    'PGTARGETSESSIONATTRS=standby',
    'PGREQUIREPEER=evil',
    'PGCHANNELBINDING=require',
    'LC_ALL=de_DE.UTF-8',
  ];
  const sshd = await startSshd({ config: [`SetEnv ${poison.join(' ')}`] });
  try {
    const ssh = { ...sshd, privateKey: new Secret(sshd.privateKey) };
    await using remote = await openHost({ ssh, container: null, sudo: false, env: process.env, signal });
    const socket = `postgres://postgres@/app?host=${server.socket}&port=${server.port}`;
    for (const url of [server.url('app'), socket]) {
      const { proof } = await dump(url, { on: remote, runner: on });
      expect(proof.fingerprint.tables).toEqual({ 'public.t': 1 });
    }
  } finally {
    await sshd.stop();
  }
});
