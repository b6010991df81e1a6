import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { appSchema, dump, pathWithout } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', appSchema);
  on = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const scratchLeft = (): string[] => readdirSync(dir).filter((name) => name.startsWith('holdfast.'));
const sessionsLeft = (): string =>
  server.sql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast'").trim();
describe('a failure is told as what it is, and leaves nothing:', () => {
  const failure = (
    url: string,
    during = async () => {},
  ): Promise<{ code: string; message: string; hint: string }> =>
    dump(url, { on, during }).then(
      () => {
        throw new Error('it did not fail');
      },
      (error) => error,
    );

  test.each<[string, () => string, string]>([
    ['a database that is not there', () => server.url('nosuch'), 'postgres.no-database'],
    ['a role that is not there', () => server.url('app').replace('postgres@', 'nobody@'), 'postgres.no-role'],
    ['a port where nothing is', () => server.url('app').replace(`:${server.port}`, ':1'), 'postgres.refused'],
    ['a host without an address', () => 'postgres://u@nosuch.invalid/app?sslmode=disable', 'postgres.dns'],
    ['an empty database', () => server.url('template1'), 'postgres.empty'],
    [
      'a parameter that is not allowed',
      () => `${server.url('app')}?options=-csearch_path%3Dx`,
      'postgres.url',
    ],
    ['a service', () => `${server.url('app')}?service=x`, 'postgres.url'],
  ])('%s', async (_, url, code) => {
    expect(await failure(url())).toMatchObject({ code, input: 'database' });
    expect(scratchLeft()).toEqual([]);
  });

  test('a backend that is terminated in the middle', async () => {
    const terminate = async () => {
      server.sql(
        'postgres',
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('holdfast', 'pg_dump')",
      );
    };
    expect(await failure(server.url('app'), terminate)).toMatchObject({ exitCode: 1 });
    expect(scratchLeft()).toEqual([]);
    expect(sessionsLeft()).toBe('0');
  });

  test('a table that may not be read, with its name', async () => {
    server.sql(
      'app',
      'CREATE ROLE limited LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO limited; REVOKE SELECT ON transfers FROM limited;',
    );
    const error = await failure(server.url('app').replace('postgres@', 'limited@'));
    expect(error).toMatchObject({
      code: 'postgres.permission',
      message: expect.stringMatching(/transfers|Odd/),
      hint: expect.stringContaining('pg_read_all_data'),
    });
  });

  test('row-level security that would hide rows', async () => {
    server.sql('postgres', 'CREATE DATABASE rls; CREATE ROLE tenant LOGIN;');
    server.sql(
      'rls',
      'CREATE TABLE t AS SELECT generate_series(1, 1000) AS i; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (i < 10); GRANT SELECT ON t TO tenant;',
    );
    expect(await failure(server.url('rls').replace('postgres@', 'tenant@'))).toMatchObject({
      code: 'postgres.row-security',
    });
  });

  test('a connection limit', async () => {
    server.sql('postgres', 'CREATE ROLE single LOGIN CONNECTION LIMIT 0;');
    expect(await failure(server.url('app').replace('postgres@', 'single@'))).toMatchObject({
      code: 'postgres.busy',
    });
  });

  test('a short statement timeout of the role is none', async () => {
    server.sql(
      'postgres',
      "CREATE ROLE hasty LOGIN SUPERUSER; ALTER ROLE hasty SET statement_timeout = '50ms'; ALTER ROLE hasty SET idle_in_transaction_session_timeout = '50ms';",
    );
    const { proof } = await dump(server.url('app').replace('postgres@', 'hasty@'), {
      on,
      during: () => sleep(400),
    });
    expect(proof.fingerprint.tables['public.accounts']).toBe(100);
  });
});

test('a server of another version is refused before dumping, naming both versions and the remedy', async () => {
  const folder = mkdtempSync(join(dir, 'client-'));
  writeFileSync(join(folder, 'pg_dump'), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", { mode: 0o755 });
  writeFileSync(join(folder, 'psql'), `#!/bin/sh\nexec ${server.bin}/psql "$@"\n`, { mode: 0o755 });
  const PATH = pathWithout(dir, 'psql', 'pg_dump');
  await using other = await openHost({ ssh: null, container: null, sudo: false, env: { PATH }, signal });
  await expect(dump(server.url('app'), { on: other, folders: [folder] })).rejects.toMatchObject({
    code: 'postgres.no-client',
    message: expect.stringMatching(new RegExp(`pg_dump ${server.major}.*has 9`)),
    hint: expect.stringContaining(`postgresql-client-${server.major}`),
  });
});

describe('TLS', () => {
  test('must be verified unless the URL says otherwise, and the error says what to write', async () => {
    const secure = await startPostgres({ tls: true });
    try {
      secure.sql('postgres', 'CREATE DATABASE app');
      secure.sql('app', 'CREATE TABLE t AS SELECT 1 AS i');
      const base = `postgres://postgres@localhost:${secure.port}/app`;
      // localhost is trusted; every other mode is libpq's own.
      expect((await dump(base, { on })).proof.fingerprint.tables).toEqual({ 'public.t': 1 });
      await expect(dump(`${base}?sslmode=verify-full`, { on })).rejects.toMatchObject({
        code: 'postgres.certificate',
        hint: expect.stringMatching(/sslrootcert=.*sslmode=require/s),
      });
      expect((await dump(`${base}?sslmode=require`, { on })).proof.fingerprint.tables).toEqual({
        'public.t': 1,
      });
      expect(
        (await dump(`${base}?sslmode=verify-full&sslrootcert=${secure.ca}`, { on })).proof.fingerprint.tables,
      ).toEqual({ 'public.t': 1 });
      await expect(
        dump(`${base.replace('localhost', '127.0.0.1')}?sslmode=verify-full&sslrootcert=${secure.ca}`, {
          on,
        }),
      ).rejects.toMatchObject({ code: 'postgres.certificate' });
    } finally {
      secure.stop();
    }
    await expect(dump(`${server.url('app')}?sslmode=verify-full`, { on })).rejects.toMatchObject({
      code: 'postgres.no-tls',
      hint: expect.stringContaining('sslmode=disable'),
    });
  });
});
