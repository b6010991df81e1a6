import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Expected } from '../../kit/oracle.ts';
import type { Postgres } from '../../kit/postgres.ts';
import { clusterTraces } from '../../kit/postgres-load.ts';
import type { ActionRun } from '../../kit/run-action.ts';
import { withDisk } from './server-variants.ts';
import { readObject, repack, writeObject } from './stored.ts';

/** The proof of PostgreSQL backups. */
export function verifyingPostgres(bench: FaultBench, server: () => Postgres): Fault[] {
  const also = (key: string): boolean => key.startsWith('v-');
  const damaged: Expected = { outcome: 'damaged', also };
  const backUp = async (name: string, more: Record<string, string> = {}): Promise<ActionRun> => {
    const made = await bench.backup({ name, database: server().url('orders'), ...more });
    expect(made.exitCode, made.stdout).toBe(0);
    return made;
  };
  /** A temporary folder of the machine that verifies. */
  const temporary = (name: string): string => {
    const folder = join(bench.dir, name);
    mkdirSync(folder);
    chmodSync(bench.dir, 0o755);
    chmodSync(folder, 0o1777);
    return folder;
  };
  /** Nothing of a scratch cluster is left there. */
  const nothingLeft = async (folder: string): Promise<void> => {
    for (let tries = 0; clusterTraces(folder).length > 0; tries += 1) {
      expect(tries, clusterTraces(folder).join('\n')).toBeLessThan(100);
      await sleep(100);
    }
  };
  const unknown = async (run: ActionRun, says: RegExp): Promise<void> => {
    expect(run.result.verdict, run.stdout).toBe('unknown');
    await bench.judge(run, {
      outcome: 'failed',
      error: { code: 'verify.unknown' },
      also,
      says,
      withinMs: 60_000,
    });
  };

  return [
    {
      id: 'V7',
      fault: 'A dump in the custom format is cut short, which `pg_restore --list` does not see',
      outcome: 'Found, with the exit code of damage: the dump is loaded, not listed.',
      how: 'A dump cut at 2, 20, 90 and 99 %, with a manifest that agrees; `pg_restore --list` is content with three of them.',
      async run() {
        const made = await backUp('v-dump');
        const whole = await readObject(bench, made.result.backup.databases[0].key);
        const file = join(bench.dir, 'cut.dump');
        let listed = 0;
        for (const part of [0.02, 0.2, 0.9, 0.99]) {
          const cut = whole.subarray(0, Math.floor(whole.byteLength * part));
          writeFileSync(file, cut);
          try {
            execFileSync(join(server().bin, 'pg_restore'), ['--list', file], { stdio: 'pipe' });
            listed += 1;
          } catch {
            // Cut inside of its table of contents.
          }
          await repack(bench, made, cut);
          const run = await bench.command('verify', { name: 'v-dump' });
          expect(run.result.verdict, `cut at ${part}`).toBe('damaged');
          await bench.judge(run, damaged);
        }
        expect(listed).toBeGreaterThanOrEqual(3);
        await bench.reset();
      },
    },
    {
      id: 'V8',
      fault: 'SQL text is cut short, which `psql` does not see',
      outcome:
        'Found: the last line that `pg_dump` and `pg_dumpall` write must be there, and no `COPY` may be open.',
      how: 'The roles of a server (the only SQL that is stored), cut behind a statement, with a manifest that agrees; then such text that ends inside of a `COPY`.',
      async run() {
        const made = await backUp('v-globals', { globals: 'true' });
        const { databases, manifestKey } = made.result.backup;
        const globals = databases.find(({ name }: { name: string }) => name === 'globals');
        const text = (await readObject(bench, globals.key)).toString();
        // The backup of the roles alone: the helper that packs it again takes one object.
        const manifest = JSON.parse((await readObject(bench, manifestKey)).toString());
        const only = manifest.databases.filter(({ name }: { name: string }) => name === 'globals');
        await writeObject(bench, manifestKey, JSON.stringify({ ...manifest, databases: only }));
        const cuts = [
          text.slice(0, text.lastIndexOf(';') + 2),
          `${text.slice(0, 200)}\nCOPY public.t (i) FROM stdin;\n1\n2\n`,
        ];
        for (const cut of cuts) {
          await repack(bench, made, Buffer.from(cut));
          const run = await bench.command('verify', { name: 'v-globals' });
          await bench.judge(run, {
            ...damaged,
            error: { code: 'postgres.not-restorable' },
            says: /not whole/,
          });
        }
        await repack(bench, made, Buffer.from(text));
        const whole = await bench.command('verify', { name: 'v-globals' });
        await bench.judge(whole, { outcome: 'unchanged', also });
        await bench.reset();
      },
    },
    {
      id: 'V9',
      fault:
        'The scratch server can not be had: its disk is full, it crashes, or a given one does not answer',
      outcome:
        'The verdict is `unknown`, with exit code 1, and nothing of the scratch server is left. Its port can not be taken by another program: it answers only on a socket in a folder of its own.',
      how: 'A temporary folder on a disk of 20 MB, too small for a cluster, and of 72 MB, too small for the database; its server process is killed while the dump is loaded; a `scratch-url` where nothing is.',
      async run() {
        await backUp('v-scratch');
        for (const size of ['20m', '72m']) {
          await withDisk(bench, `scratch-${size}`, size, async (folder) => {
            const run = await bench.command('verify', { name: 'v-scratch' }, { env: { TMPDIR: folder } });
            await unknown(run, /[Nn]o space|could not be started|Free some space/);
            await nothingLeft(folder);
            expect(readdirSync(folder)).toEqual([]);
          });
        }
        const folder = temporary('crash');
        const crashed = await bench.command(
          'verify',
          { name: 'v-scratch' },
          { env: { TMPDIR: folder }, during: (child) => killServer(folder, () => child.exitCode !== null) },
        );
        await unknown(crashed, /says nothing about it/);
        await nothingLeft(folder);
        const gone = await bench.command('verify', {
          name: 'v-scratch',
          'scratch-url': 'postgres://postgres@127.0.0.1:1/postgres',
        });
        await unknown(gone, /nothing answers there/);
        await bench.reset();
      },
    },
    {
      id: 'V10',
      fault: "`scratch-url` is the app's own, live database",
      outcome:
        'It is not touched: a new database is made on that server and dropped again, and what `assert` asks is asked there, read-only. It is not refused, as a ' +
        "server can't tell whether it is a live one.",
      how: 'The content of the live database and the list of databases before and after; an `assert` that tries to delete.',
      async run() {
        await backUp('v-live');
        const databases = () => server().sql('postgres', 'SELECT oid, datname FROM pg_database ORDER BY 1');
        const content = () =>
          server().sql('orders', 'SELECT md5(string_agg(o::text, chr(10))) FROM orders o');
        server().sql('orders', 'DELETE FROM orders WHERE id = 1');
        const before = [databases(), content()];
        const inputs = { name: 'v-live', 'scratch-url': server().url('orders') };
        const run = await bench.command('verify', {
          ...inputs,
          assert: 'orders: SELECT count(*) = 1 FROM orders WHERE id = 1',
        });
        expect([databases(), content()]).toEqual(before);
        await bench.judge(run, { outcome: 'unchanged', also });
        const deleting = await bench.command('verify', {
          ...inputs,
          assert: 'orders: DELETE FROM orders RETURNING true',
        });
        expect([databases(), content()]).toEqual(before);
        await bench.judge(deleting, {
          outcome: 'failed',
          exitCodes: [1, 2, 3],
          also,
          says: /read-only|SELECT/,
        });
        await bench.reset();
      },
    },
  ];
}

/** Kills the scratch server whose data are below a folder, once it has a database to load into. */
async function killServer(folder: string, ended: () => boolean): Promise<void> {
  while (!ended()) {
    const servers = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && /scratch_/.test(textOf(name)),
    );
    for (const pid of servers) {
      const parent = /PPid:\s+(\d+)/.exec(statusOf(pid))?.[1] ?? '';
      if (!textOf(parent).includes(folder)) continue;
      process.kill(Number(parent), 'SIGKILL');
      return;
    }
    await sleep(2);
  }
}

function textOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}
