import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BackupRequest } from '../../src/core/backup.ts';
import { StoreError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { backUpMemory, rows } from '../kit/back-up-memory.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let runner: Host;
let store: MemoryStore;
let reporter: QuietReporter;
beforeAll(async () => {
  runner = await localHost();
});
beforeEach(() => {
  store = memoryStore();
  reporter = quietReporter();
});
afterAll(() => runner[Symbol.asyncDispose]());

/** A backup of large databases whose snapshots go from their host only when they are told to. */
function backUp(names: readonly string[], more: Partial<BackupRequest> = {}) {
  const gone = Promise.withResolvers<void>();
  const slow = { ...rows(10), expectedBytes: 50_000_000, going: () => gone.promise };
  const engine = memoryEngine(runner, Object.fromEntries(names.map((name) => [name, slow])));
  let ended = false;
  const running = backUpMemory({ runner, store, reporter }, engine, more);
  const noted = running.finally(() => {
    ended = true;
  });
  noted.catch(() => {});
  return { engine, running, hasEnded: () => ended, letGo: gone.resolve, fail: gone.reject };
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

test('the verify waits until it is gone: a restore takes room, too', async () => {
  let open = -1;
  const verifyAfter = async (): Promise<never> => {
    open = engine.open();
    throw new StoreError('No more of it.', { code: 'store.denied' });
  };
  const { engine, running, letGo } = backUp(['app'], { verifyAfter });
  while (!stored('manifest.json')) await setImmediate();
  await settle();
  expect(open).toBe(-1);
  letGo();
  await running;
  expect(open).toBe(0);
});

test('what could not be given back is a warning of a backup that is good', async () => {
  const { running, fail } = backUp(['app']);
  while (!stored('manifest.json')) await setImmediate();
  fail(new Error('the folder is in use'));
  expect(await running).toMatchObject({ failure: null });
  expect(reporter.warnings).toEqual([expect.stringMatching(/not given back \(the folder is in use\)/)]);
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
