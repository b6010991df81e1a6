import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import { richSchema } from '../../kit/postgres-load.ts';
import type { ActionRun } from '../../kit/run-action.ts';

/** What is in the database, and what becomes of it. */
export function contents(bench: FaultBench): Fault[] {
  const server = () => bench.postgres.server;
  /** Backups of another name than the bench's own. */
  const named = (name: string) => (key: string) => key.startsWith(`${name}/`);
  const create = (name: string, schema: string): string => {
    server().sql('postgres', `CREATE DATABASE ${name}`);
    server().sql(name, schema);
    return bench.postgres.urlOf('postgres', name);
  };
  const ok = (run: ActionRun): ActionRun => {
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    return run;
  };

  return [
    {
      id: 'P13',
      fault: 'The database is suddenly much smaller than in the backup before',
      outcome:
        'The backup is stored, and a warning says from what to what; nothing is pruned in that run. With `fail-on-shrink` the run fails, with the backup kept. ' +
        '"Much smaller" is less than half of the stored bytes, which is what a key that may only write can know; the run after it is compared with the small one.',
      how: 'A table of 1 MB is emptied between two runs with `keep-last`.',
      async run() {
        const database = create(
          'shrinking',
          'CREATE TABLE small AS SELECT 1 AS i; CREATE TABLE pages AS SELECT repeat(md5(i::text), 30) FROM generate_series(1, 1000) i',
        );
        for (const name of ['shrink-warned', 'shrink-failed'])
          expect(ok(await bench.backup({ name, database })).stdout).toMatch(/Prune by the retention policy/);
        server().sql('shrinking', 'TRUNCATE pages');
        const says = /shrinking is 9\d %(?:25)? smaller than in the backup \S+ before it/;
        const warned = await bench.backup({ name: 'shrink-warned', database });
        expect(warned.result.warnings.join()).toMatch(says);
        expect(warned.summary).toMatch(says);
        expect([warned.result.kept, warned.stdout.includes('Prune by')]).toEqual([[], false]);
        await bench.judge(warned, { outcome: 'unchanged', also: (key) => key.startsWith('shrink-'), says });
        const failed = await bench.backup({ name: 'shrink-failed', database, 'fail-on-shrink': 'true' });
        expect(failed.stdout).not.toContain('Prune by');
        await bench.judge(failed, {
          outcome: 'failed',
          also: (key) => key.startsWith('shrink-'),
          error: { code: 'backup.shrunk', input: 'fail-on-shrink' },
          says,
        });
        const listed = await bench.command('list', { name: 'shrink-failed' });
        expect(listed.result.backups).toHaveLength(2);
        const again = ok(await bench.backup({ name: 'shrink-failed', database, 'fail-on-shrink': 'true' }));
        expect(again.stdout).toContain('Prune by');
        await bench.reset();
      },
    },
    {
      id: 'P14',
      fault:
        'The database has large objects, roles of its own, extensions and collations, which the place of a restore may lack',
      outcome:
        '`verify` restores large objects and policies of roles that are not there. Where the place lacks an extension or a locale, it says which one, and that ' +
        'this says nothing about the backup.',
      how: 'A database with some of everything; then with an extension whose files are gone, and with a collation of a locale that no machine has.',
      async run() {
        server().sql('postgres', 'CREATE ROLE tenant_of_rich LOGIN');
        const database = create('rich', richSchema.replaceAll('tenant', 'tenant_of_rich'));
        const backUp = async (name: string) => ok(await bench.backup({ name, database }));
        await backUp('rich');
        const verified = ok(await bench.command('verify', { name: 'rich' }));
        await bench.judge(verified, { outcome: 'unchanged', also: named('rich') });
        const lacks = async (name: string, says: RegExp): Promise<void> => {
          const run = await bench.command('verify', { name });
          expect(run.result.verdict).toBe('unknown');
          await bench.judge(run, { outcome: 'failed', also: (key) => key.startsWith('rich'), says });
        };
        const share = execFileSync(join(server().bin, 'pg_config'), ['--sharedir'], { encoding: 'utf8' });
        const file = (end: string) => join(share.trim(), 'extension', `holdfast_canary${end}`);
        try {
          writeFileSync(file('.control'), "default_version = '1'\n");
          writeFileSync(file('--1.sql'), 'CREATE TABLE of_extension (i int);');
          server().sql('rich', 'CREATE EXTENSION holdfast_canary');
          await backUp('rich-extension');
        } finally {
          rmSync(file('.control'), { force: true });
          rmSync(file('--1.sql'), { force: true });
        }
        await lacks('rich-extension', /says nothing about it.*extension "holdfast_canary"/s);
        server().sql('rich', 'DROP EXTENSION holdfast_canary; CREATE COLLATION odd FROM "C"');
        server().sql(
          'rich',
          "SET allow_system_table_mods = on; UPDATE pg_collation SET collcollate = 'xx_XX.utf8', collctype = 'xx_XX.utf8' WHERE collname = 'odd'",
        );
        await backUp('rich-collation');
        await lacks('rich-collation', /says nothing about it.*locale "xx_XX\.utf8"/s);
        await bench.reset();
      },
    },
    {
      id: 'P15',
      fault: '`pg_dump` warns of something and ends well',
      outcome: 'The run succeeds; what it said is a warning in the log, in the result and in the summary.',
      how: 'A type whose kind was made unreadable in the catalog, which `pg_dump` warns of and leaves out.',
      async run() {
        const database = create(
          'warned',
          `CREATE TABLE t AS SELECT 1 AS i; CREATE TYPE odd AS ENUM ('a'); SET allow_system_table_mods = on;
           UPDATE pg_type SET typtype = 'x' WHERE typname = 'odd'`,
        );
        const says = /warning: typtype of data type "odd" appears to be invalid/;
        const run = await bench.backup({ name: 'warned', database });
        expect(run.result.warnings.join()).toMatch(says);
        expect(run.summary).toMatch(says);
        await bench.judge(run, { outcome: 'unchanged', also: named('warned'), says });
        await bench.reset();
      },
    },
    {
      id: 'P16',
      fault: 'Names of tables and columns hold line feeds and commands of `psql`',
      outcome:
        'They are names: the backup, `verify` and a restore succeed, and nothing is run. Dumps are in the custom format, which `pg_restore` loads by a connection; no `psql` ever reads one.',
      how: 'Such names, with a command that would make a file; after the restore both databases are compared.',
      async run() {
        const pwned = join(bench.dir, 'pwned');
        const names = [
          `x\n\\! touch ${pwned}\n`,
          `"; \\! touch ${pwned} --`,
          `'\n\\copy t from program 'touch ${pwned}'\n`,
          '\\q',
        ];
        const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
        const database = create(
          'hostile',
          quoted
            .map(
              (name) =>
                `CREATE TABLE ${name} (${name} text); INSERT INTO ${name} VALUES (E'\\\\! touch ${pwned}\\n\\\\.\\n'); COMMENT ON TABLE ${name} IS E'\\n\\\\! touch ${pwned}\\n';`,
            )
            .join('\n'),
        );
        ok(await bench.backup({ name: 'hostile', database }));
        ok(await bench.command('verify', { name: 'hostile' }));
        const { ssh = '', 'ssh-key': key = '', 'ssh-known-hosts': hosts = '' } = bench.inputs;
        const to = bench.postgres.urlOf('postgres', 'hostile_copy');
        const run = await bench.command('restore', {
          ...{ name: 'hostile', to, ssh, 'ssh-key': key, 'ssh-known-hosts': hosts },
        });
        ok(run);
        const { contentIn } = bench.postgres;
        expect(contentIn('hostile_copy')).toBe(contentIn('hostile'));
        expect(existsSync(pwned)).toBe(false);
        await bench.judge(run, { outcome: 'unchanged', also: named('hostile') });
        await bench.reset();
      },
    },
  ];
}
