import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import { commandLines } from '../../kit/oracle.ts';
import { said } from '../../kit/said.ts';
import { blocked, inMidDump, startStandby, terminate, transaction, until } from './p-sessions.ts';

/** What happens while a dump is made. */
export function dumps(bench: FaultBench): Fault[] {
  const server = () => bench.postgres.server;
  const large = (): string => {
    if (server().sql('postgres', "SELECT 1 FROM pg_database WHERE datname = 'large'") === '') {
      server().sql('postgres', 'CREATE DATABASE large');
      server().sql(
        'large',
        `CREATE TABLE pages AS SELECT i AS id, repeat(md5(i::text), 30) AS body FROM generate_series(1, 60000) i;
         CREATE TABLE doomed (i int)`,
      );
    }
    return bench.postgres.urlOf('postgres', 'large');
  };

  return [
    {
      id: 'P2',
      fault: 'An administrator ends the session of the dump in the middle of the data',
      outcome: 'The run fails and says that the server ended the connection; what was uploaded is given up.',
      how: '`pg_terminate_backend` while `COPY` runs, in a database of 60 MB whose upload waits for the store.',
      async run() {
        const database = large();
        const run = await bench.backup(
          { database },
          inMidDump(bench, server(), () => terminate(server(), 'COPY%')),
        );
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'postgres.lost' },
          says: /server ended the connection/,
        });
      },
    },
    {
      id: 'P3',
      fault: 'The server crashes in the middle of the dump',
      outcome: 'The run fails and says that the server ended the connection.',
      how: 'As before, with an immediate stop of the server, which is then started again.',
      async run() {
        const database = large();
        const run = await bench.backup(
          { database },
          inMidDump(bench, server(), () => server().restart('immediate')),
        );
        await bench.judge(run, { outcome: 'failed', error: { code: 'postgres.lost' } });
      },
    },
    {
      id: 'P4',
      fault: 'A migration holds a table with an ACCESS EXCLUSIVE lock',
      outcome:
        'The run waits for a minute, then fails and names the lock and the table, where PostgreSQL says "canceling statement due to …".',
      how: '`LOCK TABLE` in another session.',
      async run() {
        await using _ = await transaction(server(), bench.source.url, 'LOCK TABLE accounts');
        const run = await bench.backup();
        expect(run.tookMs).toBeGreaterThan(60_000);
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'postgres.locked' },
          says: /ACCESS EXCLUSIVE lock on public\.accounts/,
          withinMs: 75_000,
        });
      },
    },
    {
      id: 'P5',
      fault: 'The role has a `statement_timeout` of a millisecond',
      outcome: 'The run succeeds: its sessions have no such limit.',
      how: '`ALTER ROLE … SET statement_timeout`; a plain query of that role must fail by it first.',
      async run() {
        server().sql(
          'postgres',
          "CREATE ROLE hasty LOGIN SUPERUSER; ALTER ROLE hasty SET statement_timeout = '1ms'",
        );
        expect(() =>
          server().sql(
            'app',
            "SET SESSION AUTHORIZATION hasty; SET statement_timeout = '1ms'; SELECT pg_sleep(1)",
          ),
        ).toThrow(/statement timeout/);
        const run = await bench.backup({ database: bench.postgres.urlOf('hasty') });
        await bench.judge(run, { outcome: 'stored' });
      },
    },
    {
      id: 'P11',
      fault: 'A table is dropped between the snapshot and its lock',
      outcome: 'Another snapshot is taken, once; when that meets the same, the run fails and says why.',
      how: 'One and then two other sessions hold tables that they drop, and commit when the run waits for them.',
      async run() {
        server().sql('app', 'CREATE TABLE a_dropped (i int); CREATE TABLE b_dropped (i int)');
        const { url } = bench.source;
        const dropping = async (table: string) => {
          const session = await transaction(server(), url, `DROP TABLE ${table}`);
          return session;
        };
        const commit = async (...sessions: Awaited<ReturnType<typeof dropping>>[]): Promise<void> => {
          for (const session of sessions) {
            await blocked(server());
            session.commit();
            await until(
              server(),
              "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'psql' AND state <> 'idle in transaction' AND query LIKE 'COMMIT%' AND state = 'active'",
            );
          }
        };
        {
          await using first = await dropping('a_dropped');
          await using second = await dropping('b_dropped');
          const run = await bench.backup({}, { during: () => commit(first, second) });
          await bench.judge(run, {
            outcome: 'failed',
            error: { code: 'postgres.changed' },
            says: /dropped or changed/,
          });
        }
        server().sql('app', 'CREATE TABLE a_dropped (i int)');
        await using only = await dropping('a_dropped');
        const run = await bench.backup({}, { during: () => commit(only) });
        await bench.judge(run, { outcome: 'stored' });
      },
    },
    {
      id: 'P17',
      fault: 'A serializable transaction is open for ever, which `--serializable-deferrable` would wait for',
      outcome:
        'The run succeeds at once: `pg_dump` is not called with that option, and there is none for it (a dump of one snapshot is consistent, ' +
        'and PostgreSQL’s own documentation advises against it for disaster recovery).',
      how: 'Such a writer in another session of a database of 60 MB; the argument lists on the server are looked at while its dump goes on.',
      async run() {
        const database = large();
        const writer = 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; INSERT INTO doomed VALUES (1)';
        await using _ = await transaction(server(), database, writer);
        let seen = '';
        const run = await bench.backup(
          { database },
          inMidDump(bench, server(), () => {
            seen = commandLines()
              .filter((line) => line.includes('--snapshot='))
              .join();
          }),
        );
        expect(seen).toContain('pg_dump');
        expect(seen).not.toContain('serializable-deferrable');
        const restored = (folder: string): void => expect(readdirSync(folder)).toEqual(['large.dump']);
        await bench.judge(run, { outcome: 'stored', withinMs: 60_000, restored });
      },
    },
    {
      id: 'P18',
      fault: 'The session that holds the snapshot is ended: by a limit for idle transactions, or by hand',
      outcome:
        'Limits of the role do not apply to it, so the run succeeds. Ended by hand, the run fails and says so.',
      how: 'A role with `idle_in_transaction_session_timeout` and `idle_session_timeout` of 50 ms and a dump that waits for longer; then `pg_terminate_backend`.',
      async run() {
        server().sql(
          'postgres',
          `CREATE ROLE sleepy LOGIN SUPERUSER; ALTER ROLE sleepy SET idle_in_transaction_session_timeout = '50ms';
           ALTER ROLE sleepy SET idle_session_timeout = '50ms'`,
        );
        bench.storeProxy.inject({ answer: 503, code: 'SlowDown' }, 'PutObject', 2);
        const run = await bench.backup({ database: bench.postgres.urlOf('sleepy') });
        await bench.judge(run, { outcome: 'stored' });
        const database = large();
        const ended = await bench.backup(
          { database },
          inMidDump(bench, server(), () => terminate(server())),
        );
        await bench.judge(ended, { outcome: 'failed', error: { code: 'postgres.lost' } });
      },
    },
    {
      id: 'P19',
      fault: 'The server is a standby, and what its primary does ends the dump',
      outcome:
        'The run fails, says that it is a standby, and what to set. It is not tried again by itself: an upload that began can not be begun anew, and ' +
        'the next attempt would meet the same.',
      how: 'A streaming standby with `max_standby_streaming_delay = 0` is backed up well first; then the primary drops a table in the middle of the dump.',
      async run() {
        const database = large();
        const standby = await startStandby(server());
        try {
          const at = (url: string): string => url.replace(`:${server().port}/`, `:${standby.port}/`);
          await bench.judge(await bench.backup({ database: at(bench.source.url) }), { outcome: 'stored' });
          bench.storeProxy.inject({ answer: 503, code: 'SlowDown' }, 'CreateMultipartUpload', 4);
          const run = await bench.backup(
            { database: at(database) },
            {
              async during(child) {
                await said(child, /Snapshot taken/);
                server().sql('large', 'DROP TABLE doomed');
              },
            },
          );
          await bench.judge(run, {
            outcome: 'failed',
            error: { code: 'postgres.standby-conflict' },
            says: /standby.*max_standby_streaming_delay/s,
          });
        } finally {
          standby.stop();
          server().sql('large', 'CREATE TABLE IF NOT EXISTS doomed (i int)');
        }
      },
    },
  ];
}
