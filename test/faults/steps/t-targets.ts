import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { sqliteContent } from '../../kit/content.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import { makeAppDatabase } from '../../kit/sqlite.ts';
import { asUser, withDisk } from './server-variants.ts';
import { crashedBeside, hotJournalBeside, restoreTo, targetIn } from './t-restore.ts';

/** The place that a restore goes to. */
export function targets(bench: FaultBench): Fault[] {
  const wanted = (): string => bench.good.at(-1)?.content as string;
  const newest = (): string => {
    const [latest] = [...bench.good].sort((a, b) => (a.id < b.id ? 1 : -1));
    return latest?.id as string;
  };
  const also = (key: string): boolean => !bench.before.has(key);

  return [
    {
      id: 'T3',
      fault: 'A `-wal`, `-shm` or `-journal` of an older database lies beside the target',
      outcome:
        'It has no say: the restored database holds what the backup holds, and the old files go with the old database.',
      how: 'The WAL of another database, and a hot journal, where no database is; the WAL of a crashed app beside the one that is replaced; each compared through SQLite.',
      async run() {
        for (const present of [false, true]) {
          const path = targetIn(bench, `t3-${present}`, present);
          crashedBeside(path, bench.path);
          expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
          const run = await restoreTo(bench, path, { backup: newest() });
          await bench.judge(run, { outcome: 'unchanged', also });
          expect(sqliteContent(path)).toBe(wanted());
          const db = new DatabaseSync(path);
          expect(db.prepare('SELECT count(*) AS n FROM pages WHERE body = ?').get('from a WAL')).toEqual({
            n: 0,
          });
          db.close();
          await bench.reset();
        }
        const path = targetIn(bench, 't3-journal', false);
        hotJournalBeside(path);
        const run = await restoreTo(bench, path, { backup: newest() });
        await bench.judge(run, { outcome: 'unchanged', also });
        expect(sqliteContent(path)).toBe(wanted());
        await bench.reset();
      },
    },
    {
      id: 'T4',
      fault: 'The app still has the target open',
      outcome:
        'Refused, with the name of the process, and nothing is changed. With `force` the database is replaced; what the app writes on goes into the old file, which is kept.',
      how: 'This very process has the database open, idle; after the restore by `force` it writes a row, which is looked for in both files.',
      async run() {
        const path = targetIn(bench, 't4');
        const old = sqliteContent(path);
        const app = new DatabaseSync(path);
        app.exec('SELECT count(*) FROM pages');
        const files = readdirSync(join(path, '..')).sort();
        const refused = await restoreTo(bench, path);
        await bench.judge(refused, {
          outcome: 'failed',
          error: { code: 'restore.in-use', input: 'force' },
          says: new RegExp(`process ${process.pid}.*\`stop\` and \`start\``, 's'),
        });
        expect([sqliteContent(path), readdirSync(join(path, '..')).sort()]).toEqual([old, files]);
        const forced = await restoreTo(bench, path, { force: 'true', backup: newest() });
        await bench.judge(forced, { outcome: 'unchanged', also });
        expect(sqliteContent(path)).toBe(wanted());
        expect(sqliteContent(forced.result.previous)).toBe(old);
        app.exec("INSERT INTO pages (body) VALUES ('written late')");
        app.close();
        const late = "SELECT count(*) FROM pages WHERE body = 'written late'";
        const found = [forced.result.previous, path].map((file) =>
          execFileSync('sqlite3', [file, late], { encoding: 'utf8' }),
        );
        expect(found).toEqual(['1\n', '0\n']);
        await bench.reset();
      },
    },
    {
      id: 'T5',
      fault: 'The target is there and holds something',
      outcome:
        'Refused until its name is typed as `confirm`, which says more than a `--force` would; a folder for files is never overwritten.',
      how: 'Without `confirm`, with a wrong one; `to: file:` a folder that has the file.',
      async run() {
        const path = targetIn(bench, 't5');
        const old = sqliteContent(path);
        for (const confirm of [undefined, 'yes', 'true', 'App.sqlite3', path]) {
          const run = await restoreTo(bench, path, { confirm });
          await bench.judge(run, {
            outcome: 'failed',
            exitCodes: [2],
            error: { input: 'confirm' },
            says: /confirm: app\.sqlite3/,
          });
        }
        expect(sqliteContent(path)).toBe(old);
        const run = await bench.command('restore', { to: `file:${join(path, '..')}` });
        await bench.judge(run, { outcome: 'failed', error: { code: 'restore.exists', input: 'to' } });
        expect(sqliteContent(path)).toBe(old);
      },
    },
    {
      id: 'T6',
      fault: 'The target is a link, a folder, or in a folder that may not be written to',
      outcome:
        'A link stays a link, and the file that it leads to is replaced; the others are refused. Owner, mode and journal mode stay.',
      how: 'One of each, the last by a user of the server of its own; a target of another owner with mode 640; backups of a database in WAL mode and of one that is not.',
      async run() {
        const path = targetIn(bench, 't6');
        const folder = join(path, '..');
        execFileSync('chown', ['nobody', path]);
        chmodSync(path, 0o640);
        symlinkSync(path, join(folder, 'link.sqlite3'));
        const linked = await restoreTo(bench, join(folder, 'link.sqlite3'), { backup: newest() });
        await bench.judge(linked, { outcome: 'unchanged', also });
        expect(lstatSync(join(folder, 'link.sqlite3')).isSymbolicLink()).toBe(true);
        expect(sqliteContent(path)).toBe(wanted());
        const { mode, uid } = statSync(path);
        expect([(mode & 0o777).toString(8), `${uid}`]).toEqual([
          '640',
          execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim(),
        ]);
        await bench.reset();

        for (const journal of ['wal', 'delete'] as const) {
          const source = join(bench.dir, `journal-${journal}.sqlite3`);
          makeAppDatabase(source, { journal });
          const name = `t-${journal}`;
          expect((await bench.backup({ name, database: `sqlite:${source}` })).exitCode).toBe(0);
          const copy = join(folder, `${journal}.sqlite3`);
          const run = await restoreTo(bench, copy, { name, confirm: undefined });
          await bench.judge(run, { outcome: 'unchanged', also });
          expect(execFileSync('sqlite3', [copy, 'PRAGMA journal_mode'], { encoding: 'utf8' })).toBe(
            `${journal}\n`,
          );
          await bench.reset();
        }
        mkdirSync(join(folder, 'folder.sqlite3'));
        await bench.judge(await restoreTo(bench, join(folder, 'folder.sqlite3')), {
          outcome: 'failed',
          error: { code: 'restore.not-a-file', input: 'to' },
        });
        await asUser(bench, async (inputs) => {
          const before = sqliteContent(path);
          chmodSync(path, 0o644);
          const locked = await restoreTo(bench, path, inputs);
          await bench.judge(locked, {
            outcome: 'failed',
            error: { code: 'restore.folder', input: 'to' },
            says: /may not write to its folder.*sudo: true/s,
          });
          expect(sqliteContent(path)).toBe(before);
        });
      },
    },
    {
      id: 'T7',
      fault: 'The disk of the target has no room, or is full in the middle',
      outcome: 'The run fails; the old database is as it was, and nothing lies beside it.',
      how: 'A disk of 2 MB; one of 8 MB that is filled as soon as the new file is begun.',
      async run() {
        for (const [size, says] of [
          ['2m', /must be free .* for the new file beside the old one/],
          ['8m', /full|No space|no space|could not be written/],
        ] as const) {
          await withDisk(bench, `disk-${size}`, size, async (disk) => {
            const path = join(disk, 'app.sqlite3');
            copyFileSync(bench.path, path);
            const bytes = readFileSync(path);
            const fill = `if ls ${disk}/holdfast.*/new >/dev/null 2>&1; then head -c 8m /dev/zero >${disk}/filler 2>/dev/null; fi\nexec /bin/cat "$@"`;
            const restore = () => restoreTo(bench, path);
            const run = await (size === '8m' ? bench.withShim('cat', fill, restore) : restore());
            expect(existsSync(`${disk}/filler`)).toBe(size === '8m');
            await bench.judge(run, { outcome: 'failed', error: { code: 'restore.no-space' }, says });
            expect(readFileSync(path).equals(bytes)).toBe(true);
            expect(readdirSync(disk).filter((name) => name !== 'filler')).toEqual(['app.sqlite3']);
          });
        }
      },
    },
    {
      id: 'T11',
      fault: 'The wrong database is named as the target',
      outcome:
        'Refused until the name of the very database that is replaced is typed; the name in the backup is not enough, and what will happen is shown first.',
      how: 'A backup of `app.sqlite3` to `billing.sqlite3`, with the name of the one and of the other.',
      async run() {
        const path = join(bench.dir, 'billing.sqlite3');
        makeAppDatabase(path);
        const old = sqliteContent(path);
        const refused = await restoreTo(bench, path, { confirm: 'app.sqlite3' });
        expect(refused.stdout).toContain(`Target: sqlite:${path}`);
        await bench.judge(refused, {
          outcome: 'failed',
          exitCodes: [2],
          error: { input: 'confirm' },
          says: /confirm: billing\.sqlite3/,
        });
        expect(sqliteContent(path)).toBe(old);
        const run = await restoreTo(bench, path, { confirm: 'billing.sqlite3', backup: newest() });
        await bench.judge(run, { outcome: 'unchanged', also });
        expect(sqliteContent(path)).toBe(wanted());
        await bench.reset();
      },
    },
  ];
}
