import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Expected } from '../../kit/oracle.ts';
import { type Postgres, startPostgres } from '../../kit/postgres.ts';
import { transaction } from './p-sessions.ts';

/** What keeps a dump from being begun, or whole. */
export function refusals(bench: FaultBench): Fault[] {
  const server = () => bench.postgres.server;
  async function refused(database: string, expected: Partial<Expected>): Promise<void> {
    const run = await bench.backup({ database });
    await bench.judge(run, { outcome: 'failed', ...expected });
  }
  /** Of another server's dump: it can be read, and has this table. */
  const holdsTable = (table: string) => (folder: string) => {
    const listed = execFileSync(join(server().bin, 'pg_restore'), ['--list', join(folder, 'app.dump')], {
      encoding: 'utf8',
    });
    expect(listed).toMatch(new RegExp(`TABLE DATA public ${table} `));
  };
  const makeApp = (other: Postgres): void => {
    other.sql('postgres', 'CREATE DATABASE app');
    other.sql('app', 'CREATE TABLE t AS SELECT 1 AS i');
  };

  return [
    {
      id: 'P1',
      fault: 'The server is of a newer version than every `pg_dump`',
      outcome: 'The run fails before it dumps, names both versions, and says how to get the right client.',
      how: 'A server that says that it is one version newer, with `install-client: false`.',
      nearest:
        'shims of `psql` and `pg_dump` before the real ones change what the server says of its version: Debian has one version of PostgreSQL.',
      async run() {
        const { bin, major } = server();
        const psql = `${bin}/psql "$@" | sed 's/^${major}[0-9]\\{4\\}$/${major + 1}0001/'`;
        await bench.withShim('pg_dump', 'echo "pg_dump (PostgreSQL) 99.0"', () =>
          bench.withShim('psql', psql, async () => {
            const run = await bench.backup({ 'install-client': 'false' });
            expect(run.stdout).not.toContain('Snapshot taken');
            await bench.judge(run, {
              outcome: 'failed',
              error: { code: 'postgres.no-client', input: 'install-client' },
              says: new RegExp(`pg_dump ${major + 1}.*has .*${major}.*postgresql-client-${major + 1}`, 's'),
            });
          }),
        );
      },
    },
    {
      id: 'P6',
      fault: 'Row-level security hides rows from the role',
      outcome:
        'The run fails and says so; `pg_dump` is never told to leave the hidden rows out (`--enable-row-security`).',
      how: 'A policy that shows 9 of 1,000 rows.',
      async run() {
        server().sql('postgres', 'CREATE DATABASE tenants; CREATE ROLE tenant LOGIN');
        server().sql(
          'tenants',
          'CREATE TABLE t AS SELECT generate_series(1, 1000) AS i; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (i < 10); GRANT SELECT ON t TO tenant',
        );
        await refused(bench.postgres.urlOf('tenant', 'tenants'), {
          error: { code: 'postgres.row-security', input: 'database' },
          says: /row-level security.*BYPASSRLS/s,
        });
      },
    },
    {
      id: 'P7',
      fault: 'The role may not read one of the tables',
      outcome: 'The run fails and names the table and the right to grant; a part is never stored.',
      how: '`GRANT SELECT` on all tables but one.',
      async run() {
        server().sql(
          'app',
          `CREATE ROLE limited LOGIN; GRANT USAGE ON SCHEMA "Odd ""schema""" TO limited;
           GRANT SELECT ON ALL TABLES IN SCHEMA public, "Odd ""schema""" TO limited; REVOKE SELECT ON transfers FROM limited`,
        );
        try {
          await refused(bench.postgres.urlOf('limited'), {
            error: { code: 'postgres.permission', input: 'database' },
            says: /transfers.*pg_read_all_data/s,
          });
        } finally {
          server().sql('app', 'DROP OWNED BY limited; DROP ROLE limited');
        }
      },
    },
    {
      id: 'P8',
      fault: 'The database or the role is not there, the password is wrong, or pg_hba.conf says no',
      outcome: 'The run fails and says which of these it is; the password shows nowhere.',
      how: 'One of each, with passwords that are looked for in everything that the run says.',
      async run() {
        const password = 'canary-pa%25ss-word'; // As the URL has it.
        bench.moreSecrets.push('canary-pa%ss-word', 'not-the-canary-word');
        server().sql('postgres', "CREATE ROLE secretive LOGIN SUPERUSER PASSWORD 'canary-pa%ss-word'");
        server().sql('postgres', 'CREATE ROLE rejected LOGIN SUPERUSER');
        const { urlOf } = bench.postgres;
        const cases: [string, string][] = [
          [urlOf(`secretive:${password}`, 'nowhere'), 'postgres.no-database'],
          [urlOf('nobody:not-the-canary-word'), 'postgres.no-role'],
          [urlOf('secretive:not-the-canary-word'), 'postgres.password'],
          [urlOf('secretive'), 'postgres.password'],
          [urlOf('rejected:not-the-canary-word'), 'postgres.hba'],
        ];
        for (const [url, code] of cases)
          await refused(url, { error: { code, input: 'database' }, withinMs: 20_000 });
        const run = await bench.backup({ database: urlOf(`secretive:${password}`) });
        await bench.judge(run, { outcome: 'stored' });
      },
    },
    {
      id: 'P9',
      fault: 'The server has no TLS, or its certificate is of another CA or for another name',
      outcome:
        'Refused, with the parameter of the URL for each degree of trust. `verify-full` holds unless the URL says otherwise; on loopback and a socket, where ' +
        'the bytes cross no network, TLS is used where it is to be had.',
      how: 'Servers without TLS, and with it from a CA of their own for `localhost`; by the name of this machine, by address and by `localhost`.',
      async run() {
        const named = (url: string): string => url.replace('@127.0.0.1:', `@${hostname()}:`);
        const noTls: Partial<Expected> = {
          error: { code: 'postgres.no-tls', input: 'database' },
          says: /no TLS.*sslmode=disable/s,
        };
        await refused(`${bench.source.url}?sslmode=verify-full`, noTls);
        await refused(named(bench.source.url), noTls);
        const secure = await startPostgres({
          tls: true,
          settings: ["listen_addresses = '*'"],
          access: ['host all all samehost trust'],
        });
        try {
          makeApp(secure);
          const url = secure.url('app');
          const local = url.replace('127.0.0.1', 'localhost');
          const untrusted: Partial<Expected> = {
            error: { code: 'postgres.certificate', input: 'database' },
            says: /sslrootcert=.*sslmode=require/s,
          };
          await refused(named(url), untrusted);
          await refused(`${local}?sslmode=verify-full`, untrusted);
          await refused(`${url}?sslmode=verify-full&sslrootcert=${secure.ca}`, untrusted);
          for (const told of ['sslmode=require', `sslmode=verify-full&sslrootcert=${secure.ca}`]) {
            const run = await bench.backup({ database: `${local}?${told}` });
            await bench.judge(run, { outcome: 'stored', restored: holdsTable('t') });
          }
        } finally {
          secure.stop();
        }
      },
    },
    {
      id: 'P10',
      fault: 'The server has no connection left',
      outcome:
        'It is asked three times within six seconds; then the run fails and says so. Where one gets free, the run succeeds.',
      how: 'A server with two connections for ordinary roles, both taken; then one that lets go after two seconds.',
      async run() {
        const settings = ['max_connections = 6', 'superuser_reserved_connections = 4', 'max_wal_senders = 0'];
        const full = await startPostgres({ settings });
        try {
          makeApp(full);
          full.sql('app', 'CREATE ROLE ordinary LOGIN; GRANT SELECT ON t TO ordinary');
          const url = full.url('app').replace('postgres@', 'ordinary@');
          await using _ = await transaction(full, url, 'SELECT 1');
          {
            await using __ = await transaction(full, url, 'SELECT 1');
            await refused(url, {
              error: { code: 'postgres.busy', input: 'database' },
              says: /no connection left.*max_connections/s,
              withinMs: 30_000,
            });
          }
          full.sql('postgres', 'ALTER ROLE ordinary CONNECTION LIMIT 0');
          const run = await bench.backup(
            { database: url },
            {
              async during() {
                await sleep(2000);
                full.sql('postgres', 'ALTER ROLE ordinary CONNECTION LIMIT -1');
                full.sql(
                  'postgres',
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'psql' AND usename = 'ordinary'",
                );
              },
            },
          );
          await bench.judge(run, { outcome: 'stored', restored: holdsTable('t') });
        } finally {
          full.stop();
        }
      },
    },
    {
      id: 'P12',
      fault: 'The database has no table',
      outcome: 'The run fails and says so: most likely the URL names the wrong one.',
      how: '`createdb`.',
      async run() {
        server().sql('postgres', 'CREATE DATABASE hollow');
        await refused(bench.postgres.urlOf('postgres', 'hollow'), {
          error: { code: 'postgres.empty', input: 'database' },
          says: /holds no table/,
        });
      },
    },
  ];
}
