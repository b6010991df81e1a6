import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { sqliteContent } from '../../kit/content.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { ActionRun } from '../../kit/run-action.ts';
import { said } from '../../kit/said.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../../kit/sqlite.ts';
import { holdOpen } from '../../kit/sqlite-holder.ts';

/** An app that goes on working while its database is backed up. */
export function busy(bench: FaultBench): Fault[] {
  /** A database of its own for a row, named as the bench's own is. */
  const database = (row: string, options: Parameters<typeof makeAppDatabase>[1]): string => {
    const folder = join(bench.dir, row);
    mkdirSync(folder);
    const path = join(folder, 'app.sqlite3');
    makeAppDatabase(path, options);
    return path;
  };
  const snapshotMs = (run: ActionRun): number => {
    expect(run.exitCode, run.stdout).toBe(0);
    return run.result.backup.databases[0].snapshot.durationMs;
  };
  const transfersIn = (path: string): number =>
    Number(execFileSync('sqlite3', [path, 'SELECT count(*) FROM transfers'], { encoding: 'utf8' }));

  /** Idle first, then while a writer commits: one state of the database, and soon. */
  async function whileWriting(path: string, perSecond: number) {
    const idleMs = snapshotMs(await bench.backup({ database: `sqlite:${path}` }));
    await bench.reset();
    const writer = await startWriter(path, { perSecond });
    await sleep(500);
    const before = writer.commits;
    const run = await bench.backup({ database: `sqlite:${path}` });
    const report = await writer.stop();
    expect(report.commits).toBeGreaterThan(before);
    await bench.judge(run, {
      outcome: 'stored',
      restored(folder) {
        const copy = join(folder, 'app.sqlite3');
        expect(brokenInvariants(copy)).toEqual([]);
        expect(transfersIn(copy)).toBeGreaterThanOrEqual(before);
      },
    });
    return { idleMs, busyMs: snapshotMs(run), worstMs: report.worstMs };
  }

  return [
    {
      id: 'B5',
      fault: 'A writer commits 500 times a second to a WAL database',
      outcome:
        'The run succeeds with one state of the database, and the snapshot takes no more than three times as long as that of an idle one.',
      how: 'A second process moves money between accounts; the restored sums must agree. 20 MB; both snapshots are timed, with 0.5 s for starting programs.',
      async run() {
        const { idleMs, busyMs } = await whileWriting(database('b5', { megabytes: 20 }), 500);
        expect(busyMs).toBeLessThan(3 * idleMs + 500);
      },
    },
    {
      id: 'B6',
      fault: 'A writer commits 5 times a second to a WAL database, which makes a plain `.backup` start again',
      outcome: 'The run succeeds with one state of the database, as quickly as that of an idle one.',
      how: 'As before.',
      async run() {
        const { idleMs, busyMs } = await whileWriting(database('b6', { megabytes: 20 }), 5);
        expect(busyMs).toBeLessThan(3 * idleMs + 500);
      },
    },
    {
      id: 'B7',
      fault: 'A writer never rests, and the database has a rollback journal',
      outcome:
        'The run succeeds. No commit waits longer than the snapshot takes (SQLite lets nobody write to such a database while it is read; ' +
        'WAL mode avoids that).',
      how: 'A second process commits up to 1,000 times a second; its slowest commit is compared with the time of the snapshot, and 0.5 s for waking up.',
      async run() {
        const path = database('b7', { megabytes: 20, journal: 'delete' });
        const { busyMs, worstMs } = await whileWriting(path, 1000);
        expect(worstMs).toBeLessThan(busyMs + 500);
      },
    },
    {
      id: 'B8',
      fault: 'Another process holds an exclusive lock for ever',
      outcome: 'The run fails after 30 s and names the lock.',
      how: '`BEGIN EXCLUSIVE` in a process of its own.',
      async run() {
        const path = database('b8', { journal: 'delete' });
        await using _ = await holdOpen(path, 'BEGIN EXCLUSIVE');
        const run = await bench.backup({ database: `sqlite:${path}` });
        expect(run.tookMs).toBeGreaterThan(30_000);
        await bench.judge(run, {
          outcome: 'failed',
          says: /held a lock.*database is locked/,
          withinMs: 45_000,
        });
      },
    },
    {
      id: 'B9',
      fault: 'Most of the database is in a WAL that was never checkpointed',
      outcome: 'The run succeeds, with what is in the WAL alone.',
      how: 'A process with `wal_autocheckpoint=0` adds 20 MB and stays; the main file must not have grown.',
      async run() {
        const path = database('b9', {});
        const bytes = statSync(path).size;
        const grow =
          'PRAGMA wal_autocheckpoint = 0; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) ' +
          'INSERT INTO pages (body) SELECT hex(randomblob(2000)) FROM n';
        await using _ = await holdOpen(path, grow);
        expect(statSync(path).size).toBe(bytes);
        expect(statSync(`${path}-wal`).size).toBeGreaterThan(20e6);
        const run = await bench.backup({ database: `sqlite:${path}` });
        const content = sqliteContent(path);
        await bench.judge(run, {
          outcome: 'stored',
          restored: (folder) => expect(sqliteContent(join(folder, 'app.sqlite3'))).toBe(content),
        });
      },
    },
    {
      id: 'B10',
      fault: 'The transfer is slow, and the app writes on',
      outcome:
        'Nothing is held open in the database once the copy is made on the server: the WAL can be checkpointed and emptied while the bytes still travel.',
      how: 'The store turns the object away with `503` at first; meanwhile a writer commits and a checkpoint empties the WAL to 0 bytes.',
      async run() {
        const path = database('b10', { megabytes: 1 });
        const content = sqliteContent(path);
        const app = new DatabaseSync(path);
        app.exec("INSERT INTO pages (body) VALUES ('before')");
        const at = { checkpoint: {} as unknown, wal: -1, stored: -1, running: false };
        bench.storeProxy.inject({ answer: 503, code: 'SlowDown' }, 'PutObject', 3);
        const run = await bench.backup(
          { database: `sqlite:${path}` },
          {
            async during(child) {
              await said(child, /Snapshot taken/);
              app.exec("INSERT INTO pages (body) VALUES ('after')");
              at.checkpoint = app.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
              at.wal = statSync(`${path}-wal`).size;
              at.stored = (await bench.contents()).size - bench.before.size;
              at.running = child.exitCode === null;
            },
          },
        );
        app.close();
        expect(at).toMatchObject({ checkpoint: { busy: 0 }, wal: 0, stored: 0, running: true });
        await bench.judge(run, {
          outcome: 'stored',
          restored(folder) {
            const copy = join(folder, 'app.sqlite3');
            const bodies = "SELECT group_concat(body) FROM pages WHERE body IN ('before', 'after')";
            expect(execFileSync('sqlite3', [copy, bodies], { encoding: 'utf8' })).toBe('before\n');
            execFileSync('sqlite3', [copy, "DELETE FROM pages WHERE body = 'before'"]);
            expect(sqliteContent(copy)).toBe(content);
          },
        });
      },
    },
    {
      id: 'B18',
      fault: '`sqlite3` is killed in the middle of the copy, as when memory is short',
      outcome: 'The run fails and says by which signal; the unfinished copy is removed.',
      how: 'A shim of `sqlite3` on the server starts the real one and kills it by signal 9 as soon as the copy has 1 MB.',
      async run() {
        const path = database('b18', { megabytes: 60 });
        const script = `case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac
exec 3<&0; /usr/bin/sqlite3 "$@" <&3 & sqlite=$!
until find "${bench.scratch}" -name copy.sqlite3 -size +1M | grep -q .; do kill -0 "$sqlite" || exit 97; done
kill -9 "$sqlite"; find "${bench.scratch}" -name copy.sqlite3 -size +1M > "${bench.dir}/b18/left"; wait "$sqlite"`;
        await bench.withShim('sqlite3', script, async () => {
          const run = await bench.backup({ database: `sqlite:${path}` });
          expect(statSync(join(bench.dir, 'b18/left')).size).toBeGreaterThan(0);
          await bench.judge(run, { outcome: 'failed', says: /[Kk]illed/ });
        });
      },
    },
  ];
}
