import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Expected } from '../../kit/oracle.ts';
import { makeAppDatabase } from '../../kit/sqlite.ts';

/** What is not, or no longer, a database that can be backed up. */
export function sources(bench: FaultBench): Fault[] {
  const file = (name: string): string => join(bench.dir, name);
  async function refused(path: string, expected: Expected): Promise<void> {
    const before = readdirSync(bench.dir).sort();
    const run = await bench.backup({ database: `sqlite:${path}` });
    await bench.judge(run, { error: { input: 'database' }, withinMs: 30_000, ...expected });
    expect(readdirSync(bench.dir).sort(), 'no file is made or removed').toEqual(before);
  }
  const damaged: Expected = { outcome: 'damaged', error: { code: 'sqlite.damaged' }, says: /damaged/ };

  return [
    {
      id: 'B1',
      fault: 'The path is wrong',
      outcome:
        'The run fails and says that there is no such file; none is made on the server (`sqlite3` by itself makes one and succeeds).',
      how: 'A path in a folder that is there, and one in a folder that is not; the folder is compared before and after.',
      async run() {
        const failed = {
          outcome: 'failed',
          error: { code: 'sqlite.missing', input: 'database' },
        } as const;
        await refused(file('mistyped.sqlite3'), { ...failed, says: /no such file/ });
        await refused(file('nowhere/app.sqlite3'), failed);
        expect(existsSync(file('mistyped.sqlite3')) || existsSync(file('nowhere'))).toBe(false);
      },
    },
    {
      id: 'B2',
      fault: 'The file is empty (0 bytes)',
      outcome:
        'The run fails and says so. There is no option to allow it: such a file holds nothing that a restore could bring back, and ' +
        '`exclude` leaves it out.',
      how: 'A file of 0 bytes, alone and matched by a glob beside a good database; then with `exclude`.',
      async run() {
        const folder = file('b2');
        mkdirSync(folder);
        makeAppDatabase(join(folder, 'app.sqlite3'));
        writeFileSync(join(folder, 'empty.sqlite3'), '');
        const failed = {
          outcome: 'failed',
          error: { code: 'sqlite.empty', input: 'database' },
          says: /empty \(0 bytes\)/,
        } as const;
        await refused(join(folder, 'empty.sqlite3'), failed);
        await refused(join(folder, '*.sqlite3'), failed);
        const run = await bench.backup({
          database: `sqlite:${folder}/*.sqlite3`,
          exclude: 'empty.sqlite3',
        });
        await bench.judge(run, { outcome: 'stored', restored: () => {} });
      },
    },
    {
      id: 'B3',
      fault: 'The file is no SQLite database',
      outcome:
        'The run fails: it is not a SQLite database. With a true header and random bytes after it, the exit code is that of damage.',
      how: '64 KiB of random bytes, and the same behind the header of a database.',
      async run() {
        writeFileSync(file('random.sqlite3'), randomBytes(65_536));
        await refused(file('random.sqlite3'), {
          outcome: 'failed',
          error: { code: 'sqlite.not-a-database', input: 'database' },
        });
        const header = readFileSync(bench.path).subarray(0, 100);
        writeFileSync(file('headed.sqlite3'), Buffer.concat([header, randomBytes(4096 * 256 - 100)]));
        await refused(file('headed.sqlite3'), damaged);
      },
    },
    {
      id: 'B4',
      fault: 'The path is a folder, a FIFO, a device, a link to nothing, or a link to the database',
      outcome:
        'A link is followed, and the file that it leads to is told; the others fail at once, the FIFO and the device too.',
      how: 'One of each, made on the server.',
      async run() {
        const failed = {
          outcome: 'failed',
          error: { code: 'sqlite.not-a-file', input: 'database' },
          withinMs: 15_000,
        } as const;
        mkdirSync(file('folder.sqlite3'));
        execFileSync('mkfifo', [file('fifo.sqlite3')]);
        symlinkSync(file('nothing-there'), file('dangling.sqlite3'));
        await refused(file('folder.sqlite3'), failed);
        await refused(file('fifo.sqlite3'), failed);
        await refused('/dev/zero', failed);
        await refused(file('dangling.sqlite3'), {
          outcome: 'failed',
          error: { code: 'sqlite.missing', input: 'database' },
        });
        mkdirSync(file('linked'));
        symlinkSync(bench.path, file('linked/app.sqlite3'));
        const run = await bench.backup({ database: `sqlite:${file('linked/app.sqlite3')}` });
        expect(run.result.warnings.join()).toContain(`is a link; the database is ${bench.path}`);
        await bench.judge(run, { outcome: 'stored' });
      },
    },
    {
      id: 'B12',
      fault: 'A page of the database is damaged',
      outcome:
        'The run fails with the exit code of damage, stores nothing and prunes nothing (`sqlite3 .backup` copies such a page and ends well).',
      how: '300 random bytes in the middle of a page of a table; the run has `keep-last: 1`, and its requests are looked at.',
      async run() {
        const bytes = readFileSync(bench.path);
        randomBytes(300).copy(bytes, 4096 * 200 + 100);
        writeFileSync(file('damaged.sqlite3'), bytes);
        const run = await bench.backup({ database: `sqlite:${file('damaged.sqlite3')}` });
        expect(run.stdout).not.toMatch(/Prune by/);
        const removed = bench.storeProxy.requests.filter(({ operation }) => /^Delete/.test(operation));
        for (const { body, url } of removed) {
          for (const { id } of bench.good) expect(`${url}${body}`).not.toContain(id);
        }
        await bench.judge(run, damaged);
      },
    },
    {
      id: 'B13',
      fault: 'The database is cut short',
      outcome: 'The run fails with the exit code of damage.',
      how: 'Its first half, cut between two pages and inside of one; its header alone.',
      async run() {
        const bytes = readFileSync(bench.path);
        const pages = bytes.byteLength / 4096;
        for (const length of [4096 * Math.floor(pages / 2), 4096 * 100 + 1000, 100]) {
          writeFileSync(file('cut.sqlite3'), bytes.subarray(0, length));
          await refused(file('cut.sqlite3'), damaged);
        }
      },
    },
    {
      id: 'B14',
      fault: 'An index disagrees with its table',
      outcome:
        'The run fails with the exit code of damage: `integrity_check` looks at each copy. There is no option for the quicker ' +
        '`quick_check`, which does not see this.',
      how: "An index whose definition was changed behind SQLite's back; `quick_check` is asked first, and is content.",
      async run() {
        const path = file('index.sqlite3');
        makeAppDatabase(path, { journal: 'delete' });
        const edit =
          "UPDATE sqlite_master SET sql = 'CREATE INDEX transfers_source ON transfers (target)' WHERE name = 'transfers_source'";
        execFileSync('sqlite3', [
          path,
          `INSERT INTO transfers (source) VALUES (1), (2); PRAGMA writable_schema = on; ${edit}`,
        ]);
        expect(execFileSync('sqlite3', [path, 'PRAGMA quick_check'], { encoding: 'utf8' })).toBe('ok\n');
        await refused(path, { ...damaged, says: /integrity_check/ });
      },
    },
    {
      id: 'B21',
      fault: 'The database is encrypted (SQLCipher)',
      outcome: 'The run fails: it is not a SQLite database, or it is encrypted.',
      how: 'A database that the program `sqlcipher` made with a key.',
      async run() {
        const path = file('cipher.sqlite3');
        const sql = "PRAGMA key = 'canary-of-the-database'; CREATE TABLE t (x); INSERT INTO t VALUES (1);";
        execFileSync('sqlcipher', [path], { input: sql });
        expect(readFileSync(path).subarray(0, 6).toString('latin1')).not.toBe('SQLite');
        await refused(path, {
          outcome: 'failed',
          error: { code: 'sqlite.not-a-database', input: 'database' },
          says: /encrypted/,
        });
      },
    },
  ];
}
