import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import type { BackupRequest } from '../../src/core/backup.ts';
import { CancelledError, HoldfastError, IntegrityError, StoreError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { backUpMemory, rows } from '../kit/back-up-memory.ts';
import { type MemoryDatabase, type MemoryEngine, memoryEngine } from '../kit/memory-engine.ts';
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

const run = (
  databases: Readonly<Record<string, MemoryDatabase>> | MemoryEngine,
  more: Partial<BackupRequest> = {},
) => backUpMemory({ runner, store, reporter }, databases, more);

/** A machine far away: `auto` packs there. */
const far = (has: boolean): Host => ({
  ...({ label: 'deploy@example.com', remote: true, stallMs: 60_000 } as Host),
  has: async () => has,
});

describe('a backup', () => {
  test('holds every database, and its manifest comes last', async () => {
    const { manifest, manifestKey, failure } = await run({ app: rows(1000), queue: rows(10) });
    expect(failure).toBeNull();
    expect(manifest?.databases.map(({ name }) => name)).toEqual(['app', 'queue']);
    expect(store.changes.at(-1)).toBe(`put ${manifestKey}`);
    expect(store.changes).toHaveLength(3);
  });

  test('of a dry run stores nothing, and says what a prune would do', async () => {
    const made = await run({ app: rows(10) }, { dryRun: true, policy: { ...nothing, last: 1, min: 1 } });
    expect(made).toMatchObject({
      manifest: null,
      manifestKey: null,
      failure: null,
      retention: { dryRun: true, pruned: [] },
    });
    expect(store.changes).toEqual([]);
  });

  test('tells what a probe warns of and notes', async () => {
    const note = { message: 'It is old.', hint: 'Upgrade it.' };
    await run({ app: { ...rows(10), probe: { warnings: ['It is odd.'], notes: [note] } } });
    expect(reporter.warnings).toEqual(['It is odd.']);
    expect(reporter.infos).toContain('It is old. Upgrade it.');
  });

  test('warns of a clock that is off', async () => {
    store.clockAheadMs = 600_000;
    await run({ app: rows(10) });
    expect(reporter.warnings).toEqual([expect.stringContaining('10 minutes behind')]);
  });

  test('does small databases side by side, as many as the server starts programs for, and large ones alone', async () => {
    const small = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`small${index}`, rows(10)]));
    const each = (programs: number) =>
      Object.fromEntries(
        Object.entries(small).map(([name, database]) => [name, { ...database, probe: { programs } }]),
      );
    const [usual, light, large] = [
      memoryEngine(runner, small),
      memoryEngine(runner, each(1)),
      memoryEngine(runner, {
        one: { ...rows(10), expectedBytes: 1e9 },
        two: { ...rows(10), expectedBytes: 1e9 },
      }),
    ];
    for (const engine of [usual, light, large])
      await run(engine, { name: `app${Math.random()}`.replace('.', '') });
    expect([usual, light, large].map((engine) => engine.mostOpen())).toEqual([2, 3, 1]);
    expect([usual, light, large].map((engine) => engine.open())).toEqual([0, 0, 0]);
  });
});

describe('a failure before the manifest', () => {
  const lost = new HoldfastError('The link broke.', { code: 'ssh.lost' });
  const breaking = {
    ...rows(10),
    atEnd: () => {
      throw lost;
    },
  };

  test('takes everything back', async () => {
    await expect(run({ app: rows(10), queue: breaking })).rejects.toBe(lost);
    expect([...store.objects.keys()]).toEqual([]);
  });

  test('leaves what is there already to whom it belongs', async () => {
    const taken = new StoreError('It is there already.', { code: 'store.exists' });
    store.before = (operation, key) => {
      if (operation === 'put' && key.endsWith('manifest.json')) throw taken;
    };
    await expect(run({ app: rows(10) })).rejects.toBe(taken);
    expect(store.changes.filter((change) => change.includes('manifest.json'))).toEqual([]);
    expect([...store.objects.keys()]).toEqual([]);
  });

  test('is told when an object is gone before the manifest: a prune took it for a leftover', async () => {
    const { put } = store;
    store.put = async (key, ...rest) => {
      const done = await put(key, ...rest);
      if (key.includes('/queue')) store.objects.delete(key.replace('queue', 'app'));
      return done;
    };
    await expect(run({ app: rows(10), queue: rows(20), other: rows(30) })).rejects.toMatchObject({
      code: 'backup.incomplete',
      exitCode: 1,
      message: expect.stringMatching(/app\/.*\/app\.sqlite3 is no longer there in memory\.$/),
      hint: expect.stringContaining('prune'),
    });
    expect([...store.objects.keys()]).toEqual([]);
    expect(store.changes.join()).not.toContain('manifest');
  });

  test('takes a manifest back before its data when nobody knows whether it is there', async () => {
    const undecided = new StoreError('Nobody knows.', { code: 'store.undecided' });
    const { put } = store;
    store.put = async (key, ...rest) => {
      const done = await put(key, ...rest);
      if (key.endsWith('manifest.json')) throw undecided;
      return done;
    };
    await expect(run({ app: rows(10) })).rejects.toBe(undecided);
    const removed = store.changes.filter((change) => change.startsWith('remove'));
    expect(removed.map((change) => change.split('/').at(-1))).toEqual(['manifest.json', 'app.sqlite3']);
  });

  test('is a cancellation when it was one, also between the last object and the manifest', async () => {
    const controller = new AbortController();
    const { put } = store;
    store.put = async (...args) => {
      const done = await put(...args);
      controller.abort();
      return done;
    };
    await expect(run({ app: rows(10) }, { signal: controller.signal })).rejects.toBeInstanceOf(
      CancelledError,
    );
    expect([...store.objects.keys()]).toEqual([]);
  });
});

