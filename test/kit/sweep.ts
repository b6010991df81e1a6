import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteContent } from './content.ts';
import { FaultBench } from './fault-bench.ts';
import { errorInside200, type Fault, type HttpProxy } from './http-proxy.ts';
import { type Expected, serverIsClean } from './oracle.ts';
import type { ActionRun, RunOptions } from './run-action.ts';
import { startS3 } from './s3.ts';
import { daysAgo, seedBackup } from './seed-backup.ts';

/** What happens at one request to the store. */
const requestFaults = [
  '500 for ever',
  'stall',
  'reset',
  '500 once',
  '200 with an error inside',
  'SIGKILL',
  'SIGINT',
] as const;
type RequestFault = (typeof requestFaults)[number];

/** One command, with what is made ready for it and what must be true of it afterwards. */
interface Swept {
  /** Makes ready, and gives what to run. */
  prepare(bench: FaultBench): Promise<{
    run(options: RunOptions): Promise<ActionRun>;
    /** What the oracle must know, and may not know by itself. */
    judge(run: ActionRun): Promise<Partial<Expected>>;
  }>;
  /** What the oracle calls success. */
  readonly success: 'stored' | 'unchanged';
}

/** Every silence that the sweep makes is as long. */
const stall = { 'stall-timeout': '4s' };

const backup: Swept = {
  success: 'stored',
  prepare: async (bench) => ({
    run: (options) => bench.backup(stall, options),
    judge: async () => ({}),
  }),
};

/** Three of four go. */
const prune: Swept = {
  success: 'unchanged',
  async prepare(bench) {
    const [from] = bench.good;
    if (from === undefined) throw new TypeError('the bench is not open');
    const ids: string[] = [];
    for (const days of [9, 8, 7, 6])
      ids.push(await seedBackup(bench, from, { name: 'old', at: daysAgo(days) }));
    const newest = ids.at(-1) as string;
    const rules = { name: 'old', 'keep-last': '1', 'keep-min': '1' };
    return {
      run: (options) => bench.command('prune', { ...rules, ...stall }, options),
      async judge() {
        await nothingIsListedWithoutItsData(bench, 'old');
        bench.storeProxy.forget();
        bench.agedObjects();
        const again = await bench.command('prune', rules);
        expect(again.exitCode, again.stdout).toBe(0);
        const left = [...(await bench.contents()).keys()].filter((key) => key.startsWith('old/'));
        expect(left).toEqual([`old/${newest}/app.sqlite3`, `old/${newest}/manifest.json`]);
        return { also: (key) => key.startsWith('old/') };
      },
    };
  },
};

async function nothingIsListedWithoutItsData(bench: FaultBench, name: string): Promise<void> {
  const keys = [...(await bench.contents()).keys()];
  for (const key of keys.filter((one) => one.startsWith(`${name}/`) && one.endsWith('/manifest.json'))) {
    expect(keys).toContain(key.replace(/manifest\.json$/, 'app.sqlite3'));
  }
}

const verify: Swept = {
  success: 'unchanged',
  prepare: async (bench) => ({
    run: (options) => bench.command('verify', stall, options),
    judge: async (run) => ({
      // Of a run that failed there must be no proof.
      also: (key) => [0, null, 130].includes(run.exitCode) && /\/verified-restore-\w+\.json$/.test(key),
    }),
  }),
};

/** In place of a database that is there, on the server: with a safety backup of it. */
const restore: Swept = {
  success: 'stored',
  async prepare(bench) {
    const folder = join(bench.dir, 'target');
    const target = join(folder, 'app.sqlite3');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    copyFileSync(bench.path, target);
    execFileSync('sqlite3', [target, 'UPDATE accounts SET balance = balance + 1']);
    const [old, content] = [sqliteContent(target), bench.good.at(-1)?.content];
    const backup = bench.good.at(-1)?.id;
    const { database: _, compression: __, 'keep-last': ___, ...server } = bench.inputs;
    const inputs = { ...server, backup, to: `sqlite:${target}`, confirm: 'app.sqlite3' };
    return {
      run: (options) => bench.command('restore', { ...inputs, ...stall }, options),
      async judge(run) {
        await serverIsClean(bench, [folder]);
        const now = sqliteContent(target);
        if (run.exitCode === 0) expect(now).toBe(content);
        else expect([old, run.exitCode === 1 ? old : content], 'old or new, whole').toContain(now);
        return { content: old };
      },
    };
  },
};

const commands = { backup, prune, verify, restore } satisfies Record<string, Swept>;

interface SweepOptions {
  /** About how large the database is; 9 make an upload of two parts. */
  readonly megabytes: number;
  /** How many runs at the same time: most of one that fails for ever is waiting. */
  readonly lanes?: number;
  /** Which requests get which faults; all when absent. */
  readonly only?: (at: number, fault: RequestFault, requests: number) => boolean;
}

