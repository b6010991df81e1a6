import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { giveWay } from '../../src/core/give-way.ts';
import type { Host } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

const ownSession = '/proc/self/autogroup';
const sortsBySession = existsSync(ownSession);
const look = `nice; if [ -e ${ownSession} ]; then cat ${ownSession}; fi`;
/** Of what {@link look} says. */
const readLook = (text: string): { nice: number; session: number | null } => {
  const [nice, group] = text.trim().split('\n');
  return {
    nice: Number(nice),
    session: group === undefined ? null : Number(/ nice (-?\d+)$/.exec(group)?.[1]),
  };
};
const before = Number(execFileSync('nice', { encoding: 'utf8' }));

describe.each(['this machine', 'a server over SSH'])('a backup leaves the app its processor: %s', (where) => {
  let sshd: Sshd;
  let host: Host;

  beforeAll(async () => {
    sshd = await startSshd();
    const { user, host: name, port, privateKey, knownHosts } = sshd;
    const ssh = { user, host: name, port, privateKey: new Secret(privateKey), knownHosts };
    host = await openHost({
      ssh: where === 'this machine' ? null : ssh,
      container: null,
      sudo: false,
      env: process.env,
      signal,
    });
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await sshd.stop();
  });

  test('what gives way does so among the programs of its session, and with all of that among the others', async () => {
    // Linux takes the second word only every 100 ms from whoever is not root.
    await sleep(150);
    const { stdout } = await runProgram(host, ['sh', '-c', look], { signal, niceness: 7 });
    expect(readLook(stdout)).toEqual({ nice: before + 7, session: sortsBySession ? 7 : null });
  });

  test('what is not told to does not', async () => {
    const { stdout } = await runProgram(host, ['sh', '-c', look], { signal });
    expect(readLook(stdout)).toEqual({ nice: before, session: sortsBySession ? 0 : null });
  });
});

test('the session that a user sits in stays as it is', () => {
  const script = `${giveWay(7)}\n$nice sh -c '${look}'`;
  // Two shells: neither of them leads the session that the tests run in.
  const said = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(readLook(said)).toEqual({ nice: before + 7, session: sortsBySession ? readSession() : null });
});

test('where there is neither, a program runs all the same, and says nothing about it', () => {
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-no-nice-'));
  onTestFinished(() => rmSync(bin, { recursive: true }));
  symlinkSync('/bin/sh', join(bin, 'sh'));
  const script = `${giveWay(7).replaceAll('/proc/', '/no-proc/')}\n$nice sh -c 'echo well' 2>&1`;
  expect(execFileSync('setsid', ['/bin/sh', '-c', `PATH=${bin}\n${script}`], { encoding: 'utf8' })).toBe(
    'well\n',
  );
});

/** Of these tests; null as well where they belong to none: the file is there then, and empty. */
function readSession(): number | null {
  return readLook(`0\n${readFileSync(ownSession, 'utf8')}`).session;
}
