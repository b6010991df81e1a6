import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOf } from '../kit/app-state.ts';
import { FaultBench } from '../kit/fault-bench.ts';
import { errorInside200 } from '../kit/http-proxy.ts';
import { serverIsClean } from '../kit/oracle.ts';
import type { ActionRun, RunOptions } from '../kit/run-action.ts';
import { brokenInvariants, startWriter, type Writer } from '../kit/sqlite.ts';

const minutes = Number(process.env['SOAK_MINUTES'] ?? '1');
const bench = new FaultBench({ megabytes: 20 });
let writer: Writer;

beforeAll(async () => {
  await bench.open();
  writer = await startWriter(bench.path, { perSecond: 100 });
});
afterAll(async () => {
  await writer.stop();
  await bench.close();
});

const below = (limit: number): number => Math.floor(Math.random() * limit);
const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T;

/** Each makes something go wrong at some moment of the run that follows, or nothing. */
const faults: Readonly<Record<string, () => RunOptions | undefined>> = {
  nothing: () => undefined,
  'the SSH connection is cut': () => ({
    during: async () => {
      await sleep(below(2500));
      bench.sshProxy.cutAfter(below(20_000_000));
    },
  }),
  'a request is reset': () => inStore('reset', 1),
  'a request gets 500': () => inStore({ answer: 500, code: 'InternalError' }, 1),
  'requests get 503 for a while': () => inStore({ answer: 503, code: 'SlowDown' }, 3),
  'the answer is an error inside 200': () => inStore(errorInside200, 1),
  'an answer is lost': () => inStore('drop-reply', 1),
  'a byte is changed on the way': () => inStore('flip-byte', 1),
  'everything is denied from some request on': () =>
    inStore({ answer: 403, code: 'AccessDenied' }, Number.POSITIVE_INFINITY),
  SIGKILL: () => killed('SIGKILL'),
  SIGINT: () => killed('SIGINT'),
  SIGTERM: () => killed('SIGTERM'),
};

function inStore(fault: Parameters<typeof bench.storeProxy.inject>[0], times: number): undefined {
  const from = 1 + below(14);
  bench.storeProxy.inject(fault, ({ number }) => number >= from, times);
}

function killed(signal: NodeJS.Signals): RunOptions {
  return {
    during: async (child) => {
      await sleep(below(3500));
      child.kill(signal);
    },
  };
}

/** What was seen of the backups that are in the store. */
const known = new Set<string>();
const pruned = new Set<string>();
const counts = {
  runs: 0,
  ended: 0,
  failed: 0,
  killed: 0,
  committed: 0,
  compared: 0,
  restored: 0,
  verified: 0,
};

async function manifests(): Promise<string[]> {
  const keys = [...(await bench.contents()).keys()];
  return keys.filter((key) => key.endsWith('/manifest.json')).map((key) => key.split('/').at(-2) as string);
}

/** A failure says what failed, and is one that is known. */
function toldWell(run: ActionRun): void {
  if (run.exitCode === 0 || run.exitCode === null) return;
  expect(run.errors, run.stdout).toHaveLength(1);
  expect(run.result.error.message, run.stdout).toMatch(/\S+ \S+/);
  expect(run.result.error.code, run.stdout).not.toBe('internal');
}

/** Nothing that was committed is gone but by a prune that says so, and what is new is a state that the source really had. */
async function look(run: ActionRun, mayPrune: boolean): Promise<void> {
  bench.storeProxy.forget();
  bench.sshProxy.cutAfter(Number.POSITIVE_INFINITY);
  await serverIsClean(bench);
  counts.runs += 1;
  counts[run.exitCode === 0 ? 'ended' : run.exitCode === null ? 'killed' : 'failed'] += 1;
  toldWell(run);
  const now = await manifests();
  for (const id of known) {
    if (now.includes(id)) continue;
    expect(mayPrune, `${id} is gone`).toBe(true);
    known.delete(id);
    pruned.add(id);
  }
  for (const id of now) {
    if (known.has(id)) continue;
    expect(pruned.has(id), `${id} is there again`).toBe(false);
    known.add(id);
    counts.committed += 1;
    await compare(id);
  }
  if (run.result?.ok === true && run.result.command === 'backup') expect(now).toContain(run.result.backup.id);
}

async function compare(id: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-soak-'));
  const run = await bench.command('restore', {
    ...bench.storeInputs({ direct: true }),
    backup: id,
    to: `file:${folder}`,
  });
  expect(run.exitCode, run.stdout).toBe(0);
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.sqlite3')) as string);
  expect(brokenInvariants(file)).toEqual([]);
  const found = stateOf(file);
  expect(found.text === stateOf(bench.path, found.transfers).text, `${id} after ${found.transfers}`).toBe(
    true,
  );
  rmSync(folder, { recursive: true });
  counts.compared += 1;
}

const work: Readonly<Record<string, (options: RunOptions | undefined) => Promise<[ActionRun, boolean]>>> = {
  backup: async (options) => [
    await bench.backup(
      { compression: oneOf(['none', 'zstd', 'gzip']), 'keep-last': '4', 'keep-min': '2' },
      options,
    ),
    true,
  ],
  'backup without prune': async (options) => [await bench.backup({ 'keep-last': undefined }, options), false],
  prune: async (options) => [
    await bench.command('prune', { 'keep-last': '3', 'keep-min': '2' }, options),
    true,
  ],
  verify: async (options) => {
    const run = await bench.command('verify', { level: oneOf(['hash', 'restore']) }, options);
    // A fault of the way is no damage.
    expect(run.result?.verdict ?? 'unknown', run.stdout).not.toBe('damaged');
    if (run.exitCode === 0) counts.verified += 1;
    return [run, false];
  },
  restore: async (options) => {
    const target = join(bench.dir, 'restored.sqlite3');
    const run = await bench.command(
      'restore',
      { to: `sqlite:${target}`, confirm: 'restored.sqlite3' },
      options,
    );
    if (run.exitCode === 0) counts.restored += 1;
    const files = readdirSync(bench.dir).filter((file) => file.startsWith('restored.sqlite3'));
    if (files.includes('restored.sqlite3')) expect(brokenInvariants(target)).toEqual([]);
    for (const file of files.filter((name) => name.includes('.before-'))) rmSync(join(bench.dir, file));
    return [run, false];
  },
};

test(`${minutes} minutes of random work, faults and kills`, {
  timeout: (minutes + 10) * 60_000,
}, async () => {
  for (const id of await manifests()) known.add(id);
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    const fault = oneOf(Object.keys(faults));
    const task = oneOf(['backup', 'backup', 'backup without prune', 'prune', 'verify', 'restore']);
    const options = faults[fault]?.();
    const [run, mayPrune] = await (work[task] as (typeof work)[string])(options);
    await look(run, mayPrune).catch((error: unknown) => {
      process.stdout.write(`after ${task} with: ${fault}\n${run.stdout}${run.stderr}\n`);
      throw error;
    });
  }
  // What killed runs left: uploads in parts, and objects without a manifest; never a folder or a process on the server.
  const unfinished = await bench.s3.pendingUploads(bench.bucket);
  process.stdout.write(`${JSON.stringify({ minutes, ...counts, unfinished, commits: writer.commits })}\n`);
  expect(counts.compared).toBe(counts.committed);
  expect(counts.committed).toBeGreaterThan(minutes);
});
