import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { dump } from '../kit/postgres-dump.ts';
import { databasesOf, dumpRequest, targetFor } from '../kit/postgres-load.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

const roles = ['app', 'web', 'Odd "role"'];
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

let server: Postgres;
let dir: string;
let host: Host;
let reporter: QuietReporter;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-properties-'));
  host = await localHost({ ...process.env, TMPDIR: dir });
  reporter = quietReporter();
  for (const role of roles) server.sql('postgres', `CREATE ROLE ${quoted(role)} LOGIN CREATEDB`);
});
afterEach(async () => {
  for (const name of databasesOf(server))
    server.sql('postgres', `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
  for (const role of roles) server.sql('postgres', `DROP ROLE IF EXISTS ${quoted(role)}`);
  await expect.poll(() => readdirSync(dir)).toEqual([]);
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** A database with everything that belongs to its name. */
function makeShop(name: string): void {
  const shop = quoted(name);
  server.sql('postgres', `CREATE DATABASE ${shop} OWNER app CONNECTION LIMIT 7`);
  // Many tables with privileges: those of the database come after all of them in the archive.
  server.sql(
    name,
    `SET ROLE app; CREATE SCHEMA tenant; CREATE TABLE tenant.t AS SELECT 1 AS i;
     DO $$ BEGIN FOR i IN 1..400 LOOP
       EXECUTE format('CREATE TABLE tenant.%I (a int, b text)', 'table_' || i || repeat('_', 40));
       EXECUTE format('GRANT SELECT ON tenant.%I TO web', 'table_' || i || repeat('_', 40));
     END LOOP; END $$;`,
  );
  server.sql(
    'postgres',
    `REVOKE ALL ON DATABASE ${shop} FROM PUBLIC; GRANT CONNECT ON DATABASE ${shop} TO web;
     GRANT CREATE ON DATABASE ${shop} TO "Odd ""role""" WITH GRANT OPTION;
     ALTER DATABASE ${shop} SET search_path = tenant, "$user", "Odd, ""one""", public; ALTER DATABASE ${shop} SET timezone = 'Asia/Tokyo';
     ALTER DATABASE ${shop} SET "my.own" = 'it''s \\ this; ü'; ALTER ROLE web IN DATABASE ${shop} SET statement_timeout = 5000;
     ALTER ROLE "Odd ""role""" IN DATABASE ${shop} SET work_mem = '7MB'; COMMENT ON DATABASE ${shop} IS 'It''s "the" \\ shop';`,
  );
}

const factsOf = (name: string): string =>
  server.sql(
    'postgres',
    `SELECT pg_get_userbyid(datdba), datconnlimit, datacl, shobj_description(oid, 'pg_database'),
      (SELECT array_agg(s.setrole::regrole || s.setconfig::text ORDER BY setrole::regrole::text) FROM pg_db_role_setting s WHERE setdatabase = d.oid)
      FROM pg_database d WHERE datname = '${name.replaceAll("'", "''")}'`,
  );

async function restore(file: string, name: string, user = 'postgres'): Promise<void> {
  const url = server.url(encodeURIComponent(name)).replace('postgres@', `${user}@`);
  await using staged = await targetFor(url, { host, reporter }).stage(dumpRequest(file));
  expect(await staged.swap({ id: 'X1', force: false })).toEqual({ previous: null, goBack: [] });
}

test.each([
  ['shop', 'shop'],
  ['shop', `new "one"'s \\ {x} é; --`],
  [`Odd "na'me" \\ x`, 'shop'],
])('a database that is made has what its backup had: %s as %s', async (from, to) => {
  makeShop(from);
  const before = factsOf(from);
  expect(before).toMatch(/^app\|7\|\{app=CTc\/app,web=c\/app,.*Asia\/Tokyo.*statement_timeout=5000/s);
  const { file } = await dump(server.url(encodeURIComponent(from)), { on: host });
  server.sql('postgres', `DROP DATABASE ${quoted(from)}`);
  await restore(file, to);
  expect(factsOf(to)).toBe(before);
  expect(reporter.warnings).toEqual([]);
});

test('a database of the same name as in the backup, beside the new one, is not touched', async () => {
  makeShop('shop');
  const { file } = await dump(server.url('shop'), { on: host });
  server.sql('postgres', "ALTER DATABASE shop SET timezone = 'UTC'; COMMENT ON DATABASE shop IS 'mine'");
  const before = factsOf('shop');
  await restore(file, 'copy');
  expect(factsOf('shop')).toBe(before);
  expect(factsOf('copy')).toContain('Asia/Tokyo');
});

test('what the server refuses is told, and the rest is kept', async () => {
  makeShop('shop');
  server.sql('postgres', `ALTER DATABASE shop SET log_min_messages = 'error'`);
  const { file } = await dump(server.url('shop'), { on: host });
  server.sql('postgres', 'DROP DATABASE shop');
  server.sql('postgres', 'DROP ROLE "Odd ""role"""');
  await restore(file, 'shop', 'app');
  expect(reporter.warnings).toHaveLength(5);
  expect(reporter.warnings).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/"my.own"\): ALTER DATABASE "shop" SET "my.own" TO …;$/),
      expect.stringMatching(/: ALTER ROLE "web" IN DATABASE "shop" SET "statement_timeout" TO '5000';$/),
      expect.stringMatching(/log_min_messages.*: ALTER DATABASE "shop" SET "log_min_messages" TO 'error';$/),
      expect.stringMatching(
        /Odd "role".*: ALTER ROLE "Odd ""role""" IN DATABASE "shop" SET "work_mem" TO '7MB';$/,
      ),
      expect.stringMatching(/: GRANT CREATE ON DATABASE "shop" TO "Odd ""role""" WITH GRANT OPTION;$/),
    ]),
  );
  expect(factsOf('shop')).toMatch(/^app\|7\|\{app=CTc\/app,web=c\/app\}\|It's "the" \\ shop\|.*Asia\/Tokyo/s);
});

test.each([
  ['of whom the user is no member', 'SELECT 1'],
  // He may give it away, and could not rename it then.
  ['whose rights the user does not have', 'ALTER ROLE app NOINHERIT; GRANT web TO app'],
])('an owner %s is left out, and told', async (_, sql) => {
  server.sql('postgres', 'CREATE DATABASE shop OWNER web');
  server.sql('postgres', sql);
  server.sql('shop', 'CREATE SCHEMA s AUTHORIZATION app; SET ROLE app; CREATE TABLE s.t AS SELECT 1 AS i');
  const { file } = await dump(server.url('shop'), { on: host });
  server.sql('postgres', 'DROP DATABASE shop');
  await restore(file, 'shop', 'app');
  expect(factsOf('shop')).toMatch(/^app\|/);
  expect(reporter.warnings).toEqual([expect.stringContaining('ALTER DATABASE "shop" OWNER TO "web";')]);
});
