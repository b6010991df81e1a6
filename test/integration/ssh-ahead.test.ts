import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { startFarAway } from '../kit/far-away.ts';
import { signal } from '../kit/signal.ts';
import { sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

async function server(...config: string[]): Promise<Sshd> {
  const sshd = await startSshd({ config });
  cleanUps.push(() => sshd.stop());
  return sshd;
}

/** By a round trip of 40 ms. */
async function connect(sshd: Sshd): Promise<Host> {
  return (await connectBy(sshd, 40)).host;
}

async function connectBy(sshd: Sshd, roundTripMs: number): Promise<{ host: Host; cut(): Promise<void> }> {
  const far = await startFarAway(sshd, roundTripMs);
  const host = await sshHost(far);
  cleanUps.push(
    () => far.stop(),
    () => host[Symbol.asyncDispose](),
  );
  return { host, cut: () => far.stop() };
}

/** The shells below that sshd that wait for a program. */
function waiting({ pid: root }: Sshd): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const all = table.split('\n').map((line) => {
    const [, pid, parent, args = ''] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), args };
  });
  const below = new Set([root]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  const parents = new Set(all.map(({ parent }) => parent));
  return all
    .filter(({ pid, args }) => below.has(pid) && !parents.has(pid) && args.startsWith('sh -c read -r bytes'))
    .map(({ pid }) => pid);
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries += 1) {
    expect(tries, 'a hundred looks').toBeLessThan(100);
    await sleep(50);
  }
}

const echo = async (host: Host, word: string): Promise<void> => {
  expect(await runProgram(host, ['echo', word], { signal })).toMatchObject({ code: 0, stdout: `${word}\n` });
};
const sessions = (sshd: Sshd): number => sshd.log().match(/Starting session/g)?.length ?? 0;

test('on a far server three shells wait for the next programs', async () => {
  const sshd = await server();
  const host = await connect(sshd);
  await echo(host, 'first');
  await until(() => waiting(sshd).length === 3);
  expect(sessions(sshd)).toBe(4);
  const scratch = await host.scratch({ signal, file: { name: 'note', text: 'a text: “é”' } });
  expect(readFileSync(join(scratch.path, 'note'), 'utf8')).toBe('a text: “é”');
  await until(() => waiting(sshd).length === 2);
  await echo(host, 'dritter, später');
  const fed = host.spawn(['cat'], { signal, stdin: 'a text\n' });
  expect((await collect(fed.stdout)).toString()).toBe('a text\n');
  expect(sessions(sshd)).toBe(4);
  expect(waiting(sshd)).toEqual([]);
  await echo(host, 'fifth');
  expect(sessions(sshd)).toBe(5);
  await scratch[Symbol.asyncDispose]();
});

test('those that nobody needed end with the connection', async () => {
  const sshd = await server();
  const host = await connect(sshd);
  await echo(host, 'first');
  await until(() => waiting(sshd).length === 3);
  await host[Symbol.asyncDispose]();
  await until(() => waiting(sshd).length === 0);
});

test('those that nobody needed do not stay for long', async () => {
  const sshd = await server();
  await echo(await connect(sshd), 'first');
  await until(() => waiting(sshd).length === 3);
  await sleep(5000);
  await until(() => waiting(sshd).length === 0);
});

test('one that a server has closed is nobody’s failure', async () => {
  const sshd = await server('ChannelTimeout session:*=3s');
  const far = await startFarAway(sshd, 40);
  cleanUps.push(() => far.stop());
  const { user, host: name, port, privateKey, knownHosts } = far;
  const ssh = { user, host: name, port, knownHosts, privateKey: new Secret(privateKey) };
  // The server looks at the time when it hears something: a question each half second, whether it is there.
  const options = { ssh, container: null, sudo: false, env: process.env, signal, stallMs: 2000 };
  await using host = await openHost(options);
  await echo(host, 'first');
  await until(() => waiting(sshd).length === 3);
  await until(() => waiting(sshd).length === 0);
  // It is half a round trip away.
  await sleep(200);
  for (const word of ['second', 'third', 'fourth']) await echo(host, word);
});

test.each([0, 30, 60, 100, 150])(
  'a connection that is lost %i ms after the next is asked for is told as that',
  async (ms) => {
    const { host, cut } = await connectBy(await server(), 100);
    await echo(host, 'first');
    const next = runProgram(host, ['sleep', '1'], { signal });
    next.catch(() => {});
    await sleep(ms);
    await cut();
    await expect(next).rejects.toMatchObject({ code: 'ssh.lost' });
  },
);

test('one that was ended in the meantime is nobody’s failure', async () => {
  const sshd = await server();
  const host = await connect(sshd);
  await echo(host, 'first');
  await until(() => waiting(sshd).length === 3);
  const [one, two] = waiting(sshd) as [number, number];
  for (const pid of [one, two]) process.kill(pid, 'SIGKILL');
  await sleep(500);
  for (const word of ['second', 'third', 'fourth']) await echo(host, word);
});

test.each([1, 2, 3])('where a server allows %i sessions, as many programs run as before', async (allowed) => {
  const sshd = await server(`MaxSessions ${allowed}`);
  const host = await connect(sshd);
  // It hears only half a round trip later that the one before is over for us.
  const next = async (word: string): Promise<void> => {
    await echo(host, word);
    await sleep(300);
  };
  await next('first');
  const held = [];
  for (let count = 1; count < allowed; count += 1) held.push(await host.scratch({ signal }));
  for (const word of ['second', 'third', 'fourth', 'fifth']) await next(word);
  for (const scratch of held) await scratch[Symbol.asyncDispose]();
});

test('a near server, where they would save nothing, starts none', async () => {
  // On a busy machine one may seem to be far.
  const started: number[] = [];
  for (let tries = 0; tries < 5 && !started.includes(1); tries += 1) {
    const sshd = await server();
    const { host } = await connectBy(sshd, 0);
    await echo(host, 'first');
    await sleep(300);
    started.push(sessions(sshd));
  }
  expect(started).toContain(1);
});

test('a command that a key is tied to is run once', async () => {
  const sshd = await server('ForceCommand echo something else');
  const host = await connect(sshd);
  await expect(runProgram(host, ['echo', 'first'], { signal })).rejects.toMatchObject({
    code: 'host.no-shell',
  });
  await sleep(300);
  expect(sessions(sshd)).toBe(1);
});
