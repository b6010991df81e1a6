import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultBench, GoodBackup } from './fault-bench.ts';
import { type ActionRun, runAction } from './run-action.ts';
import { formsOf, found } from './secret-scan.ts';

/** What must follow a fault. */
export interface Expected {
  /**
   * - `failed`: one clear error, and the store is as it was, to the byte.
   * - `stored`: the run succeeded all the same; there is exactly one more backup, and it restores to what the database holds.
   * - `unchanged`: the run succeeded, and the store is as it was.
   * - `killed`: the program was ended from outside: nothing was committed; what it left in the store is no backup.
   * - `damaged`: like `failed`, with the exit code of damage.
   */
  readonly outcome: 'failed' | 'stored' | 'unchanged' | 'killed' | 'damaged';
  /** Other than 1 for `failed`. */
  readonly exitCodes?: readonly (number | null)[];
  /** In the error's message or hint; of a run that succeeded, in its log. */
  readonly says?: RegExp;
  /** Fields of the error. */
  readonly error?: { readonly code?: string | RegExp; readonly input?: string };
  readonly withinMs?: number;
  /** Secrets of this run beside those of the bench. */
  readonly secrets?: readonly string[];
  /** Keys that may be in the store beside those of before: what the row itself put there. */
  readonly also?: (key: string) => boolean;
  /** Of a run that stored: asks the folder of the restored files, where they need not be what the bench's own database holds. */
  readonly restored?: (folder: string) => void;
  /** It ended after its manifest was stored, perhaps: then the backup must be whole. */
  readonly mayBeComplete?: boolean;
  /** What a new backup holds; what the database does when absent. */
  readonly content?: string;
  /** Uploads that nobody could abort, as the run must have said. Default: none. */
  readonly unfinishedUploads?: number;
}

/** What must be true after every fault: in what the run said, in the store, on the server, here. */
export async function judge(bench: FaultBench, run: ActionRun, expected: Expected): Promise<void> {
  await toldWell(run, expected);
  saidNoSecret([...bench.secrets(), ...(expected.secrets ?? [])], run);
  await serverIsClean(bench);
  await storeIsRight(bench, run, expected);
  await olderOneRestores(bench);
}

async function toldWell(
  run: ActionRun,
  { outcome, exitCodes, says, error, withinMs }: Expected,
): Promise<void> {
  const usual = { failed: [1], damaged: [3], stored: [0], unchanged: [0], killed: [null] }[outcome];
  expect(exitCodes ?? usual, run.stdout + run.stderr).toContain(run.exitCode);
  if (withinMs !== undefined) expect(run.tookMs).toBeLessThan(withinMs);
  if (outcome === 'killed') return;
  if (outcome === 'stored' || outcome === 'unchanged') {
    expect(run.errors).toEqual([]);
    if (says !== undefined) expect(run.stdout).toMatch(says);
    return;
  }
  expect(run.errors, 'one annotation').toHaveLength(1);
  expect(run.errors[0]).toMatch(/^::error title=Holdfast/);
  expect(run.stdout + run.stderr, 'no stack trace').not.toMatch(/^\s+at .*\d+:\d+\)?$/m);
  expect(run.summary).toContain('❌');
  expect(run.result).toMatchObject({ ok: false, error: { message: expect.stringMatching(/\S+ \S+/) } });
  const { message, hint, code, input } = run.result.error;
  if (says !== undefined) expect(`${message}\n${hint}`).toMatch(says);
  if (error?.code !== undefined) expect(code).toMatch(error.code);
  if (error?.input !== undefined) expect(input).toBe(error.input);
}

function saidNoSecret(secrets: readonly string[], run: ActionRun): void {
  const stdout = run.stdout.replace(/^::add-mask::.*$/gm, '');
  const outputs = JSON.stringify(run.outputs);
  const shown = { stdout, stderr: run.stderr, summary: run.summary, outputs };
  expect(found(formsOf(secrets), shown)).toEqual([]);
}

/** No folder and no program of ours is left on the server, 10 s after the end at the latest. */
export async function serverIsClean(bench: FaultBench, targets: readonly string[] = []): Promise<void> {
  const left = (): string[] => [
    ...readdirSync(bench.scratch),
    ...bench.source.left(),
    ...targets.flatMap((folder) => readdirSync(folder).filter((file) => file.startsWith('holdfast.'))),
    ...commandLines().filter((line) => line.includes(`${bench.scratch}/`)),
  ];
  for (let tries = 0; left().length > 0; tries += 1) {
    expect(tries, `left behind: ${left()}`).toBeLessThan(100);
    await sleep(100);
  }
}

async function storeIsRight(bench: FaultBench, run: ActionRun, expected: Expected): Promise<void> {
  const { outcome, also, mayBeComplete = false, unfinishedUploads = 0 } = expected;
  if (outcome !== 'killed') expect(await bench.s3.pendingUploads(bench.bucket)).toBe(unfinishedUploads);
  const now = await bench.contents();
  const own = new Map([...now].filter(([key]) => also?.(key) !== true));
  const added = [...own.keys()].filter((key) => !bench.before.has(key));
  const ids = added.filter((key) => key.endsWith('/manifest.json')).map((key) => key.split('/').at(-2));
  for (const [key, hash] of bench.before) expect(own.get(key), key).toBe(hash);
  if (outcome === 'stored' || (mayBeComplete && ids.length > 0)) {
    expect(ids).toHaveLength(1);
    const id = ids[0] as string;
    if (run.result?.command === 'backup') expect(run.result.backup?.id ?? id).toBe(id);
    expect(added.filter((key) => !key.includes(`/${id}/`))).toEqual([]);
    const content = expected.content ?? bench.source.content();
    await restores(bench, id, expected.restored ?? holds(bench, content));
  } else if (outcome === 'killed') {
    expect(ids).toEqual([]);
  } else {
    expect(added).toEqual([]);
  }
  await bench.reset(also);
}

/** One of those that were there before, in turn. */
async function olderOneRestores(bench: FaultBench): Promise<void> {
  const next = bench.good.shift() as GoodBackup;
  bench.good.push(next);
  await restores(bench, next.id, holds(bench, next.content));
}

function holds({ source }: FaultBench, content: string): (folder: string) => void {
  return (folder) => expect(source.contentOf(folder)).toBe(content);
}

async function restores(bench: FaultBench, id: string, look: (folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-restored-'));
  const run = await runAction({
    command: 'restore',
    ...bench.storeInputs({ direct: true }),
    backup: id,
    to: `file:${folder}`,
  });
  expect(run.exitCode, run.stdout).toBe(0);
  look(folder);
  rmSync(folder, { recursive: true });
}

/** Of every process on this machine. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