/** A test for each command: each fault at each request that it makes. */
export function sweep(
  names: readonly (keyof typeof commands)[],
  { megabytes, lanes: count = 8, only = () => true }: SweepOptions,
): void {
  const lanes = new Lanes(count, megabytes);
  beforeAll(() => lanes.open());
  afterAll(() => lanes.close());
  for (const name of names) {
    test(`every request of a ${name}, each fault at each`, { timeout: 1_200_000 }, async ({ task }) => {
      const swept = commands[name];
      const requests = await lanes.requests(swept);
      const work = requestFaults
        .flatMap((fault) => Array.from({ length: requests }, (_, index) => ({ at: index + 1, fault })))
        .filter(({ at, fault }) => only(at, fault, requests));
      const runs = await lanes.all(work, (bench, { at, fault }) => tryAt(bench, swept, at, fault));
      task.meta.sweep = { what: `a ${name}: ${requests} requests, ${requestFaults.join(', ')}`, runs };
      process.stdout.write(`sweep of a ${name}: ${runs} runs, ${requests} requests\n`);
    });
  }
}

/** Benches that share a store, so that those that wait do not keep others from working. */
class Lanes {
  readonly #benches: FaultBench[] = [];
  readonly #count: number;
  readonly #megabytes: number;
  #close: (() => Promise<void>) | null = null;

  constructor(count: number, megabytes: number) {
    this.#count = count;
    this.#megabytes = megabytes;
  }

  async open(): Promise<void> {
    const s3 = await startS3();
    this.#close = s3.stop;
    for (let lane = 0; lane < this.#count; lane += 1) {
      const bench = new FaultBench({ megabytes: this.#megabytes, s3 });
      await bench.open();
      this.#benches.push(bench);
    }
  }

  async close(): Promise<void> {
    for (const bench of this.#benches) await bench.close();
    await this.#close?.();
  }

  /** How many requests a run of the command makes when nothing fails. */
  async requests(swept: Swept): Promise<number> {
    const bench = this.#benches[0] as FaultBench;
    const prepared = await swept.prepare(bench);
    bench.storeProxy.forget();
    const run = await prepared.run({});
    const requests = bench.storeProxy.operations().length;
    expect(run.exitCode, run.stdout).toBe(0);
    await bench.judge(run, { outcome: swept.success, ...(await prepared.judge(run)) });
    await bench.reset();
    return requests;
  }

  /** Does all, each on a bench that is free. What fails is told with its name, and all of it. */
  async all<T>(work: readonly T[], one: (bench: FaultBench, item: T) => Promise<void>): Promise<number> {
    const waiting = [...work];
    const failures: string[] = [];
    const lane = async (bench: FaultBench): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        try {
          await one(bench, item);
        } catch (error) {
          failures.push(`${JSON.stringify(item)}: ${error instanceof Error ? error.message : error}`);
          bench.storeProxy.forget();
          await bench.reset();
        }
      }
    };
    await Promise.all(this.#benches.map(lane));
    expect(failures.join('\n\n')).toBe('');
    return work.length;
  }
}

/** One fault at one request of one run, and the oracle after it. */
async function tryAt(bench: FaultBench, swept: Swept, at: number, fault: RequestFault): Promise<void> {
  const prepared = await swept.prepare(bench);
  bench.storeProxy.forget();
  let child: { kill(signal: NodeJS.Signals): boolean } | null = null;
  let endedAtMs = 0;
  inject(bench.storeProxy, at, fault, (signal) => {
    endedAtMs = performance.now();
    child?.kill(signal);
  });
  const run = await prepared.run({
    during: (started) => {
      child = started;
    },
  });
  if (fault === 'SIGINT' && endedAtMs > 0) expect(performance.now() - endedAtMs).toBeLessThan(7000);
  expect(exitCodesOf(fault, bench.storeProxy.operations()[at - 1]), run.stdout).toContain(run.exitCode);
  const outcome = run.exitCode === 0 ? swept.success : run.exitCode === null ? 'killed' : 'failed';
  const more = await prepared.judge(run);
  const exitCodes = [run.exitCode as number];
  await bench.judge(run, { outcome, exitCodes, mayBeComplete: outcome !== swept.success, ...more });
  await bench.reset();
}

/** One bad moment is survived. A signal may come when all is done. An answer that has no body can't have an error in it. */
function exitCodesOf(fault: RequestFault, operation: string | undefined): readonly (number | null)[] {
  if (fault === 'SIGKILL') return [null];
  if (fault === 'SIGINT') return [130, 0];
  if (fault === '500 for ever') return [0, 1];
  return fault === '200 with an error inside' && operation === 'HeadObject' ? [0, 1] : [0];
}

function inject(
  proxy: HttpProxy,
  at: number,
  fault: RequestFault,
  kill: (signal: NodeJS.Signals) => void,
): void {
  const once: Partial<Record<RequestFault, Fault>> = {
    reset: 'reset',
    '500 once': { answer: 500, code: 'InternalError' },
    '200 with an error inside': errorInside200,
    stall: 'hang',
    SIGKILL: { before: () => kill('SIGKILL') },
    SIGINT: { before: () => kill('SIGINT') },
  };
  const own = once[fault];
  if (own !== undefined) {
    proxy.inject(own, at, 1);
    return;
  }
  let lasting: string | null = null;
  proxy.inject({ answer: 500, code: 'InternalError' }, ({ number, method, url }) => {
    if (number === at) lasting = `${method} ${url}`;
    return lasting === `${method} ${url}`;
  });
}
