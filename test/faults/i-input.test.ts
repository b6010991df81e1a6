import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import type { ActionRun } from '../kit/run-action.ts';
import { besides } from './steps/copies.ts';

const bench = new FaultBench({ megabytes: 1 });
let postgres: Postgres;
beforeAll(async () => {
  const access = ['host all all 127.0.0.1/32 scram-sha-256'];
  [postgres] = await Promise.all([startPostgres({ access }), bench.open()]);
});
afterAll(async () => {
  await bench.close();
  postgres.stop();
});
afterEach(() => bench.reset());

/** What shells, SQLite's shell, URIs, options and terminals would read as more than a name. */
const names = [
  ...[
    "it's",
    '$(touch pwned)',
    '`touch pwned`',
    '-rf',
    '--init=x',
    'a\nb',
    'back\\slash',
    '[a]*?',
    'ünï-漢-💾',
  ],
  ...[
    '"; .shell touch pwned; "',
    "'); .shell touch pwned --",
    '-o ProxyCommand=touch pwned',
    '~',
    '%41%00#hash',
  ],
  ...[
    'file:x?mode=memory',
    ' ends ',
    '\u001b[2Jred\u202e',
    '\n::error::a',
    '##[error]',
    'x'.repeat(230),
    '&;|<>',
  ],
];
const home = () => join(bench.dir, 'hostile');

function nothingWasRun(): void {
  for (const place of [bench.dir, home(), '/', homedir(), tmpdir(), process.cwd()])
    expect(existsSync(join(place, 'pwned')), place).toBe(false);
}

/** The commands that Holdfast itself gives the runner; every other line must be text. */
const ownCommand = /^::(?:add-mask|debug|group|endgroup|warning|error)\b/;
function isInert(run: ActionRun): void {
  for (const line of run.stdout.split(/\r\n|\r|\n/)) {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '').trimStart();
    if (!ownCommand.test(line)) expect(seen).not.toMatch(/^::/);
    expect(seen).not.toContain('##[');
  }
}

const refused = async (changed: Record<string, string>, input: string): Promise<void> => {
  bench.storeProxy.forget();
  const run = await bench.backup(changed);
  expect(bench.storeProxy.operations()).toEqual([]);
  expect(run.result.error.problems?.map((problem: { input: string }) => problem.input)).toContain(input);
  isInert(run);
  await bench.judge(run, { outcome: 'failed', exitCodes: [2], says: /./, also: besides });
};

