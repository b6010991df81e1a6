import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BackupRequest } from '../../src/core/backup.ts';
import { HoldfastError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { backUpMemory, rows } from '../kit/back-up-memory.ts';
import { type MemoryDatabase, memoryEngine } from '../kit/memory-engine.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { nothing } from '../kit/planned-backup.ts';
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

const policy = { ...nothing, last: 1, min: 1 };

/** On that day of a November, at noon. */
const run = (
  day: number,
  databases: Readonly<Record<string, MemoryDatabase>>,
  more: Partial<BackupRequest> = {},
) =>
  backUpMemory({ runner, store, reporter }, databases, {
    ...{ policy, now: () => new Date(Date.UTC(2026, 10, day, 12)), ...more },
  });

test('a database that lost most of its size is told, and stops the prune', async () => {
  await run(18, { app: rows(200_000) });
  expect(await run(20, { app: rows(1000) })).toMatchObject({ failure: null, retention: null });
  expect(reporter.warnings).toEqual([expect.stringMatching(/app is 99 % smaller.* If it is meant to be so/)]);
  await run(22, { app: rows(200_000) });
  const { failure } = await run(24, { app: rows(1000) }, { failOnShrink: true });
  expect(failure).toMatchObject({ code: 'backup.shrunk', input: 'fail-on-shrink' });
});

test('a wrong database ends the listing that goes on beside it', async () => {
  let wasEnded = false;
  const waiting = async (signal: AbortSignal): Promise<never> => {
    await once(signal, 'abort');
    wasEnded = true;
    throw signal.reason;
  };
  store.list = async function* (_, { signal }) {
    yield await waiting(signal);
  };
  const engine = memoryEngine(runner, { app: rows(10) });
  const failing = {
    ...engine,
    probe: () => Promise.reject(new HoldfastError('There is none.', { code: 'none' })),
  };
  await expect(backUpMemory({ runner, store, reporter }, failing)).rejects.toMatchObject({ code: 'none' });
  await setImmediate();
  expect(wasEnded).toBe(true);
});

describe('a database that a glob no longer finds', () => {
  const both = { app: rows(10), queue: rows(10) };
  const objectsOfQueue = () => [...store.objects.keys()].filter((key) => key.includes('queue'));

  test('is named, and its last copy stays in that run; the run after it knows no more of it', async () => {
    await run(18, both);
    const lost = await run(20, { app: rows(10) });
    expect([lost.failure, lost.retention]).toEqual([null, null]);
    expect(reporter.warnings).toEqual([
      expect.stringMatching(
        /nothing was pruned: .* not all in this one: queue\. .*the next run is compared with this backup/,
      ),
    ]);
    expect(objectsOfQueue()).toHaveLength(1);
    await run(22, { app: rows(10) });
    expect([reporter.warnings.length, objectsOfQueue()]).toEqual([1, []]);
  });

  test('fails the run where that is asked for', async () => {
    await run(18, both);
    const { failure, manifest } = await run(20, { queue: rows(10) }, { failOnShrink: true });
    expect(failure).toMatchObject({ code: 'backup.shrunk', input: 'fail-on-shrink' });
    expect(failure?.message).toMatch(`Backup ${manifest?.id} is complete, but nothing was pruned`);
  });
});

describe('the backup before is', () => {
  const large = { app: rows(200_000) };
  const compared = async () => {
    const { manifest, previous } = await run(24, { app: rows(1000) });
    return { told: reporter.warnings.filter((warning) => warning.includes('smaller')), manifest, previous };
  };

  test('not the one that a restore made of what it replaced', async () => {
    const { manifest } = await run(18, large);
    await run(20, { app: rows(1000) }, { purpose: 'safety' });
    const { told, previous } = await compared();
    expect([told.length, previous?.id]).toEqual([1, manifest?.id]);
  });

  test('not one whose objects are gone', async () => {
    const { manifest } = await run(18, large);
    const emptied = await run(20, large, { policy: null });
    for (const { key } of emptied.manifest?.databases ?? []) store.objects.delete(key);
    const { told, previous } = await compared();
    expect([told.length, previous?.id]).toEqual([1, manifest?.id]);
  });

  test('not one that is dated in the future, but one that is ahead by what a clock may be', async () => {
    const { manifest } = await run(18, large);
    await run(28, { app: rows(1000) }, { policy: null });
    expect(await compared()).toMatchObject({ previous: { id: manifest?.id } });
    const ahead = await run(24, large, { policy: null, now: () => new Date('2026-11-24T12:04:00Z') });
    expect(await compared()).toMatchObject({ previous: { id: ahead.manifest?.id } });
  });

  test('none, when there is none of these', async () => {
    await run(20, { app: rows(1000) }, { purpose: 'safety' });
    expect(await compared()).toMatchObject({ told: [], previous: null });
  });
});
