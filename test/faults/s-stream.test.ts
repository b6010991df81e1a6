import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { startPlainSshServer } from '../kit/plain-ssh-server.ts';
import { heldSend, sessionsOf } from './steps/held-send.ts';
import { reach, withSshd, withUser } from './steps/servers.ts';

const bench = new FaultBench({ megabytes: 4 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

const lost = { code: 'ssh.lost' };

faults([
  {
    id: 'S1',
    fault: 'The connection is reset while the bytes come',
    outcome:
      'The run fails and says that the connection was lost; nothing is committed, and the server cleans itself.',
    how: 'The TCP proxy resets the connection when it has passed 0 bytes of the database, 1, 64 KiB, half, and all but one.',
    async run() {
      for (const bytes of ['0', '1', '65536', 'all / 2', 'all - 1']) {
        const run = await heldSend(bench, bytes, () => bench.sshProxy.cutAfter(0));
        await bench.judge(run, { outcome: 'failed', error: lost });
      }
    },
  },
  {
    id: 'S2',
    fault: 'The connection falls silent: no FIN, no RST, no byte',
    outcome:
      'The run fails once nothing came for as long as `stall-timeout` says, 60 s when it says nothing.',
    how: 'In mid-transfer the TCP proxy passes nothing on any more; then the same with the sshd process of the connection stopped by SIGSTOP.',
    async run() {
      const inputs = { 'stall-timeout': '6s' };
      const silent = await heldSend(bench, 'all / 2', () => bench.sshProxy.silence(), inputs);
      await bench.judge(silent, {
        outcome: 'failed',
        error: { code: /ssh\.lost|host\.stalled/ },
        withinMs: 20_000,
      });
      let stopped: number[] = [];
      const stop = (): void => {
        stopped = sessionsOf(bench.sshd.pid);
        for (const pid of stopped) process.kill(pid, 'SIGSTOP');
      };
      const run = await heldSend(bench, 'all / 2', stop, inputs);
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
      expect(stopped).not.toEqual([]);
      await bench.judge(run, {
        outcome: 'failed',
        error: { code: /ssh\.lost|host\.stalled/ },
        withinMs: 20_000,
      });
    },
  },
  {
    id: 'S3',
    fault: 'The program that sends ends with 1 after it has sent everything',
    outcome: 'The run fails and names the exit code; nothing is committed.',
    how: '`cat` on the server is a shim that sends all and exits with 1.',
    run: () =>
      bench.withShim('cat', '/bin/cat "$@"; exit 1', async () => {
        await bench.judge(await bench.backup(), { outcome: 'failed', says: /exit code 1/ });
      }),
  },
  {
    id: 'S4',
    fault: 'The program that sends ends well and has sent nothing',
    outcome: 'The run fails: what arrived is not what the server said it has.',
    how: '`cat` on the server is a shim that only exits with 0.',
    run: () =>
      bench.withShim('cat', 'exit 0', async () => {
        await bench.judge(await bench.backup(), { outcome: 'damaged', says: /not what/ });
      }),
  },
  {
    id: 'S5',
    fault: 'The program that sends is killed by a signal, so that SSH tells no exit code',
    outcome: 'The run fails and names the signal.',
    how: '`cat` on the server sends all and kills itself with SIGKILL; then it kills the shell that sshd watches, which is what SSH calls an exit signal.',
    async run() {
      for (const [victim, says] of [
        ['$$', /killed by signal 9/],
        ['$PPID', /killed by SIGKILL/],
      ] as const) {
        await bench.withShim('cat', `/bin/cat "$@"; kill -9 ${victim}; sleep 1`, async () => {
          await bench.judge(await bench.backup(), { outcome: 'failed', says });
        });
      }
    },
  },
  {
    id: 'S6',
    fault: 'The channel closes after the last byte, without an exit status',
    outcome: 'The run fails: without an exit status nothing is known of the program.',
    how: 'The proxy cuts right behind the last byte. Then a server closes the channel of `cat` without a word, and keeps the connection.',
    nearest: 'the second server is that of the library ssh2, as an sshd always tells the status.',
    async run() {
      const cut = await heldSend(bench, 'all', () => bench.sshProxy.cutAfter(0));
      await bench.judge(cut, { outcome: 'failed', error: lost });
      const server = await startPlainSshServer({
        hostKeyFile: join(bench.sshd.dir, 'host_ed25519'),
        withoutExitStatusOf: /exec \$nice cat/,
        env: { TMPDIR: bench.scratch },
      });
      const run = await bench.backup(reach(bench.sshd, { port: server.port }));
      server.stop();
      await bench.judge(run, { outcome: 'failed', says: /no exit status/ });
    },
  },
  {
    id: 'S7',
    fault: 'A program in a pipe fails, and the shell knows the exit status of the last one only',
    outcome: 'The run fails, whichever it was, and wherever it stopped.',
    how: 'With the compression on the server: the copying `sqlite3` ends with 1 after all is done, `zstd` ends with 1 after half of its bytes and after all of them, `gzip` after all.',
    async run() {
      for (const [program, script, compression] of [
        [
          'sqlite3',
          `/usr/bin/sqlite3 "$@" || exit; case $* in *--version* | *immutable*) ;; *) exit 1 ;; esac`,
          'zstd',
        ],
        ['zstd', '/usr/bin/zstd "$@" | head -c 2000000; exit 1', 'zstd'],
        ['zstd', '/usr/bin/zstd "$@"; exit 1', 'zstd'],
        ['gzip', '/bin/gzip "$@"; exit 1', 'gzip'],
      ] as const) {
        await bench.withShim(program, script, async () => {
          const run = await bench.backup({ compression, 'compress-on': 'host' });
          await bench.judge(run, { outcome: 'failed', says: /exit code 1/ });
        });
      }
    },
  },
  {
    id: 'S8',
    fault: 'Login scripts and banners print text before the data',
    outcome: 'It is skipped, up to 64 KiB; more of it fails the run. No byte of it gets into the backup.',
    how: 'A user whose ~/.bashrc prints a line, text without a line end, something that looks like our own mark, and 100 KB; sshd shows a Banner.',
    async run() {
      const line = 'echo WELCOME';
      const noises = [line, 'printf "no line end"', `echo holdfast-${'0'.repeat(24)}; echo DATA`];
      const tooMuch = 'head -c 100000 /dev/zero | tr "\\0" x';
      const banner = join(bench.dir, 'banner');
      writeFileSync(banner, 'Only for those who may.\n');
      const config = [bench.surroundings({ withStartupFiles: true }), `Banner ${banner}`];
      await withSshd(bench, { config }, async (sshd) => {
        for (const noise of [...noises, tooMuch]) {
          const files = { '.bashrc': `${noise}\n` };
          await withUser(bench, { sshd, shell: '/bin/bash', files }, async (user) => {
            const run = await bench.backup(reach(sshd, { user }));
            if (noise !== tooMuch) return bench.judge(run, { outcome: 'stored' });
            await bench.judge(run, { outcome: 'failed', error: { code: 'host.no-shell' } });
          });
        }
      });
    },
  },
  {
    id: 'S9',
    fault: 'What arrives is not what was sent',
    outcome:
      'The run fails with exit code 3: the server says size and SHA-256 of its copy, and both are compared.',
    how: '`cat` on the server adds a byte, leaves one out, or changes one.',
    async run() {
      for (const script of [
        '/bin/cat "$@"; printf x',
        'head -c -1 "$1"',
        'exec <"$1"; head -c 5000; printf x; head -c 1 >/dev/null; exec /bin/cat',
      ]) {
        await bench.withShim('cat', script, async () => {
          const error = { code: 'snapshot.mismatch' };
          await bench.judge(await bench.backup(), { outcome: 'damaged', error, says: /SHA-256/ });
        });
      }
    },
  },
  {
    id: 'S10',
    fault: 'The program writes 100 MB to its stderr',
    outcome:
      'A backup that is good goes through; one that fails shows the end of the text, in a log of less than 20 KB.',
    how: '`cat` on the server writes 100 MB to stderr, then sends; with and without line ends, with exit code 0 and 1.',
    async run() {
      for (const [words, status] of [
        ['disk trouble', 0],
        ['x', 1],
      ] as const) {
        const flood = words.length > 1 ? `yes ${words}` : `yes ${words} | tr -d "\\n"`;
        await bench.withShim(
          'cat',
          `${flood} | head -c 100000000 >&2; /bin/cat "$@"; exit ${status}`,
          async () => {
            const run = await bench.backup();
            await bench.judge(
              run,
              status === 0 ? { outcome: 'stored' } : { outcome: 'failed', says: /exit code 1: x+/ },
            );
            expect(run.stdout.length + run.stderr.length).toBeLessThan(20_000);
          },
        );
      }
    },
  },
]);
