import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host, SpawnOptions } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { copyAndSend } from '../../src/engines/sqlite/copy-live.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';

const tools = ['cat', 'dd', 'head', 'nice', 'sleep', 'timeout', 'true'];

/** Its setsid is built in, so that it is hidden from whoever asks for it. */
const busybox = `#!/usr/bin/busybox sh
command() { [ "$2" != setsid ] && type "$2"; }
script=$2
shift 3 || shift $#
eval "$script"
`;

/** Machines without `setsid`, as macOS: where a shell has no job control without a terminal, there are no process groups at all. */
describe.each([
  ['bash', '/usr/bin/bash', true],
  ['dash', '/usr/bin/dash', false],
  ['busybox', busybox, false],
])('where setsid is missing and sh is %s', (_, shell, hasGroups) => {
  let bin: string;
  let host: Host;

  beforeAll(async () => {
    bin = mkdtempSync(join(tmpdir(), 'holdfast-no-setsid-'));
    for (const tool of tools) symlinkSync(join('/usr/bin', tool), join(bin, tool));
    if (shell.startsWith('#!')) writeFileSync(join(bin, 'sh'), shell, { mode: 0o755 });
    else symlinkSync(shell, join(bin, 'sh'));
    host = await openHost({ ssh: null, container: null, sudo: false, env: { PATH: bin }, signal });
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    rmSync(bin, { recursive: true });
  });

  const run = (script: string, options: Partial<SpawnOptions> = {}) =>
    runProgram(host, ['sh', '-c', script], { signal, ...options });

  test('a program has no session of its own', async () => {
    const { stdout } = await run('echo "$$"; cat "/proc/$$/stat"');
    const [pid, session] = [/^\d+/, /\) \S+ \d+ \d+ (\d+) /].map((form) => form.exec(stdout)?.at(-1));
    expect(pid).toMatch(/^\d+$/);
    expect(session).toMatch(/^\d+$/);
    expect(session).not.toBe(pid);
  });

  test('a program reads, writes and ends as ever, without a word of the shell', async () => {
    const text = 'first line\nsecond "line" without an end';
    const ended = await run('cat; echo err >&2; exit 3', { stdin: text });
    expect(ended).toMatchObject({ code: 3, stdout: text, stderr: 'err\n' });
    expect(await run('echo out')).toMatchObject({ code: 0, stdout: 'out\n', stderr: '' });
    async function* stream() {
      yield Buffer.from(text);
    }
    expect(await run('cat', { stdin: stream() })).toMatchObject({ code: 0, stdout: text, stderr: '' });
  });

  test.each<[string, Partial<SpawnOptions>]>([
    ['that reads nothing', {}],
    ['that reads a text', { stdin: 'a text\n' }],
  ])('a program %s ends when it is cancelled', async (__, options) => {
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const stop = new AbortController();
    const loop = `while :; do sleep 0.1; : ${mark}; done`;
    // Its own child ends with it where there are groups.
    const script = hasGroups ? `sh -c '${loop}; exit' & wait` : loop;
    const running = run(script, { ...options, signal: stop.signal });
    running.catch(() => {});
    await until(() => isRunning(mark));
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => !isRunning(mark));
  });

  test('what copies a database ends when it is cancelled: it holds a read transaction', async () => {
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const stop = new AbortController();
    const live = join(bin, 'live');
    writeFileSync(live, 'something');
    const argv = ['sh', '-c', `while :; do sleep 0.1; : ${mark}; done`] as const;
    const copying = copyAndSend(host, {
      ...{ source: `sqlite:${live}`, live, packer: undefined, signal: stop.signal },
      copy: join(bin, 'copy'),
      program: { reading: argv, writing: argv, stdin: 'a text\n' },
    });
    copying.catch(() => {});
    await until(() => isRunning(mark));
    stop.abort();
    await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => !isRunning(mark));
  });

  test('what a lingering program leaves running goes on', async () => {
    const script = `(for i in 1 2 3 4 5; do sleep 0.1; echo "$i"; done; echo done >'${bin}/done') & echo started`;
    expect(await run(script, { lingering: true })).toMatchObject({ code: 0, stdout: 'started\n' });
    expect(existsSync(join(bin, 'done'))).toBe(false);
    await until(() => existsSync(join(bin, 'done')) && readFileSync(join(bin, 'done'), 'utf8') === 'done\n');
  });
});

function isRunning(mark: string): boolean {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(mark);
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    expect(tries, 'it did not come to be').toBeLessThan(60);
    await sleep(100);
  }
}
