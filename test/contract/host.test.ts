import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bytes, collect, Watch } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Container, startContainer } from '../kit/container.ts';
import { startFarAway } from '../kit/far-away.ts';
import { signal } from '../kit/signal.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let far: Sshd;
let container: Container;

beforeAll(async () => {
  container = startContainer();
  sshd = await startSshd({ config: [`SetEnv PATH=${container.path}`] });
  far = await startFarAway(sshd, 40);
});
afterAll(async () => {
  await far.stop();
  await sshd.stop();
  container.stop();
});

interface Where {
  readonly ssh?: () => Sshd;
  readonly container?: boolean;
}

const settingsOf = ({ ssh: where, container: inside }: Where) => {
  const { user, host, port, privateKey, knownHosts } = where?.() ?? sshd;
  return {
    container: inside ? container.name : null,
    ssh: where ? { user, host, port, privateKey, knownHosts } : null,
  };
};

describe.each<[string, Where]>([
  ['this machine', {}],
  ['a container on this machine', { container: true }],
  ['a server over SSH', { ssh: () => sshd }],
  ['a far server over SSH', { ssh: () => far }],
  ['a container on a server over SSH', { ssh: () => sshd, container: true }],
])('a host: %s', (_, where) => {
  let host: Host;

  beforeAll(async () => {
    const { ssh, container: name } = settingsOf(where);
    host = await openHost({
      ssh: ssh && { ...ssh, privateKey: new Secret(ssh.privateKey) },
      container: name,
      sudo: false,
      env: { ...process.env, PATH: container.path },
      signal,
    });
  });
  afterAll(() => host[Symbol.asyncDispose]());

  const run = (argv: readonly [string, ...string[]], options = {}) =>
    runProgram(host, argv, { signal, ...options });

  test('gives exactly the bytes that a program writes', async () => {
    const size = 20_000_000;
    const watch = new Watch();
    const running = host.spawn(['head', '-c', `${size}`, '/dev/zero'], { signal });
    for await (const chunk of running.stdout) watch.add(chunk);
    const expected = createHash('sha256').update(Buffer.alloc(size)).digest('hex');
    expect(watch.digest()).toEqual({ bytes: size, sha256: expected });
    expect((await running.exit).code).toBe(0);
  });

  test('gives nothing from a program that writes nothing', async () => {
    expect(await run(['true'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('feeds a text, and a stream of any bytes', async () => {
    const text = 'first line\nsecond "line" with $(things)\n';
    expect((await run(['cat'], { stdin: text })).stdout).toBe(text);
    expect((await run(['cat'], { stdin: '' })).stdout).toBe('');
    const content = randomBytes(3_000_000);
    async function* stream(): Bytes {
      for (let at = 0; at < content.byteLength; at += 100_000) yield content.subarray(at, at + 100_000);
    }
    const running = host.spawn(['cat'], { signal, stdin: stream() });
    expect((await collect(running.stdout)).equals(content)).toBe(true);
    expect((await running.exit).code).toBe(0);
  });

  test('tells how a program ended', async () => {
    expect(await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await run(['sh', '-c', 'kill -9 $$'])).code).not.toBe(0);
    // The shell around it is killed: nobody is left to say how it ended.
    const orphaned = run(['sh', '-c', 'echo all; kill -9 $PPID; sleep 0.2']);
    expect((await orphaned).code).not.toBe(0);
    expect(await run(['no-such-program'])).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('no-such-program'),
    });
  });

  test('counts a failure of either program of a pipe', async () => {
    const through = ['sh', '-c', 'cat'];
    expect(await run(['echo', 'fine'], { through })).toMatchObject({ code: 0, stdout: 'fine\n' });
    expect(await run(['sh', '-c', 'echo all of it; exit 7'], { through })).toMatchObject({
      code: 7,
      stdout: 'all of it\n',
    });
    expect((await run(['echo', 'fine'], { through: ['sh', '-c', 'cat; exit 8'] })).code).toBe(8);
    expect((await run(['sh', '-c', 'yes | head -c 3000000'], { through: ['false'] })).code).not.toBe(0);
    expect((await run(['echo'], { through: ['no-such-program'] })).code).toBe(127);
  });

  test('does not wait for what a lingering program leaves running, which goes on and may write', async () => {
    await using folder = await host.scratch({ signal });
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const app = `: ${mark}; i=0; while [ $i -lt 35 ]; do echo line; echo line >&2; sleep 0.2; i=$((i+1)); done; echo done >"$1"`;
    const script = `sh -c "$2" sh "$1" & echo; printf 'on its\\nway'; echo said >&2; exit 3`;
    const startMs = performance.now();
    const argv = ['sh', '-c', script, 'sh', `${folder.path}/done`, app] as const;
    const started = await run(argv, { lingering: true });
    expect(performance.now() - startMs).toBeLessThan(6000);
    expect(started.code).toBe(3);
    expect(started.stdout.replaceAll('line\n', '')).toBe('\non its\nway');
    expect(started.stderr.replaceAll('line\n', '')).toBe('said\n');
    expect(await processesWith(mark)).toBeGreaterThan(0);
    await untilGone(mark);
    expect((await run(['cat', `${folder.path}/done`])).stdout).toBe('done\n');
  });

  test('ends a lingering program that does not end by itself when it is cancelled', async () => {
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const stop = new AbortController();
    const options = { lingering: true, signal: stop.signal };
    const running = run(['sh', '-c', `while :; do sleep 0.2; : ${mark}; done`], options);
    running.catch(() => {});
    for (let tries = 0; (await processesWith(mark)) === 0; tries += 1) expect(tries).toBeLessThan(50);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await untilGone(mark);
  });

  test('takes every argument and variable literally', async () => {
    const nasty = [
      "it's",
      '$(touch /tmp/pwned)',
      '`id`',
      '-n',
      '--',
      '',
      ' ',
      'a\nb',
      'ünï',
      '*',
      '~',
      '\\',
      '"',
      '!x',
      'a;b&c|d',
    ];
    const printed = await run(['printf', '[%s]', ...nasty]);
    expect(printed.stdout).toBe(nasty.map((text) => `[${text}]`).join(''));
    const env = { HOLDFAST_TEST: "it's $(id)\nnew" };
    expect((await run(['sh', '-c', 'printf %s "$HOLDFAST_TEST"'], { env })).stdout).toBe(env.HOLDFAST_TEST);
    expect(() => host.spawn(['printf', 'a\0b'], { signal })).toThrow('NUL');
  });

  test('is not stopped by a flood on stderr', async () => {
    const flooded = await run(['sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x >&2; echo done']);
    expect(flooded).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(flooded.stderr.length).toBeLessThan(100_000);
  });

  test('waits for a slow reader instead of filling memory', async () => {
    const running = host.spawn(['sh', '-c', 'head -c 60000000 /dev/zero'], { signal });
    const before = process.memoryUsage().rss;
    let bytes = 0;
    for await (const chunk of running.stdout) {
      if (bytes === 0) await sleep(1500);
      bytes += chunk.byteLength;
    }
    expect(bytes).toBe(60_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test('ends a program when it is cancelled, and says so', async () => {
    const stop = new AbortController();
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const running = host.spawn(['sh', '-c', `while :; do sleep 1; : ${mark}; done`], { signal: stop.signal });
    const reading = collect(running.stdout);
    await sleep(300);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await expect(running.exit).rejects.toMatchObject({ code: 'cancelled' });
    await untilGone(mark);
  });

  test('ends a program whose reader leaves', async () => {
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const running = host.spawn(['sh', '-c', `while :; do echo x; : ${mark}; done`], { signal });
    for await (const chunk of running.stdout) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    await untilGone(mark);
  });

  test('makes a private folder, and removes it with all that is in it', async () => {
    let path: string;
    {
      await using scratch = await host.scratch({ signal });
      path = scratch.path;
      expect((await run(['ls', '-ld', path])).stdout).toMatch(/^drwx------/);
      await run(['sh', '-c', 'mkdir "$1/deep"; echo x > "$1/deep/file"', 'sh', path]);
    }
    expect((await run(['test', '-e', path])).code).toBe(1);
    await expect(host.scratch({ signal, under: '/no/such folder' })).rejects.toMatchObject({
      code: 'host.scratch',
    });
  });

  test('puts a first file into the private folder, for this user alone', async () => {
    const text = "it's 50% \\n $HOME `id`\n\ttwo lines\n";
    await using scratch = await host.scratch({ signal, file: { name: 'a name', text } });
    expect((await run(['cat', `${scratch.path}/a name`])).stdout).toBe(text);
    expect((await run(['ls', '-l', scratch.path])).stdout).toMatch(/^-rw-------.* a name$/m);
    const failing = host.scratch({ signal, under: scratch.path, file: { name: 'no/x', text: 'secret' } });
    await expect(failing).rejects.toMatchObject({
      code: 'host.scratch',
      message: expect.not.stringContaining('secret'),
    });
    expect((await run(['ls', '-A', scratch.path])).stdout).toBe('a name\n');
    const broken = host.scratch({ signal, file: { name: 'x', text: 'secret\0' } });
    await expect(broken).rejects.toMatchObject({
      code: 'host.argument',
      message: expect.not.stringContaining('secret'),
    });
  });

  test('gives a claim to one at a time', async () => {
    await using scratch = await host.scratch({ signal });
    const path = `${scratch.path}/.it's the app`;
    for (const _ of [1, 2]) {
      await using claim = await host.claim(path, { signal });
      expect(claim?.path).toBe(path);
      expect(await host.claim(path, { signal })).toBeNull();
      await using other = await host.claim(`${path} 2`, { signal });
      expect(other).not.toBeNull();
    }
    expect((await run(['ls', '-A', scratch.path])).stdout).toBe('');
    await expect(host.claim('/no/such folder/x', { signal })).rejects.toMatchObject({
      code: 'host.claim',
      message: expect.stringContaining('No such file'),
    });
  });

  test('leaves no process and no file when the client is killed', async () => {
    const mark = `mark-${randomBytes(6).toString('hex')}`;
    const program = fileURLToPath(new URL('../kit/hold-scratch.ts', import.meta.url));
    const settings = JSON.stringify({ ...settingsOf(where), mark });
    const client = spawn(process.execPath, [program, settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: container.path },
    });
    const [path] = (await once(createInterface({ input: client.stdout }), 'line')) as [string];
    expect((await run(['cat', `${path}/file`])).stdout).toBe('data\n');
    expect(await processesWith(mark)).toBeGreaterThan(0);
    client.kill('SIGKILL');
    await untilGone(mark);
    for (let tries = 0; (await run(['test', '-e', path])).code === 0; tries += 1) {
      expect(tries, `${path} is still there`).toBeLessThan(100);
      await sleep(100);
    }
  });

  /** Counts processes by a word on their command line, on the host itself. The search does not find itself. */
  async function processesWith(mark: string): Promise<number> {
    const [first, rest] = [mark.slice(0, 1), mark.slice(1)];
    const { stdout } = await run(['sh', '-c', `ps -o args= -A 2>/dev/null || ps -o args`]);
    return stdout.split('\n').filter((line) => line.includes(first + rest)).length;
  }

  async function untilGone(mark: string): Promise<void> {
    for (let tries = 0; (await processesWith(mark)) > 0; tries += 1) {
      expect(tries, 'the program still runs').toBeLessThan(90);
      await sleep(100);
    }
  }
});
