import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import { HoldfastError } from '../../src/core/errors.ts';
import type { Exit, Host } from '../../src/core/host.ts';
import {
  describeExit,
  hasProgram,
  lastLine,
  programFailed,
  runProgram,
  steadily,
} from '../../src/core/program.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let host: Host;
beforeEach(async () => {
  host = await localHost();
});
afterEach(() => host[Symbol.asyncDispose]());

describe('the end of a program', () => {
  test.each<[Omit<Exit, 'stderr'>, string]>([
    [{ code: 3 }, 'exit code 3'],
    [{ code: 128 }, 'exit code 128'],
    [{ code: 137 }, 'killed by signal 9'],
    [{ code: 255 }, 'exit code 255'],
    [{ code: null, signal: 'SIGKILL' }, 'killed by SIGKILL'],
    [{ code: null }, 'no exit status'],
  ])('%j is told as: %s', (exit, told) => {
    expect(describeExit({ ...exit, stderr: '' })).toBe(told);
  });

  test.each([
    ['', ''],
    ['\n \n', ''],
    ['one\n  two  \n\n', 'two'],
    ['x'.repeat(900), 'x'.repeat(500)],
  ])('is told with its last words, if it had any: %#', (stderr, said) => {
    expect(lastLine(stderr)).toBe(said);
  });

  test('is an error that names the machine, and has a remedy where one is known', () => {
    const exit = { code: 1, stderr: 'boo\nno such table\n' };
    expect(programFailed('Reading', host, exit, 'Look.')).toMatchObject({
      message: 'Reading failed on this machine (exit code 1: no such table).',
      code: 'command.failed',
      hint: 'Look.',
    });
    expect(programFailed('Reading', host, { code: 1, stderr: '' }).message).toContain('(exit code 1).');
  });
});

test('a program that fails is judged by whoever ran it', async () => {
  const ended = await runProgram(host, ['sh', '-c', 'echo out; echo err >&2; exit 4'], { signal });
  expect(ended).toMatchObject({ stdout: 'out\n', code: 4, stderr: 'err\n' });
});

describe('what a program sends', () => {
  const fail = (exit: Exit) => programFailed('Sending', host, exit);
  const sent = (script: string, from = host) => {
    const stop = new AbortController();
    const { stdout, exit } = from.spawn(['sh', '-c', script], { signal: stop.signal });
    exit.catch(() => {});
    return steadily(from, { bytes: stdout, exit }, stop, fail);
  };

  test('ends when the program succeeded', async () => {
    expect((await collect(sent('echo all'))).toString()).toBe('all\n');
  });

  test('never ends well when it failed after all bytes', async () => {
    await expect(collect(sent('echo all; exit 3'))).rejects.toThrow(
      'Sending failed on this machine (exit code 3).',
    );
  });

  test('is given up when it is silent for too long, with the setting that allows more', async () => {
    const options = { ssh: null, container: null, sudo: false, env: process.env, signal };
    await using hasty = await openHost({ ...options, stallMs: 200 });
    await expect(collect(sent('echo some; sleep 60', hasty))).rejects.toMatchObject({
      code: 'host.stalled',
      input: 'stall-timeout',
      message: 'Nothing came from this machine for 0.2 s in the middle of a transfer.',
    });
  });
});

describe('whether a machine has a program', () => {
  /** A machine that says itself what it has. */
  const saying = (answers: (boolean | Error)[]): { readonly host: Host; readonly asked: string[] } => {
    const asked: string[] = [];
    const has = async (program: string): Promise<boolean> => {
      asked.push(program);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer === true;
    };
    return { host: { label: 'a gate', has } as unknown as Host, asked };
  };

  test('is found out by its shell', async () => {
    expect(await hasProgram(host, 'sh', signal)).toBe(true);
    expect(await hasProgram(host, 'no-such-program; true', signal)).toBe(false);
  });

  test('is asked once for each program', async () => {
    const gate = saying([true, false]);
    for (let round = 0; round < 3; round += 1) {
      expect(await hasProgram(gate.host, 'zstd', signal)).toBe(true);
      expect(await hasProgram(gate.host, 'age', signal)).toBe(false);
    }
    expect(gate.asked).toEqual(['zstd', 'age']);
  });

  test('is asked again after a question that failed', async () => {
    const gate = saying([new HoldfastError('The link broke.', { code: 'ssh.lost' }), true]);
    await expect(hasProgram(gate.host, 'zstd', signal)).rejects.toThrow('The link broke.');
    expect(await hasProgram(gate.host, 'zstd', signal)).toBe(true);
  });
});
