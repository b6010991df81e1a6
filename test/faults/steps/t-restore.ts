import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { sqliteContent } from '../../kit/content.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { ActionRun, RunOptions } from '../../kit/run-action.ts';
import { said } from '../../kit/said.ts';

/** Restores over SSH, with the target's name confirmed. */
export function restoreTo(
  bench: FaultBench,
  path: string,
  more: Readonly<Record<string, string | undefined>> = {},
  options: RunOptions = {},
): Promise<ActionRun> {
  const { ssh, 'ssh-key': key, 'ssh-known-hosts': hosts } = bench.inputs;
  const server = { ssh, 'ssh-key': key, 'ssh-known-hosts': hosts };
  const own = { ...server, to: `sqlite:${path}`, confirm: basename(path) };
  return bench.command('restore', { ...own, ...more }, options);
}

/** A database in a folder of its own that differs from the bench's by a row; or only the folder. */
export function targetIn(bench: FaultBench, name: string, present = true): string {
  const folder = join(bench.dir, name);
  mkdirSync(folder);
  const path = join(folder, 'app.sqlite3');
  if (present) {
    copyFileSync(bench.path, path);
    addRow(path);
  }
  return path;
}

/** Puts the WAL of a process that died beside a path: as of the database there, or of a copy of another one. */
export function crashedBeside(path: string, other: string): void {
  const crashing = `${path}.crashing`;
  const present = execFileSync('sh', ['-c', '[ ! -e "$1" ] || echo yes', 'sh', path]).length > 0;
  copyFileSync(present ? path : other, crashing);
  const db = new DatabaseSync(crashing);
  db.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO pages (body) VALUES ('from a WAL')");
  if (present) copyFileSync(crashing, path);
  for (const side of ['wal', 'shm']) copyFileSync(`${crashing}-${side}`, `${path}-${side}`);
  db.close();
  rmSync(crashing);
}

/** Puts the journal of a transaction that never ended beside a path, where no database is. */
export function hotJournalBeside(path: string): void {
  const crashing = `${path}.crashing`;
  const db = new DatabaseSync(crashing);
  db.exec(`PRAGMA journal_mode = delete; PRAGMA cache_size = 5; CREATE TABLE t (x);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT randomblob(500) FROM n;
    BEGIN; UPDATE t SET x = randomblob(500)`);
  copyFileSync(`${crashing}-journal`, `${path}-journal`);
  db.exec('ROLLBACK');
  db.close();
  rmSync(crashing);
}

const addRow = (path: string): void => {
  execFileSync('sqlite3', [path, "INSERT INTO pages (body) VALUES ('of the target')"]);
};

/** Makes a target that may have been restored hold again what {@link targetIn} has put there. */
export function putBack(path: string, content: string): void {
  if (sqliteContent(path) !== content) addRow(path);
  expect(sqliteContent(path)).toBe(content);
}

/** A restore whose program is killed so many milliseconds after the swap began, or has ended by then. */
export async function killedInSwap(bench: FaultBench, path: string, afterMs: number): Promise<ActionRun> {
  const run = await restoreTo(
    bench,
    path,
    {},
    {
      async during(child) {
        await said(child, /::group::Swap /);
        await sleep(afterMs);
        child.kill('SIGKILL');
      },
    },
  );
  expect(run.stdout).toMatch(/Backup \S+ is complete/);
  return run;
}
