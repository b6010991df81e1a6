import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { Sshd } from '../kit/sshd.ts';
import { withSshd } from './steps/servers.ts';

const bench = new FaultBench({ megabytes: 20 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** Mounts of a server whose one temporary folder is that of the bench, with `options`; all others are read-only. */
const onlyScratch = (options: string): string => `
mount --make-rprivate /
mount --bind /tmp /tmp
mount --bind ${bench.dir} ${bench.dir}
mount -t tmpfs -o ${options} none ${bench.scratch}
mount -t tmpfs -o ro none /var/tmp
mount -o remount,ro,bind /tmp`;

/** What starts the program on a runner whose one temporary folder is that of the bench, with `options`. */
const onlyScratchHere = (options: string): readonly [string, ...string[]] => {
  const own = 'own=$(dirname "$GITHUB_OUTPUT"); mount --bind "$own" "$own"';
  const mounts = onlyScratch(options).replace('mount --bind /tmp /tmp', (first) => `${first}\n${own}`);
  const left = `[ -z "$(ls -A ${bench.scratch})" ] || echo "stays: $(ls -A ${bench.scratch})" >&2`;
  const script = `${mounts}\nstatus=0; "$@" || status=$?; ${left}; exit "$status"`;
  // dash forgets variables with names like those of inputs.
  return ['unshare', '--mount', 'bash', '-ec', script, 'bash', process.execPath];
};

/** What the temporary folder of such a server holds. */
const scratchOf = ({ pid }: Sshd): string[] => readdirSync(`/proc/${pid}/root${bench.scratch}`);

/** A folder with that much room while `work` goes on. */
async function withSmallDisk(megabytes: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(bench.dir, 'small');
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder]);
  try {
    await work(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
}

faults([
  {
    id: 'D1',
    fault: "The server's temporary folder is too small, or fills while the copy is made",
    outcome:
      'The first is told before anything is copied; the second fails the run. No part of a copy stays.',
    how: 'A tmpfs of 15 MB for a database of 20; then one of 50 MB, which a shim of `sqlite3` fills before the real one copies.',
    async run() {
      await withSshd(bench, { mounts: onlyScratch('size=15m') }, async (sshd, inputs) => {
        const run = await bench.backup(inputs);
        await bench.judge(run, { outcome: 'failed', error: { code: 'sqlite.no-space' }, says: /TMPDIR/ });
        expect(scratchOf(sshd)).toEqual([]);
      });
      await withSshd(bench, { mounts: onlyScratch('size=50m') }, async (sshd, inputs) => {
        const fill = `case "$*" in *--version*) ;; *) head -c 45m /dev/zero >${bench.scratch}/app ;; esac`;
        await bench.withShim('sqlite3', `${fill}; exec /usr/bin/sqlite3 "$@"`, async () => {
          const run = await bench.backup(inputs);
          await bench.judge(run, { outcome: 'failed', says: /the disk with the scratch folder is full/ });
        });
        expect(scratchOf(sshd)).toEqual(['app']);
      });
    },
  },
  {
    id: 'D2',
    fault: 'The copy would fit, but leave the app no room',
    outcome: 'The run is refused: twice the size of the database with its WAL must be free.',
    how: 'A tmpfs of 30 MB for a database of 20.',
    run: () =>
      withSshd(bench, { mounts: onlyScratch('size=30m') }, async (sshd, inputs) => {
        const run = await bench.backup(inputs);
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'sqlite.no-space' },
          says: /twice its size/,
        });
        expect(scratchOf(sshd)).toEqual([]);
      }),
  },
  {
    id: 'D3',
    fault: 'The disk of the runner is full in a verify or a restore',
    outcome:
      'The run fails and says so; verify calls the backup not damaged, but not verified. Nothing of it stays.',
    how: 'A tmpfs of 5 MB, as the temporary folder of a `verify` and as the target of a `restore`, for a backup of 20.',
    run: () =>
      withSmallDisk(5, async (folder) => {
        const [env, launcher] = [{ TMPDIR: bench.scratch }, onlyScratchHere('size=5m')];
        const verify = await bench.command('verify', {}, { env, launcher });
        await bench.judge(verify, { outcome: 'failed', says: /space|room|full/ });
        expect(verify.result.verdict).toBe('unknown');
        expect(verify.stderr).toBe('');
        const restore = await bench.command('restore', { to: `file:${folder}/back` });
        await bench.judge(restore, { outcome: 'failed', says: /space|room|full/ });
        expect(readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)))).toEqual([]);
      }),
  },
  {
    id: 'D4',
    fault: 'The temporary folder is missing, read-only, or lets nothing be run from it',
    outcome:
      'Another one is taken, /var/tmp or /tmp; without any the run fails and says so. Nothing is ever run from there.',
    how: '`TMPDIR` of the server names nothing; all its temporary folders are mounted read-only; they are mounted `noexec`. The same on the runner, for a `verify`.',
    async run() {
      const missing = `SetEnv SHLVL=1 TMPDIR=${bench.dir}/nowhere`;
      await withSshd(bench, { config: [missing] }, async (_, inputs) => {
        await bench.judge(await bench.backup(inputs), { outcome: 'stored' });
      });
      await withSshd(bench, { mounts: onlyScratch('ro') }, async (_, inputs) => {
        const run = await bench.backup(inputs);
        const error = { code: 'sqlite.no-space' };
        await bench.judge(run, { outcome: 'failed', error, says: /no temporary folder is writable/ });
      });
      await withSshd(bench, { mounts: onlyScratch('noexec') }, async (_, inputs) => {
        await bench.judge(await bench.backup(inputs), { outcome: 'stored' });
      });
      const [older] = bench.good as [(typeof bench.good)[0]];
      const elsewhere = { env: { TMPDIR: `${bench.dir}/nowhere` } };
      const verify = await bench.command('verify', { backup: older.id }, elsewhere);
      const also = (key: string): boolean => key.includes('/verified-');
      await bench.judge(verify, { outcome: 'unchanged', also });
      const nowhere = { env: { TMPDIR: bench.scratch }, launcher: onlyScratchHere('ro') };
      const none = await bench.command('verify', { backup: older.id }, nowhere);
      await bench.judge(none, { outcome: 'failed', says: /temporary folder/, also });
      await bench.reset();
    },
  },
  {
    id: 'D5',
    fault: 'Few open files are allowed, and there is one processor',
    outcome: 'A backup and a verify go through with 64 open files on one processor.',
    how: '`prlimit --nofile=64` and `taskset` around the program. It watches no files, so that inotify is never asked for.',
    async run() {
      const launcher = ['prlimit', '--nofile=64', 'taskset', '-c', '0', process.execPath] as const;
      const compressed = { compression: 'zstd', 'compress-on': 'runner' };
      await bench.judge(await bench.backup(compressed, { launcher }), { outcome: 'stored' });
      const [older] = bench.good as [(typeof bench.good)[0]];
      const verify = await bench.command('verify', { backup: older.id }, { launcher });
      const also = (key: string): boolean => key.includes(`/${older.id}/verified-`);
      await bench.judge(verify, { outcome: 'unchanged', also });
      await bench.reset();
    },
  },
]);
