import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Hooks, runHook } from '../../src/core/hooks.ts';
import type { Host } from '../../src/core/host.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let host: Host;
let reporter: QuietReporter;
beforeAll(async () => {
  host = await localHost();
});
beforeEach(() => {
  reporter = quietReporter();
});
afterAll(() => host[Symbol.asyncDispose]());

const start = (command: string, more: Partial<Hooks> = {}) =>
  runHook({ host, stop: null, start: command, ...more }, 'start', reporter);

describe('a hook', () => {
  test('that starts the app into the background is not waited for longer than its shell', async () => {
    const startMs = performance.now();
    await start('(sleep 9; echo later) & echo on its way');
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(reporter.infos).toEqual(['on its way']);
  });

  test('that says much is shown by the end of it', async () => {
    await start('seq 99999; echo complaint >&2');
    expect(reporter.infos).toEqual(expect.arrayContaining(['99998', '99999', 'complaint']));
    expect(reporter.infos.join().length).toBeLessThan(20_000);
  });

  test('that does not end is ended, and told as what it is: no cancellation', async () => {
    await expect(start('echo working; sleep 60', { limitMs: 600 })).rejects.toMatchObject({
      ...{ code: 'restore.hook', input: 'start', exitCode: 1, hint: expect.stringContaining('background') },
      message:
        'The command of `start` did not end within 0.01 minutes on this machine, and was ended (echo working; sleep 60).',
    });
  });

  test('that is not given is nothing', async () => {
    await runHook({ host, stop: null, start: null }, 'stop', reporter);
    expect(reporter.infos).toEqual([]);
  });
});
