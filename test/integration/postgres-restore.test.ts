import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import type { Swapped } from '../../src/core/target.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { dump } from '../kit/postgres-dump.ts';
import { databasesOf, dumpRequest, richSchema, targetFor } from '../kit/postgres-load.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let server: Postgres;
let dir: string;
let host: Host;
let reporter: QuietReporter;

beforeAll(async () => {
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE rich; CREATE ROLE tenant; CREATE ROLE app LOGIN CREATEDB');
  server.sql('rich', richSchema);
});
afterAll(() => server.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  host = await localHost({ ...process.env, TMPDIR: dir });
  reporter = quietReporter();
});
afterEach(async () => {
  expect(databasesOf(server).filter((name) => /_restore_[0-9a-f]{8}$/.test(name))).toEqual([]);
  for (const name of databasesOf(server)) {
    if (name !== 'rich')
      server.sql('postgres', `DROP DATABASE IF EXISTS "${name.replaceAll('"', '""')}" WITH (FORCE)`);
  }
  await expect.poll(() => readdirSync(dir)).toEqual([]);
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const target = (name: string, user = 'postgres', jobs = 1) =>
  targetFor(server.url(encodeURIComponent(name)).replace('postgres@', `${user}@`), { host, reporter, jobs });

async function archiveOf(name: string): Promise<Buffer> {
  return readFileSync((await dump(server.url(name), { on: host })).file);
}

interface RestoreOptions {
  readonly user?: string;
  readonly force?: boolean;
  readonly jobs?: number;
}

async function restoreTo(
  name: string,
  content: Buffer,
  { user = 'postgres', force = false, jobs = 1 }: RestoreOptions = {},
): Promise<Swapped> {
  await using staged = await target(name, user, jobs).stage(dumpRequest(content));
  await staged.check();
  return await staged.swap({ id: 'X1', force });
}

/** A database with a table that says which one it is. */
function makeOld(name: string, options = ''): void {
  server.sql('postgres', `CREATE DATABASE "${name.replaceAll('"', '""')}" ${options}`);
  server.sql(name, "CREATE TABLE mark AS SELECT 'old' AS which");
}
const which = (name: string): string => server.sql(name, 'SELECT which FROM mark').trim();

describe('a restore', () => {
  test.each([1, 4])('makes a database that was absent, with %i jobs', async (jobs) => {
    const { file, proof } = await dump(server.url('rich'), { on: host });
    expect(await target('shop').inspect({ signal })).toEqual({ state: 'absent', inUse: null });
    {
      await using staged = await target('shop', 'postgres', jobs).stage(dumpRequest(file));
      expect(await staged.check()).toEqual([]);
      expect(await staged.fingerprint()).toEqual(proof.fingerprint);
      expect(await staged.query('SELECT count(*) FROM people')).toEqual(['1000']);
      expect(databasesOf(server)).not.toContain('shop');
      expect(await staged.swap({ id: 'X1', force: false })).toEqual({ previous: null, goBack: [] });
    }
    expect(server.sql('shop', 'SELECT count(*) FROM orders').trim()).toBe('5000');
    expect(server.sql('shop', "SELECT has_table_privilege('tenant', 'orders', 'SELECT')").trim()).toBe('t');
    expect(reporter.warnings).toEqual([]);
  });

  test('replaces an empty one, and keeps a full one beside the new one, from where it can go back', async () => {
    const content = await archiveOf('rich');
    server.sql('postgres', 'CREATE DATABASE shop');
    expect(await target('shop').inspect({ signal })).toEqual({ state: 'empty', inUse: null });
    server.sql('shop', "CREATE TABLE mark AS SELECT 'old' AS which");
    expect(await target('shop').inspect({ signal })).toEqual({ state: 'present', inUse: null });
    const { previous, goBack } = await restoreTo('shop', content);
    expect(previous).toBe('shop_before_X1');
    expect(which('shop_before_X1')).toBe('old');
    expect(server.sql('shop', 'SELECT count(*) FROM people').trim()).toBe('1000');
    for (const statement of goBack) server.sql('postgres', statement);
    expect(which('shop')).toBe('old');
    expect(server.sql('shop_after_X1', 'SELECT count(*) FROM people').trim()).toBe('1000');
  });

  test.each(["it's", 'Odd "name" {x} é', 'ALL caps', 'back\\slash', 'a=b', '数'.repeat(21)])(
    'takes any name: %s',
    async (name) => {
      const content = await archiveOf('rich');
      makeOld(name);
      expect(target(name).name).toBe(name);
      const { previous, goBack } = await restoreTo(name, content);
      expect(Buffer.byteLength(previous ?? '')).toBeLessThanOrEqual(63);
      expect(previous).toMatch(/_before_X1$/);
      expect(server.sql(name, 'SELECT count(*) FROM people').trim()).toBe('1000');
      for (const statement of goBack) server.sql('postgres', statement);
      expect(which(name)).toBe('old');
    },
  );

  test('keeps what belongs to the name: owner, locale, privileges, settings, limit, comment', async () => {
    const content = await archiveOf('rich');
    makeOld('shop', "OWNER app TEMPLATE template0 LC_CTYPE 'C.UTF-8' CONNECTION LIMIT 7");
    server.sql(
      'postgres',
      `REVOKE ALL ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO tenant WITH GRANT OPTION;
       ALTER DATABASE shop SET search_path TO "$user", public, "Odd, ""one"""; ALTER DATABASE shop SET work_mem = '7MB';
       ALTER DATABASE shop SET "my.own" = 'it''s \\ this'; ALTER ROLE tenant IN DATABASE shop SET statement_timeout = 5000;
       COMMENT ON DATABASE shop IS 'It''s "the" shop';`,
    );
    const facts = `SELECT pg_get_userbyid(datdba), datctype, datcollate, datconnlimit, datacl, shobj_description(oid, 'pg_database'),
      (SELECT array_agg(s.setrole::regrole || s.setconfig::text ORDER BY setrole) FROM pg_db_role_setting s WHERE setdatabase = d.oid)
      FROM pg_database d WHERE datname = 'shop'`;
    const before = server.sql('postgres', facts);
    await restoreTo('shop', content);
    expect(server.sql('postgres', facts)).toBe(before);
    expect(before).toContain('C.UTF-8|C|7|{app=CTc/app,tenant=c*/app}');
    expect(which('shop_before_X1')).toBe('old');
  });
});

describe('sessions on the old database', () => {
  let pool: ChildProcess[] = [];
  afterEach(() => {
    for (const { pid } of pool) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    pool = [];
  });

  /** Connects again at once, whatever ends its sessions. */
  async function openPool(count: number): Promise<void> {
    const psql = `psql -X -h 127.0.0.1 -p ${server.port} -U postgres -d shop -c 'SELECT pg_sleep(100)' >/dev/null 2>&1`;
    pool = Array.from({ length: count }, () =>
      spawn('sh', ['-c', `while :; do ${psql}; done`], { detached: true }),
    );
    const open = () =>
      server.sql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop'").trim();
    await expect.poll(open, { timeout: 10_000 }).toBe(`${count}`);
  }

  test('are told, and without force nothing is changed', async () => {
    const content = await archiveOf('rich');
    makeOld('shop');
    await openPool(2);
    expect(await target('shop').inspect({ signal })).toEqual({
      state: 'present',
      inUse: '2 sessions of the role postgres (psql)',
    });
    await expect(restoreTo('shop', content)).rejects.toMatchObject({
      code: 'restore.in-use',
      input: 'force',
      message: expect.stringContaining('2 sessions of the role postgres (psql)'),
    });
    expect(which('shop')).toBe('old');
    expect(databasesOf(server)).toEqual(['rich', 'shop']);
  });

  test('are ended with force, though a pool connects again and again', async () => {
    const content = await archiveOf('rich');
    makeOld('shop');
    await openPool(5);
    await restoreTo('shop', content, { force: true });
    expect(which('shop_before_X1')).toBe('old');
    expect(server.sql('shop', 'SELECT count(*) FROM people').trim()).toBe('1000');
  });

  test('that force can not end leave everything as it was', async () => {
    server.sql('postgres', 'CREATE DATABASE own OWNER app');
    server.sql('own', 'SET ROLE app; CREATE TABLE t AS SELECT 1 AS i');
    const content = await archiveOf('own');
    makeOld('shop', 'OWNER app');
    await openPool(1);
    await expect(restoreTo('shop', content, { force: true, user: 'app' })).rejects.toMatchObject({
      code: 'restore.in-use',
      message: expect.stringContaining('may not end'),
    });
    expect(which('shop')).toBe('old');
  });
});

describe('whatever fails, the target is what it was:', () => {
  const outcome = async (work: Promise<unknown>): Promise<HoldfastError> => {
    const error = await work.then(
      () => new Error('it did not fail'),
      (cause) => cause,
    );
    expect(error).toBeInstanceOf(HoldfastError);
    expect(databasesOf(server)).toEqual(['rich', 'shop']);
    expect(which('shop')).toBe('old');
    return error;
  };
  beforeEach(() => makeOld('shop'));

  test.each([1, 3])('an archive that breaks half-way, with %i jobs', async (jobs) => {
    const content = await archiveOf('rich');
    const cut = content.subarray(0, content.length - 100_000);
    const twice = Buffer.from(content);
    twice.write('person 501\t', twice.indexOf('person 500\t'));
    for (const bad of [cut, twice]) {
      const error = await outcome(restoreTo('shop', bad, { jobs }));
      expect(error).toBeInstanceOf(IntegrityError);
      expect(error.code).toBe('postgres.not-restorable');
    }
  });

  test('the bytes themselves', async () => {
    const broken = new IntegrityError('the bytes are wrong', { code: 'object.damaged' });
    const content = await archiveOf('rich');
    async function* failing(): Bytes {
      yield content;
      throw broken;
    }
    expect(await outcome(target('shop').stage(dumpRequest(failing())))).toBe(broken);
  });

  test('a cancellation, at whatever moment', async () => {
    const content = await archiveOf('rich');
    for (const afterMs of [50, 200, 350, 500, 700]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), afterMs);
      const work = async () => {
        await using staged = await target('shop').stage(dumpRequest(content, { signal: controller.signal }));
        await staged.query('SELECT pg_sleep(100)');
      };
      expect((await outcome(work())).code).toBe('cancelled');
    }
  });

  test('a cancellation just before the new database, whose place on this machine goes with it', async () => {
    const content = await archiveOf('rich');
    const controller = new AbortController();
    const spawn = host.spawn.bind(host);
    vi.spyOn(host, 'spawn').mockImplementation((argv, options) => {
      if (argv.some((word) => word.includes('DROP DATABASE'))) {
        controller.abort();
        for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
      }
      return spawn(argv, options);
    });
    const { signal: during } = controller;
    const error = await outcome(target('shop').stage(dumpRequest(content, { signal: during })));
    expect(during.aborted).toBe(true);
    expect(error.code).toBe('cancelled');
  });

  test('a name that is taken, a target that was swapped by somebody else meanwhile', async () => {
    const content = await archiveOf('rich');
    server.sql('postgres', 'CREATE DATABASE "shop_before_X1"');
    await expect(restoreTo('shop', content)).rejects.toThrow(/shop_before_X1.*already exists/);
    server.sql('postgres', 'DROP DATABASE "shop_before_X1"');
    const work = async () => {
      await using staged = await target('shop').stage(dumpRequest(content));
      server.sql('postgres', 'DROP DATABASE shop');
      makeOld('shop');
      await staged.swap({ id: 'X1', force: true });
    };
    expect((await outcome(work())).code).toBe('restore.changed');
  });

  test('a dump of a newer version, SQL of roles, and a user who may not', async () => {
    const stage = (more: object, user?: string) =>
      target('shop', user).stage(dumpRequest(Buffer.alloc(9), more));
    expect((await outcome(stage({ engineVersion: '99.0' }))).code).toBe('postgres.too-old');
    expect((await outcome(stage({ extension: 'sql' }))).code).toBe('restore.sql');
    server.sql('postgres', 'CREATE ROLE guest LOGIN');
    for (const user of ['guest', 'app']) {
      expect(await outcome(stage({}, user)), user).toMatchObject({ code: 'restore.permission', input: 'to' });
    }
    expect((await outcome(stage({}, 'nobody'))).message).not.toContain('`database`');
  });
});