faults([
  {
    id: 'I1',
    fault: 'A path, name, user, host or database is written such that a shell or program would do more',
    outcome: 'It is taken as it is written, or refused; nothing of it is run.',
    how: 'Twenty-one files with such names on the server, backed up by a glob over SSH and restored; the same texts as host, user, container, name, store, database and known hosts.',
    nearest:
      '10,000 random texts are tried on the settings and the quoting alone, by the unit tests: a run each would take hours.',
    async run() {
      mkdirSync(home());
      for (const [index, name] of names.entries()) {
        const db = new DatabaseSync(join(home(), `${name}.db`));
        db.exec(`CREATE TABLE own (number INTEGER); INSERT INTO own VALUES (${index})`);
        db.close();
      }
      const run = await bench.backup({
        database: `sqlite:${home()}/*.db`,
        name: 'i1',
        'keep-last': undefined,
      });
      expect(run.result.backup.databases).toHaveLength(names.length);
      isInert(run);
      await bench.judge(run, { outcome: 'unchanged', also: besides });
      const restored = await bench.command('restore', { name: 'i1', to: `file:${bench.dir}/i1` });
      const numbers = restored.result.files.map((file: string) => {
        const db = new DatabaseSync(file, { readOnly: true });
        const row = db.prepare('SELECT number FROM own').get();
        db.close();
        return row?.['number'];
      });
      expect(numbers.sort((a: number, b: number) => a - b)).toEqual([...names.keys()]);
      expect(readdirSync(home()).sort()).toEqual(names.map((name) => `${name}.db`).sort());
      for (const text of ['$(touch pwned)', '-o ProxyCommand=touch pwned', 'a b', "';touch pwned;'"]) {
        await refused({ ssh: `${text}@127.0.0.1:22 ` }, 'ssh');
        await refused({ ssh: `root@${text}` }, 'ssh');
        await refused({ container: text }, 'container');
        await refused({ store: `s3://${text}` }, 'store');
        await refused({ name: text }, 'name');
      }
      nothingWasRun();
    },
  },
  {
    id: 'I2',
    fault: "A SQLite path has quotes for all three layers: JavaScript, the shell and SQLite's own commands",
    outcome: 'It is taken literally in the backup and in the restore in its place.',
    how: 'Names with each quote, with `;"` and with `.shell`, as source over SSH and as target of a restore that replaces it.',
    async run() {
      const folder = join(bench.dir, 'quotes');
      mkdirSync(folder);
      for (const name of ["a'b", 'a"b', 'a\\"b', '";.shell touch pwned', "'.shell touch pwned'", 'a`b`$c']) {
        const path = join(folder, `${name}.db`);
        const write = (sql: string): void => {
          const db = new DatabaseSync(path);
          db.exec(sql);
          db.close();
        };
        write("CREATE TABLE own (name TEXT); INSERT INTO own VALUES ('right')");
        const made = await bench.backup({ database: `sqlite:${path}`, name: 'i2', 'keep-last': undefined });
        expect(made.exitCode, made.stdout).toBe(0);
        write("UPDATE own SET name = 'wrong'");
        const { database: _, 'keep-last': __, compression: ___, ...server } = bench.inputs;
        const to = { to: `sqlite:${path}`, confirm: `${name}.db` };
        const run = await bench.command('restore', {
          ...{ ...server, name: 'i2', backup: made.outputs['backup-id'], ...to },
        });
        expect(run.exitCode, run.stdout).toBe(0);
        const db = new DatabaseSync(path, { readOnly: true });
        expect(db.prepare('SELECT name FROM own').get()).toEqual({ name: 'right' });
        db.close();
        await bench.judge(made, { outcome: 'unchanged', also: besides });
      }
      nothingWasRun();
    },
  },
  {
    id: 'I3',
    fault:
      'A database URL has special characters, or parameters that lead elsewhere or switch protection off',
    outcome:
      'It is taken apart once. A password is any text, percent-encoded. Parameters that could change where or as what it connects, or run something, are refused by name.',
    how: 'Users and databases with quotes, blanks, `@`, `/` and `%` in a real server; then `options`, `host`, `service`, `passfile` and the like as parameters; DATABASE_URL from the environment.',
    async run() {
      const password = `p@:/?#[]%'"\\ é$(touch pwned)`;
      const user = `us'er "x"`;
      const database = `da'ta "base"/%`;
      const quoted = (text: string, mark: string): string => mark + text.replaceAll(mark, mark + mark) + mark;
      postgres.sql(
        'postgres',
        `CREATE ROLE ${quoted(user, '"')} SUPERUSER LOGIN PASSWORD ${quoted(password, "'")}`,
      );
      postgres.sql('postgres', `CREATE DATABASE ${quoted(database, '"')}`);
      postgres.sql(database, 'CREATE TABLE orders AS SELECT 1 AS id');
      const [a, b, c] = [user, password, database].map(encodeURIComponent);
      const url = `postgres://${a}:${b}@127.0.0.1:${postgres.port}/${c}`;
      const changed = { name: 'i3', 'keep-last': undefined };
      const run = await bench.backup({ ...changed, database: url });
      expect(run.result.backup.databases).toHaveLength(1);
      await bench.judge(run, { outcome: 'unchanged', also: besides });
      const byVariable = await bench.backup(
        { ...changed, database: undefined },
        { env: { DATABASE_URL: url } },
      );
      await bench.judge(byVariable, { outcome: 'unchanged', also: besides });
      nothingWasRun();
      for (const parameter of [
        'options=-c%20search_path%3Dnowhere',
        'host=192.0.2.1',
        'hostaddr=192.0.2.1',
        'port=1',
        'user=postgres',
        'password=x',
        'dbname=postgres',
        'service=x',
        'passfile=/tmp/x',
        'requiressl=0',
        'nonsense=1',
      ]) {
        const wrong = await bench.backup({ ...changed, database: `${url}?${parameter}` });
        expect(wrong.exitCode, parameter).toBeGreaterThan(0);
        await bench.judge(wrong, {
          ...{ outcome: 'failed', exitCodes: [1, 2], error: { input: 'database' }, also: besides },
        });
      }
      const without = await bench.backup({ ...changed, database: `${url}?sslmode=disable` });
      await bench.judge(without, { outcome: 'unchanged', also: besides });
    },
  },
  {
    id: 'I4',
    fault: 'The prefix or the name leads out of its folder',
    outcome: 'It is refused (exit code 2) before anything is asked.',
    how: '`..`, `.`, a leading or double slash, control characters, `%2e`, a backslash; in `store` and `name`.',
    async run() {
      for (const prefix of [
        '../x',
        'a/../b',
        '.',
        '/x',
        'a//b',
        'a\u0001b',
        'a\tb',
        '%2e%2e/x',
        'a\\b',
        'a b',
      ])
        await refused({ store: `s3://${bench.bucket}/${prefix}` }, 'store');
      for (const name of ['..', '.', 'a/b', '/a', 'a\u0007b', '%2e', 'a\\b']) await refused({ name }, 'name');
    },
  },
]);