describe('an assertion of the verify afterwards', () => {
  test.each([false, true])(
    'about a database that was not found fails before anything is stored (dry run: %s)',
    async (dryRun) => {
      const assertions = [
        { database: 'app.sqlite3', sql: 'SELECT 1' },
        { database: 'shpo', sql: 'SELECT 1' },
      ];
      await expect(run({ app: rows(10), shop: rows(10) }, { assertions, dryRun })).rejects.toMatchObject({
        ...{ exitCode: 2, input: 'assert', hint: 'Name one of app, shop.' },
        message: '`assert` names "shpo", which is not one of the databases to back up.',
      });
      expect(store.changes).toEqual([]);
    },
  );

  test.each(['app', 'app.sqlite3', 'app.sqlite3.zst'])('is about %s', async (database) => {
    const assertions = [{ database, sql: 'SELECT 1' }];
    await expect(run({ app: rows(10) }, { assertions })).resolves.toMatchObject({ failure: null });
  });
});

describe('what fails after the manifest leaves the backup as it is:', () => {
  test('a verify that ends badly, or can not be done', async () => {
    const damaged = new IntegrityError('It is damaged.', { code: 'object.damaged' });
    const verified = { id: 'x', level: 'hash', verdict: 'damaged', databases: [], failure: damaged } as const;
    const judged = await run({ app: rows(10) }, { verifyAfter: async () => verified });
    expect(judged.failure).toMatchObject({
      code: 'object.damaged',
      exitCode: 3,
      message: expect.stringMatching(
        /is complete, but the verify after it failed, and nothing was pruned: It is damaged/,
      ),
    });
    const untried = await run(
      { queue: rows(10) },
      {
        name: 'other',
        verifyAfter: async () => {
          throw new StoreError('It does not answer.', { code: 'store.unreachable' });
        },
      },
    );
    expect(untried.failure?.message).toMatch(
      /is complete, but verifying it did not finish: It does not answer/,
    );
    const bug = new TypeError('x is undefined');
    const failing = run({ last: rows(10) }, { name: 'third', verifyAfter: () => Promise.reject(bug) });
    await expect(failing).rejects.toBe(bug);
  });

  test('a prune that fails', async () => {
    store.clockAheadMs = 2 * 3_600_000;
    const { failure, manifest } = await run({ app: rows(10) }, { policy: { ...nothing, last: 1, min: 1 } });
    expect(failure).toMatchObject({ code: 'prune.clock' });
    expect(failure?.message).toContain(
      `Backup ${manifest?.id} is complete, but pruning after it did not finish`,
    );
  });
});

describe('a safety backup', () => {
  test('is marked as one, before it is one', async () => {
    const { manifest } = await run({ app: rows(10) }, { purpose: 'safety' });
    expect(manifest?.purpose).toBe('safety');
    expect(store.changes.map((change) => change.split('/').at(-1))).toEqual([
      'app.sqlite3',
      expect.stringContaining('safety'),
      'manifest.json',
    ]);
  });
});

describe('compression', () => {
  const codecs = [codecById('zstd')];
  const packed = (_: unknown, plain: Buffer): Buffer => zstdCompressSync(plain);

  test('is done on a server that has the tool, and what arrives is decoded to be compared', async () => {
    const engine = memoryEngine(far(true), { app: { ...rows(100_000), packed } });
    const { manifest } = await run(engine, { codecs });
    expect(manifest?.databases[0]).toMatchObject({ plainBytes: 100_000, codecs: ['zstd'] });
    expect(reporter.infos).toContain('Compressed by zstd on deploy@example.com.');
  });

  test.each([
    ['the server has no tool', far(false), 'auto'],
    ['that is asked for', far(true), 'runner'],
  ] as const)('is done here where %s', async (_, host, compressOn) => {
    const { manifest } = await run(memoryEngine(host, { app: rows(100_000) }), { codecs, compressOn });
    expect(manifest?.databases[0]).toMatchObject({ plainBytes: 100_000, codecs: ['zstd'] });
    expect(reporter.infos.join()).not.toContain('Compressed by');
  });

  test('on a host without the tool is refused when it was asked for', async () => {
    const failing = run(memoryEngine(far(false), { app: rows(10) }), { codecs, compressOn: 'host' });
    await expect(failing).rejects.toMatchObject({ code: 'codec.no-tool', input: 'compress-on' });
  });

  test.each([
    ['does not decode', { packed: () => Buffer.from('no zstd at all') }, /does not decode/],
    ['is not what the server sent', { packed, saidSha256: 'f'.repeat(64) }, /instead of 100000 with f{64}/],
  ])('that %s stores nothing', async (_, more, says) => {
    const engine = memoryEngine(far(true), { app: { ...rows(100_000), ...more } });
    await expect(run(engine, { codecs })).rejects.toMatchObject({
      code: 'snapshot.mismatch',
      exitCode: 3,
      message: expect.stringMatching(says),
    });
    expect(store.changes.filter((change) => change.startsWith('put'))).toEqual([]);
  });
});
