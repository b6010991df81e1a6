import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StoreError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { backUpMemory, rows } from '../kit/back-up-memory.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let runner: Host;
let store: MemoryStore;
beforeAll(async () => {
  runner = await localHost();
});
beforeEach(() => {
  store = memoryStore();
});
afterAll(() => runner[Symbol.asyncDispose]());

/** A backup of large databases whose snapshots go from their host only when they are told to. */
function backUp(names: readonly string[]) {
  const gone = Promise.withResolvers<void>();
  const slow = { ...rows(10), expectedBytes: 50_000_000, going: () => gone.promise };
  const engine = memoryEngine(runner, Object.fromEntries(names.map((name) => [name, slow])));
  let ended = false;
  const running = backUpMemory({ runner, store, reporter: quietReporter() }, engine);
  const noted = running.finally(() => {
    ended = true;
  });
  noted.catch(() => {});
  return { engine, running, hasEnded: () => ended, letGo: gone.resolve };
}

const stored = (what: string): boolean => store.changes.some((change) => change.includes(what));

/** Gives everything that could happen now the time to. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
}

test('the manifest does not wait until the snapshot is gone from its host; the end of the run does', async () => {
  const { engine, running, hasEnded, letGo } = backUp(['app']);
  while (!stored('manifest.json')) await setImmediate();
  await settle();
  expect([hasEnded(), engine.open()]).toEqual([false, 1]);
  letGo();
  await running;
  expect(engine.open()).toBe(0);
});

test('the next large database waits until the one before is gone: there may be no room for both', async () => {
  const { engine, running, letGo } = backUp(['app', 'other']);
  while (!stored('app.sqlite3')) await setImmediate();
  await settle();
  expect([stored('other.sqlite3'), engine.mostOpen()]).toEqual([false, 1]);
  letGo();
  await running;
  expect([stored('other.sqlite3'), engine.mostOpen(), engine.open()]).toEqual([true, 1, 0]);
});

test('a run that fails after it does not end before it is gone either', async () => {
  store.before = (operation, key) => {
    if (operation === 'put' && key.endsWith('manifest.json'))
      throw new StoreError('The manifest is refused.', { code: 'store.denied' });
  };
  const { engine, running, hasEnded, letGo } = backUp(['app']);
  while (!stored('remove ')) await setImmediate();
  await settle();
  expect([hasEnded(), engine.open()]).toEqual([false, 1]);
  letGo();
  await expect(running).rejects.toThrow('The manifest is refused.');
  expect([engine.open(), store.objects.size]).toEqual([0, 0]);
});
