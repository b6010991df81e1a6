import type { ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { commandLines } from '../kit/oracle.ts';
import { said } from '../kit/said.ts';
import { signalled } from './steps/cancel.ts';
import { heldSend } from './steps/held-send.ts';
import { withCli } from './steps/with-cli.ts';

const bench = new FaultBench({ megabytes: 20 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** Moments of a backup: what the log says, or the request that the store has got and does not answer. */
const moments: readonly (RegExp | string)[] = [
  /Connect to/,
  /Find and probe/,
  /Back up sqlite/,
  /Snapshot taken/,
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
];

/** Resolves at that moment. */
function at(moment: RegExp | string): (child: ChildProcess) => Promise<void> {
  if (typeof moment !== 'string') return (child) => said(child, moment);
  bench.storeProxy.forget();
  bench.storeProxy.inject('hang', moment);
  return async (child) => {
    while (child.exitCode === null && !bench.storeProxy.operations().includes(moment)) await sleep(10);
  };
}

const backup = bench.backup.bind(bench, {});

/** A program loaded before ours, in which `code` is run at SIGUSR2. */
function preload(code: string): Record<string, string> {
  const file = join(bench.dir, 'preload.mjs');
  writeFileSync(file, `process.on('SIGUSR2', () => { ${code} });\n`);
  return { NODE_OPTIONS: `--import=${file}` };
}

faults([
  {
    id: 'K1',
    fault: 'The run is cancelled: SIGINT, as the platform sends it first',
    outcome:
      'It ends within 7 s with exit code 130, whatever it was doing and whoever does not answer; everything is cleaned.',
    how: 'SIGINT while it connects, probes, copies and sends, and while the store leaves each request of an upload without an answer.',
    async run() {
      for (const moment of moments) {
        const { run, endedAfterMs } = await signalled(backup, at(moment), 'SIGINT');
        expect(endedAfterMs, `${moment}`).toBeLessThan(7000);
        await bench.judge(run, { outcome: 'failed', exitCodes: [130], error: { code: 'cancelled' } });
      }
    },
  },
  {
    id: 'K2',
    fault: 'The run is ended with SIGTERM alone',
    outcome: 'The same as with SIGINT.',
    how: 'SIGTERM while it probes, sends, and waits for the store.',
    async run() {
      for (const moment of [/Find and probe/, /Snapshot taken/, 'UploadPart']) {
        const { run, endedAfterMs } = await signalled(backup, at(moment), 'SIGTERM');
        expect(endedAfterMs, `${moment}`).toBeLessThan(7000);
        await bench.judge(run, { outcome: 'failed', exitCodes: [130], error: { code: 'cancelled' } });
      }
    },
  },
  {
    id: 'K3',
    fault: 'The run is killed: SIGKILL',
    outcome:
      'Nothing is committed, and the server ends its programs and removes its folder by itself within 10 s.',
    how: 'SIGKILL at the same moments as SIGINT in K1. What stays in the store, an upload without an end, is what K3 leaves to a later run (M1, U18).',
    async run() {
      for (const moment of moments) {
        const { run } = await signalled(backup, at(moment), 'SIGKILL');
        await bench.judge(run, { outcome: 'killed' });
      }
    },
  },
  {
    id: 'K4',
    fault: 'A second SIGINT comes while the first one is cleaned up after',
    outcome: 'It ends at once with exit code 130 and says that something may stay.',
    how: 'The store leaves the request that aborts the upload without an answer; the second SIGINT comes half a second after the first.',
    async run() {
      let againMs = 0;
      const run = await bench.backup(
        {},
        {
          during: async (child) => {
            const sending = at('UploadPart')(child);
            bench.storeProxy.inject('hang', 'AbortMultipartUpload');
            await sending;
            child.kill('SIGINT');
            await sleep(500);
            againMs = performance.now();
            child.kill('SIGINT');
          },
        },
      );
      expect(performance.now() - againMs).toBeLessThan(1000);
      expect(run.stderr).toMatch(/Ended at once by SIGINT/);
      await bench.judge(run, { outcome: 'killed', exitCodes: [130] });
    },
  },
  {
    id: 'K5',
    fault: 'The runner vanishes without a word: the server gets no FIN and no RST',
    outcome:
      'The server ends the programs and removes the folder by itself, when no sign of life came for three times `stall-timeout` (three minutes when it is not set).',
    how: 'In mid-transfer the TCP proxy falls silent for good, and the program is killed; then it is stopped by SIGSTOP, with the connection as it is.',
    async run() {
      const inputs = { 'stall-timeout': '4s' };
      const killed = await heldSend(
        bench,
        'all / 2',
        (child) => {
          bench.sshProxy.silence();
          child.kill('SIGKILL');
        },
        inputs,
      );
      await cleanWithin(25_000);
      await bench.judge(killed, { outcome: 'killed' });

      let clean: Promise<void> = Promise.resolve();
      const stopped = await heldSend(
        bench,
        'all / 2',
        (child) => {
          child.kill('SIGSTOP');
          clean = cleanWithin(25_000).finally(() => child.kill('SIGKILL'));
        },
        inputs,
      );
      await clean;
      await bench.judge(stopped, { outcome: 'killed' });
    },
  },
  {
    id: 'K6',
    fault: 'An exception that nobody catches, or a promise that nobody waits for, fails',
    outcome: 'The run fails with exit code 1 as a fault of the program, and everything is cleaned up.',
    how: 'A module loaded before the program throws, and then rejects, when it gets a signal in mid-transfer.',
    async run() {
      for (const code of ["throw new Error('boom')", "Promise.reject(new Error('boom'))"]) {
        const start = (options: object) => bench.backup({}, { ...options, env: preload(code) });
        const { run } = await signalled(start, at('UploadPart'), 'SIGUSR2');
        await bench.judge(run, { outcome: 'failed', error: { code: 'internal' }, says: /boom/ });
      }
    },
  },
  {
    id: 'K7',
    fault: 'Whoever reads the output closes it: `holdfast backup | head -1`',
    outcome: 'The backup is made and committed all the same.',
    how: 'Stdout and stderr of the command line and of the Action are closed at the first line of the log.',
    async run() {
      const hangUp = async (child: ChildProcess): Promise<void> => {
        await new Promise(
          (resolve) => child.stderr?.once('data', resolve) && child.stdout?.once('data', resolve),
        );
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      await bench.judge(await withCli(bench, { during: hangUp }), { outcome: 'stored' });
      await bench.judge(await bench.backup({}, { during: hangUp }), { outcome: 'stored' });
    },
  },
  {
    id: 'K8',
    fault: 'The program runs out of memory',
    outcome: 'As with SIGKILL: nothing is committed, and the server cleans itself.',
    how: 'A module loaded before the program fills the heap, of 80 MB, when it gets a signal in mid-transfer; V8 ends the process with SIGABRT.',
    nearest: 'The kernel of this machine would pick a victim of its own; what it sends is the SIGKILL of K3.',
    async run() {
      const env = preload('for (const all = []; ; ) all.push(new Array(100_000).fill(all.length + 0.5));');
      const options = `${env['NODE_OPTIONS']} --max-old-space-size=80`;
      const start = (more: object) => bench.backup({}, { ...more, env: { NODE_OPTIONS: options } });
      const { run } = await signalled(start, at('UploadPart'), 'SIGUSR2');
      expect(run.stderr).toMatch(/heap out of memory/);
      await bench.judge(run, { outcome: 'killed' });
    },
  },
]);

/** Waits until no program and no folder of ours is on the server. */
async function cleanWithin(ms: number): Promise<void> {
  const left = (): string[] => [
    ...readdirSync(bench.scratch),
    ...commandLines().filter((line) => line.includes(`${bench.scratch}/`)),
  ];
  const untilMs = performance.now() + ms;
  while (left().length > 0) {
    expect(performance.now(), `left behind: ${left()}`).toBeLessThan(untilMs);
    await sleep(200);
  }
}
