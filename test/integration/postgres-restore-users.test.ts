import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { dump } from '../kit/postgres-dump.ts';
import { databasesOf, dumpRequest, richSchema, targetFor } from '../kit/postgres-load.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

const run = promisify(execFile);

let server: Postgres;
let dir: string;
let host: Host;
let reporter: QuietReporter;

beforeAll(async () => {
  server = await startPostgres();
  server.sql(
    'postgres',
    'CREATE ROLE tenant; CREATE ROLE app LOGIN CREATEDB; CREATE ROLE owner; CREATE DATABASE rich; CREATE DATABASE mine OWNER app',
  );
  server.sql('rich', richSchema);
  const tables =
    'CREATE TABLE t (i int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100); CREATE INDEX ON t (i)';
  server.sql('mine', `SET ROLE app; ${tables}; GRANT SELECT ON t TO tenant`);
});
afterAll(() => server.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-users-'));
  host = await localHost({ ...process.env, TMPDIR: dir });
  reporter = quietReporter();
  server.sql('postgres', 'CREATE DATABASE shop OWNER app');
  server.sql('shop', "SET ROLE app; CREATE TABLE mark AS SELECT 'old' AS which");
});
afterEach(async () => {
  // Of a client that was killed one may come and go meanwhile.
  for (const name of databasesOf(server).filter((found) => found.startsWith('shop'))) {
    server.sql('postgres', `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }
  await expect.poll(() => readdirSync(dir)).toEqual([]);
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const as = (user: string, name = 'shop') =>
  targetFor(server.url(name).replace('postgres@', `${user}@`), { host, reporter });
const fileOf = async (name: string): Promise<string> => (await dump(server.url(name), { on: host })).file;
const which = (name: string): string => server.sql(name, 'SELECT which FROM mark').trim();

/** One whose owner the user is no member of, and one whose owner the server does not have. */
async function foreignBackups(): Promise<{ user: string; plain: Buffer }[]> {
  server.sql('mine', 'ALTER TABLE t OWNER TO owner');
  const foreign = readFileSync(await fileOf('mine'));
  server.sql('mine', 'ALTER TABLE t OWNER TO app');
  const gone = Buffer.from(foreign.toString('latin1').replaceAll('owner', 'gone1'), 'latin1');
  return [
    { user: 'app', plain: foreign },
    { user: 'postgres', plain: gone },
  ];
}

test('an owner who is no superuser restores with owners and privileges, and is told what he may not set', async () => {
  server.sql('postgres', "ALTER DATABASE shop SET log_min_messages = 'error'");
  server.sql('postgres', "ALTER DATABASE shop SET work_mem = '9MB'");
  {
    await using staged = await as('app').stage(dumpRequest(await fileOf('mine')));
    await staged.swap({ id: 'X1', force: false });
  }
  expect(which('shop_before_X1')).toBe('old');
  const owners =
    "SELECT tableowner, has_table_privilege('tenant', 't', 'SELECT') FROM pg_tables WHERE tablename = 't'";
  expect(server.sql('shop', owners).trim()).toBe('app|t');
  expect(server.sql('shop', 'SHOW work_mem').trim()).toBe('9MB');
  expect(reporter.warnings).toEqual([
    expect.stringContaining(`ALTER DATABASE "shop" SET "log_min_messages" TO 'error';`),
  ]);
});

test('owners that this user may not set, or a role that is gone, refuse the place of a database that is in use', async () => {
  for (const { user, plain } of await foreignBackups()) {
    await expect(as(user).stage(dumpRequest(plain))).rejects.toMatchObject({
      input: 'to',
      message: expect.stringMatching(/"owner"|"gone1"/),
      hint: expect.stringContaining('CREATE ROLE'),
    });
  }
  expect(which('shop')).toBe('old');
  expect(databasesOf(server).filter((name) => name.startsWith('shop'))).toEqual(['shop']);
});

test('on a new server, whoever may not create databases is told the SQL that lets him', async () => {
  server.sql('postgres', 'CREATE ROLE "new app" LOGIN');
  const target = as('new%20app', 'shop_new');
  await expect(target.inspect({ signal })).rejects.toMatchObject({
    ...{ code: 'restore.permission', input: 'to' },
    message: expect.stringContaining('the role new app may not create databases'),
    hint: 'As a superuser: ALTER ROLE "new app" CREATEDB;',
  });
  server.sql('postgres', 'ALTER ROLE "new app" CREATEDB');
  expect(await target.inspect({ signal })).toEqual({ state: 'absent', inUse: null });
  server.sql('postgres', 'DROP ROLE "new app"');
  await expect(target.inspect({ signal })).rejects.toMatchObject({
    ...{ code: 'postgres.no-role', input: 'to' },
    hint: expect.stringContaining(`as a superuser: CREATE ROLE "new app" LOGIN CREATEDB PASSWORD '…';`),
  });
});

test('in a new database they are left out, and told', async () => {
  for (const { user, plain } of await foreignBackups()) {
    reporter = quietReporter();
    await using staged = await as(user, 'shop_new').stage(dumpRequest(plain));
    expect(await staged.query('SELECT count(*) FROM t')).toEqual(['100']);
    expect(reporter.warnings).toEqual([
      expect.stringMatching(/^Owners and privileges .* not restored: .*(?:"owner"|"gone1")/),
    ]);
  }
  expect(databasesOf(server).filter((name) => name.startsWith('shop'))).toEqual(['shop']);
});

test('a target that is broken can be replaced all the same', async () => {
  const file = await fileOf('mine');
  server.sql('postgres', "ALTER DATABASE shop CONNECTION LIMIT 0; ALTER ROLE app SET work_mem = '5MB'");
  expect(await as('app').inspect({ signal })).toEqual({ state: 'present', inUse: null });
  await using staged = await as('app').stage(dumpRequest(file));
  expect(await staged.swap({ id: 'X1', force: false })).toMatchObject({ previous: 'shop_before_X1' });
});

test('what another restore left is told, and not touched', async () => {
  for (const name of ['shop_restore_0a1b2c3d', 'shop_restore_mine', 'shopxrestore_0a1b2c3d']) {
    server.sql('postgres', `CREATE DATABASE ${name}`);
  }
  await as('postgres').inspect({ signal });
  expect(reporter.warnings).toEqual([expect.stringContaining('DROP DATABASE "shop_restore_0a1b2c3d";')]);
  expect(databasesOf(server)).toContain('shop_restore_0a1b2c3d');
});

test('a subscription is not restored, and told', async () => {
  const sql = "CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)";
  server.sql('mine', sql);
  const file = await fileOf('mine');
  server.sql('mine', 'ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed');
  await using staged = await as('postgres').stage(dumpRequest(file));
  expect(reporter.warnings).toEqual([
    expect.stringMatching(/^Subscriptions are not restored.*feed postgres/),
  ]);
  expect(await staged.query('SELECT count(*) FROM pg_subscription')).toEqual(['0']);
});

test('a locale that the server lacks is replaced for a new database, and told', async () => {
  server.sql('postgres', "CREATE DATABASE shop_c TEMPLATE template0 LC_CTYPE 'C.UTF-8'; DROP DATABASE shop");
  server.sql('shop_c', 'CREATE TABLE t AS SELECT 1 AS i');
  const content = readFileSync(await fileOf('shop_c'))
    .toString('latin1')
    .replaceAll('C.UTF-8', 'x_Y.UTF');
  await using staged = await as('postgres').stage(dumpRequest(Buffer.from(content, 'latin1')));
  expect(await staged.query('SELECT i FROM t')).toEqual(['1']);
  expect(reporter.warnings).toEqual([expect.stringContaining('another locale')]);
});

describe('a client that is killed leaves the old database or the new one, whole, and nothing beside:', () => {
  // Programs: three to find a client, then access, facts, the file, its header, the new database, the load, and so on.
  test.each(
    Array.from({ length: 15 }, (_, index) => index + 3).flatMap((programs) =>
      [0, 25].map((delayMs) => [programs, delayMs]),
    ),
  )('%i programs and %i ms', async (programs, delayMs) => {
    const file = await fileOf('mine');
    const program = fileURLToPath(new URL('../kit/postgres-swap-client.ts', import.meta.url));
    const argv = [program, server.url('shop'), file, `${programs}`, `${delayMs}`];
    await run(process.execPath, argv, { env: { ...process.env, TMPDIR: dir } }).catch(() => {});
    const left = () => databasesOf(server).filter((name) => name.startsWith('shop_restore'));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
    const names = databasesOf(server).filter((name) => name.startsWith('shop'));
    if (names.length === 1) {
      expect(names).toEqual(['shop']);
      expect(which('shop')).toBe('old');
    } else {
      expect(names).toEqual(['shop', 'shop_before_X1']);
      expect(which('shop_before_X1')).toBe('old');
      expect(server.sql('shop', 'SELECT count(*) FROM t').trim()).toBe('100');
    }
  });
});
