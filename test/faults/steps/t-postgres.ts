import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Postgres } from '../../kit/postgres.ts';
import { databasesOf } from '../../kit/postgres-load.ts';
import type { ActionRun } from '../../kit/run-action.ts';
import { transaction } from './p-sessions.ts';

/** Restores to PostgreSQL. */
export function postgresTargets(bench: FaultBench, server: () => Postgres): Fault[] {
  const also = (key: string): boolean => !bench.before.has(key);
  const ok = (run: ActionRun): ActionRun => {
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    return run;
  };
  const orders = (database: string): string =>
    server().sql(database, 'SELECT count(*), sum(id) FROM orders').trim();
  const restore = (name: string, database: string, more: Readonly<Record<string, string>> = {}) =>
    bench.command('restore', { name, to: server().url(database), confirm: database, ...more });
  /** A database with 100 orders, backed up, and then with 10. */
  async function shop(database: string, extra = ''): Promise<string> {
    server().sql('postgres', `CREATE DATABASE ${database}`);
    server().sql(database, `CREATE TABLE orders AS SELECT generate_series(1, 100) AS id; ${extra}`);
    const name = `t-${database}`;
    ok(await bench.backup({ name, database: server().url(database) }));
    server().sql(database, 'DELETE FROM orders WHERE id > 10');
    return name;
  }

  return [
    {
      id: 'T9',
      fault: 'Sessions are connected to the PostgreSQL database that is to be replaced',
      outcome:
        'Refused, with what they are, and nothing is changed. With `force` the new database is made beside the old one, the sessions are ended, and both are renamed.',
      how: 'A session in an open transaction; then with `force`.',
      async run() {
        const name = await shop('busy');
        await using _ = await transaction(server(), server().url('busy'), 'SELECT count(*) FROM orders');
        const before = databasesOf(server());
        const refused = await restore(name, 'busy');
        await bench.judge(refused, {
          outcome: 'failed',
          also,
          error: { code: 'restore.in-use', input: 'force' },
          says: /in use by/,
        });
        expect([orders('busy'), databasesOf(server())]).toEqual(['10|55', before]);
        const run = await restore(name, 'busy', { force: 'true' });
        await bench.judge(run, { outcome: 'unchanged', also });
        const { previous } = run.result;
        expect([orders('busy'), orders(previous)]).toEqual(['100|5050', '10|55']);
        expect(databasesOf(server()).sort()).toEqual([...before, previous].sort());
        await bench.reset();
      },
    },
    {
      id: 'T10',
      fault: '`pg_restore` fails at one of the objects',
      outcome:
        'The run fails with the reason; the new database is dropped, and the old one still serves, also to a session that reads it meanwhile.',
      how: 'A backup that needs an extension whose files are gone from the server.',
      async run() {
        const share = execFileSync(join(server().bin, 'pg_config'), ['--sharedir'], { encoding: 'utf8' });
        const file = (end: string) => join(share.trim(), 'extension', `holdfast_canary_t10${end}`);
        let name: string;
        try {
          writeFileSync(file('.control'), "default_version = '1'\n");
          writeFileSync(file('--1.sql'), 'CREATE TABLE of_extension (i int);');
          name = await shop('extended', 'CREATE EXTENSION holdfast_canary_t10');
        } finally {
          rmSync(file('.control'), { force: true });
          rmSync(file('--1.sql'), { force: true });
        }
        const before = databasesOf(server());
        const run = await restore(name, 'extended');
        await bench.judge(run, {
          outcome: 'failed',
          also,
          error: { code: 'postgres.no-extension' },
          says: /holdfast_canary_t10.*is what it was/s,
        });
        expect([orders('extended'), databasesOf(server())]).toEqual(['10|55', before]);
        await bench.reset();
      },
    },
    {
      id: 'T13',
      fault: 'A backup of SQLite is to be restored to PostgreSQL, or the other way round',
      outcome: 'Refused, with what the backup holds; nothing is changed.',
      how: 'Both ways, with the name of the target confirmed, and with `only` naming the database.',
      async run() {
        const name = await shop('other');
        const before = databasesOf(server());
        const wrong = { outcome: 'failed', also, error: { code: 'restore.choice', input: 'only' } } as const;
        for (const only of [{}, { only: 'app' }]) {
          const run = await restore('shop', 'other', only);
          await bench.judge(run, { ...wrong, says: /postgres/ });
        }
        const path = join(bench.dir, 'not-made.sqlite3');
        for (const only of [{}, { only: 'other' }]) {
          const run = await bench.command('restore', { name, to: `sqlite:${path}`, ...only });
          await bench.judge(run, { ...wrong, says: /sqlite/ });
        }
        expect([orders('other'), databasesOf(server())]).toEqual(['10|55', before]);
        expect(() => execFileSync('ls', [path], { stdio: 'pipe' })).toThrow();
        await bench.reset();
      },
    },
  ];
}
