import { type ChildProcess, execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { startTcpProxy } from '../kit/tcp-proxy.ts';
import { withSshd, withUser } from './steps/servers.ts';

const bench = new FaultBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

faults([
  {
    id: 'S11',
    fault: 'The store takes the bytes far more slowly than the server could send them',
    outcome:
      'The server is made to wait: the program needs less than 200 MB of memory, and nobody takes slow for dead.',
    how: 'A proxy lets 2 MB a second through to the store, for a database of 40 MB; `stall-timeout` is a fraction of the time that it takes.',
    async run() {
      const slow = await startTcpProxy(Number(new URL(bench.s3.endpoint).port), {
        bytesPerSecond: 2_000_000,
      });
      let peakKiB = 0;
      const during = (child: ChildProcess): void => {
        const timer = setInterval(() => {
          peakKiB = Math.max(peakKiB, peakOf(child.pid));
        }, 100);
        child.once('exit', () => clearInterval(timer));
      };
      const inputs = { 's3-endpoint': `http://127.0.0.1:${slow.port}`, 'stall-timeout': '5s' };
      const run = await bench.backup(inputs, { during });
      slow.stop();
      await bench.judge(run, { outcome: 'stored' });
      expect(run.tookMs).toBeGreaterThan(15_000);
      expect(peakKiB).toBeGreaterThan(40_000);
      expect(peakKiB).toBeLessThan(200_000);
    },
  },
  {
    id: 'S12',
    fault: 'The two sides agree on new keys in the middle of the stream',
    outcome: 'The backup goes through.',
    how: 'An sshd with `RekeyLimit 1M`; its log has more than ten new keys.',
    run: () =>
      withSshd(bench, { config: ['RekeyLimit 1M', 'LogLevel DEBUG1'] }, async (sshd, inputs) => {
        await bench.judge(await bench.backup(inputs), { outcome: 'stored' });
        expect(sshd.log().match(/rekeying/g)?.length).toBeGreaterThan(10);
      }),
  },
  {
    id: 'S13',
    fault: "The user's login shell is not a POSIX one, and the path is full of characters that shells know",
    outcome: 'The backup goes through; no character of the path does anything.',
    how: 'Users with dash, zsh, fish and tcsh, and a path with quotes, `$(…)`, backquotes, `;`, `!`, `*`, a backslash and a blank.',
    async run() {
      const side = join(bench.dir, 'ran');
      const folder = join(
        bench.dir,
        `it's $(touch ${side.replaceAll('/', '∕')}) \`touch ran\` "x"; !y * \\ \${HOME}`,
      );
      mkdirSync(folder);
      chmodSync(folder, 0o777);
      const path = join(folder, 'app.sqlite3');
      copyFileSync(bench.path, path);
      chmodSync(path, 0o666);
      for (const shell of ['/bin/dash', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh']) {
        await withUser(bench, { shell }, async (user) => {
          const home = execFileSync('getent', ['passwd', user], { encoding: 'utf8' }).split(':')[5] as string;
          const inputs = { ssh: `${user}@127.0.0.1:${bench.sshProxy.port}`, database: `sqlite:${path}` };
          await bench.judge(await bench.backup(inputs), { outcome: 'stored' });
          expect(existsSync(join(home, 'ran'))).toBe(false);
        });
      }
    },
  },
]);

/** The most memory that a process has had, in KiB. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
