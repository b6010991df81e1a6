import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sqliteContent } from '../../kit/content.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import { makeAppDatabase } from '../../kit/sqlite.ts';
import { holdOpen } from '../../kit/sqlite-holder.ts';
import { pathWithout } from '../../kit/sqlite-hosts.ts';
import { asUser, withDisk, withServer } from './server-variants.ts';

/** A shim of `sqlite3` that says another version, and otherwise is the real one. */
const versionShim = (version: string, otherwise = ''): string =>
  `case "$*" in *--version*) echo "${version} 2020-01-01 00:00:00 abc"; exit;; esac; ${otherwise}\nexec /usr/bin/sqlite3 "$@"`;

/** What the server itself is like: its tools, its users, its disks. */
export function server(bench: FaultBench): Fault[] {
  const holds = (path: string) => (folder: string) =>
    expect(sqliteContent(join(folder, 'app.sqlite3'))).toBe(sqliteContent(path));

  return [
    {
      id: 'B11',
      fault: 'The user may read the database, but not write to it or to its folder',
      outcome:
        'Where SQLite needs that (a WAL database that nobody has open, or whose `-shm` may not be read), the run fails and says which ' +
        'permission is missing. Where it does not, the run succeeds.',
      how: "A user of the server of its own; a folder and files of root's; without side files, with a `-shm` of mode 600, and with one of mode 644.",
      run: () =>
        asUser(bench, async (inputs) => {
          const folder = join(bench.dir, 'b11');
          mkdirSync(folder);
          const path = join(folder, 'app.sqlite3');
          makeAppDatabase(path);
          const backup = () => bench.backup({ ...inputs, database: `sqlite:${path}` });
          const failed = {
            outcome: 'failed',
            error: { code: 'sqlite.snapshot' },
            says: /must be writable for the user.*sudo: true/s,
          } as const;
          await bench.judge(await backup(), failed);
          await using _ = await holdOpen(path, "INSERT INTO pages (body) VALUES ('x')");
          chmodSync(`${path}-shm`, 0o600);
          await bench.judge(await backup(), failed);
          chmodSync(`${path}-shm`, 0o644);
          await bench.judge(await backup(), { outcome: 'stored', restored: holds(path) });
        }),
    },
    {
      id: 'B15',
      fault: 'The database is larger than 1 GiB, where SQLite leaves a page out for its locks',
      outcome: 'The run succeeds.',
      how: '1.2 GB of rows, compressed on the server; the restored file is checked and counted.',
      async run() {
        const path = join(bench.dir, 'app-1.2g.sqlite3');
        const fill =
          'CREATE TABLE blobs (id INTEGER PRIMARY KEY, body); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) ' +
          'INSERT INTO blobs SELECT i, zeroblob(1000000 + i) FROM n';
        execFileSync('sqlite3', [path, fill]);
        const run = await bench.backup({ database: `sqlite:${path}`, compression: 'zstd' });
        rmSync(path);
        expect(run.result.backup?.databases[0].plainBytes, run.stdout).toBeGreaterThan(0x4000_0000 + 4096);
        await bench.judge(run, {
          outcome: 'stored',
          restored(folder) {
            const facts =
              'PRAGMA quick_check; SELECT count(*), sum(length(body)), sum(id) FROM blobs; SELECT length(body) FROM blobs WHERE id = 1080';
            const found = execFileSync('sqlite3', [join(folder, 'app-1.2g.sqlite3'), facts], {
              encoding: 'utf8',
            });
            expect(found).toBe('ok\n1200|1200720600|720600\n1001080\n');
          },
        });
      },
    },
    {
      id: 'B16',
      fault: '`sqlite3` is not there, is very old, or the server speaks another language',
      outcome:
        "Without `sqlite3`, Python's own SQLite makes the same snapshot; without both the run fails and says what to install. An old one will do " +
        '(`.backup` is there since 3.6.11; `VACUUM INTO` is not used). A file is never simply copied.',
      how: 'SSH servers with a PATH without `sqlite3`, and without `python3` too; one with a German locale, made by `localedef`; an old `sqlite3`.',
      nearest:
        'the old `sqlite3` is a shim that says 3.7.9 and refuses the options that came later, before the real one: there is no package of it.',
      async run() {
        await withServer(bench, { PATH: pathWithout('sqlite3') }, async (inputs) => {
          const run = await bench.backup(inputs);
          expect(run.stdout).toMatch(/python3's sqlite3 backup/);
          await bench.judge(run, { outcome: 'stored' });
        });
        const bare = pathWithout('sqlite3', 'python3');
        chmodSync(bare, 0o755);
        const missing = {
          outcome: 'failed',
          says: /no sqlite3 program.*apt-get install sqlite3.*python3.*container/s,
          error: { code: 'sqlite.no-tool' },
        } as const;
        // A user of its own: the login shell of another one may add to PATH.
        await asUser(bench, async (inputs) => bench.judge(await bench.backup(inputs), missing), {
          PATH: bare,
        });
        const old =
          'case " $* " in *" -safe "*|*" -nonce "*|*" -A "*) echo unknown option >&2; exit 1;; esac';
        await bench.withShim('sqlite3', versionShim('3.7.9', old), async () => {
          await bench.judge(await bench.backup(), { outcome: 'stored', says: /sqlite3 \.backup/ });
        });
        const locales = join(bench.dir, 'locales');
        mkdirSync(locales);
        execFileSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(locales, 'de_DE.UTF-8')]);
        const german = { LOCPATH: locales, LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' };
        await withServer(bench, german, async (inputs) => {
          await bench.judge(await bench.backup(inputs), { outcome: 'stored' });
          const run = await bench.backup({ ...inputs, database: `sqlite:${bench.dir}/fehlt.sqlite3` });
          await bench.judge(run, { outcome: 'failed', error: { code: 'sqlite.missing', input: 'database' } });
        });
      },
    },
    {
      id: 'B17',
      fault: "The server's SQLite has the WAL-reset bug (3.7.0 to 3.51.2)",
      outcome:
        "`doctor` warns and names the mended versions; a backup succeeds and has the same line in its log, not as a warning of each night, as it is the app's " +
        'SQLite that matters, and ours only reads.',
      how: 'The real version of this machine and shims that say 3.51.2, 3.51.3, 3.50.7 and 3.44.6; a database without WAL.',
      async run() {
        const note =
          /SQLite [\d.]+ can, very rarely, damage a WAL database.*3\.51\.3 \(or 3\.50\.7, 3\.44\.6\)/;
        for (const [version, affected] of [
          ['3.51.2', true],
          ['3.50.6', true],
          ['3.51.3', false],
          ['3.50.7', false],
          ['3.44.6', false],
        ] as const) {
          await bench.withShim('sqlite3', versionShim(version), async () => {
            const { stdout, result } = await bench.backup({ 'dry-run': 'true' });
            expect([result.ok, result.warnings], stdout).toEqual([true, []]);
            expect(note.test(stdout), version).toBe(affected);
          });
        }
        await bench.withShim('sqlite3', versionShim('3.51.2'), async () => {
          const doctor = await bench.command('doctor', bench.inputs);
          const check = doctor.result.checks.find(({ id }: { id: string }) => id === 'database.app');
          expect(check.level).toBe('warn');
          expect(`${check.detail} ${check.hint}`).toMatch(note);
          await bench.judge(await bench.backup(), { outcome: 'stored', says: note });
        });
      },
    },
    {
      id: 'B19',
      fault: 'The copy on the server can not be finished, and SQLite leaves a part of it and a journal',
      outcome: 'The run fails and says why; nothing of the copy is left on the server.',
      how: 'A temporary folder on a disk of 40 MB that is filled once the room was looked at; a scratch folder that is removed under the copy.',
      async run() {
        const path = join(bench.dir, 'b19.sqlite3');
        makeAppDatabase(path, { megabytes: 15 });
        await withDisk(bench, 'small', '40m', async (small) => {
          const fill = `case "$*" in *b19.sqlite3*) head -c 32m /dev/zero > ${small}/filler;; esac`;
          await bench.withShim('sqlite3', versionShim('3.40.1', fill), () =>
            withServer(bench, { TMPDIR: small, PATH: `${bench.dir}/shims:/usr/bin:/bin` }, async (inputs) => {
              const run = await bench.backup({ ...inputs, database: `sqlite:${path}` });
              await bench.judge(run, { outcome: 'failed', says: /disk with the scratch folder is full/ });
            }),
          );
          expect(readdirSync(small)).toEqual(['filler']);
        });
        const remove = `case "$*" in *b19.sqlite3*) rm -r ${bench.scratch}/*;; esac`;
        await bench.withShim('sqlite3', versionShim('3.40.1', remove), async () => {
          const run = await bench.backup({ database: `sqlite:${path}` });
          await bench.judge(run, { outcome: 'failed', error: { code: 'sqlite.snapshot' } });
        });
      },
    },
    {
      id: 'B20',
      fault: 'A `~/.sqliterc` prints text and runs commands',
      outcome: 'It has no say: the run succeeds, and its commands are not run.',
      how: 'A user of the server with such a file, which the plain `sqlite3` obeys (that is tried first).',
      run: () =>
        asUser(bench, async (inputs, name) => {
          const { home } = bench;
          const pwned = join(home, 'pwned');
          mkdirSync(join(home, '.config/sqlite3'), { recursive: true });
          for (const file of ['.sqliterc', '.config/sqlite3/sqliterc'])
            writeFileSync(join(home, file), `.print HELLO\n.headers on\n.mode json\n.shell touch ${pwned}\n`);
          execFileSync('chown', ['-R', name, home]);
          execFileSync('usermod', ['--home', home, name]);
          execFileSync('su', ['-s', '/bin/sh', name, '-c', 'sqlite3 :memory: "SELECT 1"'], { stdio: 'pipe' });
          expect(existsSync(pwned)).toBe(true);
          rmSync(pwned);
          execFileSync('mkdir', ['-m', '777', join(bench.dir, 'b20')]);
          const path = join(bench.dir, 'b20/app.sqlite3');
          makeAppDatabase(path, { megabytes: 1 });
          execFileSync('chown', [name, path]);
          const run = await bench.backup({ ...inputs, database: `sqlite:${path}` });
          expect(run.stdout).not.toContain('HELLO');
          await bench.judge(run, { outcome: 'stored', restored: holds(path) });
          expect(existsSync(pwned)).toBe(false);
        }),
    },
    {
      id: 'B22',
      fault: 'The database is on a network file system, or on a disk that is mounted read-only',
      outcome:
        'A network file system is warned of: the locks of SQLite can not be relied on there. Read-only, a database with a rollback journal is backed up; one in ' +
        'WAL mode is refused with the reason, as SQLite can not open it there.',
      how: '`stat -f` on the server says `nfs`; a small disk, mounted read-only.',
      nearest:
        'a shim of `stat` instead of NFS, which this machine can not serve: it is what the program goes by.',
      async run() {
        await bench.withShim('stat', 'echo nfs', async () => {
          const run = await bench.backup();
          expect(run.result.warnings.join()).toMatch(/network file system \(nfs\).*local disk/);
          await bench.judge(run, { outcome: 'stored' });
        });
        await withDisk(bench, 'frozen', '10m', async (frozen) => {
          for (const journal of ['wal', 'delete'] as const) {
            mkdirSync(join(frozen, journal));
            makeAppDatabase(join(frozen, journal, 'app.sqlite3'), { journal });
          }
          execFileSync('mount', ['-o', 'remount,ro', frozen]);
          const wal = await bench.backup({ database: `sqlite:${frozen}/wal/app.sqlite3` });
          await bench.judge(wal, { outcome: 'failed', says: /must be writable|read-?only/ });
          const run = await bench.backup({ database: `sqlite:${frozen}/delete/app.sqlite3` });
          await bench.judge(run, { outcome: 'stored', restored: holds(`${frozen}/delete/app.sqlite3`) });
        });
      },
    },
  ];
}
