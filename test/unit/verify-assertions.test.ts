import { beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { readCatalog } from '../../src/core/catalog.ts';
import { HoldfastError } from '../../src/core/errors.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { type VerifyRequest, verify } from '../../src/core/verify.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { type FakeEngine, fakeEngine, storeBackup } from '../kit/stored-backup.ts';

const id = '20261120T030000Z-0000';
const now = new Date('2026-11-21T04:00:00Z');
let store: MemoryStore;
let manifest: Manifest;
let engine: FakeEngine;
let reporter: QuietReporter;

beforeEach(async () => {
  store = memoryStore();
  manifest = await storeBackup(store, id, { shop: { users: 3, orders: 5 }, blog: { posts: 1 } });
  engine = fakeEngine();
  reporter = quietReporter();
});

const run = (changes: Partial<VerifyRequest> = {}) =>
  verify({
    ...{ store, manifest, reporter, signal, level: 'restore', assertions: [], toolVersion: '0.1.0' },
    engineById: () => engine,
    codecById: (codec) => codecById(codec),
    now: () => now,
    ...changes,
  });

describe('an assertion', () => {
  const assertion = { database: 'shop.sqlite3', sql: 'SELECT 1' };

  test.each([[['1']], [['t', 't']], [['17']]])('holds when every row is true: %j', async (answer) => {
    engine.answers.set('SELECT 1', answer);
    const { verdict, databases } = await run({ assertions: [assertion] });
    expect(verdict).toBe('ok');
    expect(databases[0]?.detail).toContain('1 assertions hold');
    expect(databases[1]?.detail).not.toContain('assertions');
  });

  test.each([[['0']], [['0.00']], [['-0']], [['f']], [['t', 'f']], [['']], [[]]])(
    'fails the verify when it is false or empty, of a backup that is intact: %j',
    async (answer) => {
      engine.answers.set('SELECT 1', answer);
      const { verdict, databases, failure } = await run({ assertions: [assertion] });
      expect(verdict).toBe('damaged');
      expect(databases).toMatchObject([
        { name: 'shop', verdict: 'damaged', intact: true },
        { verdict: 'ok' },
      ]);
      expect(databases[1]).not.toHaveProperty('intact');
      expect(reporter.infos.join()).toContain('shop: not as asserted. It is intact');
      expect(failure).toMatchObject({
        ...{ code: 'verify.assertion', exitCode: 3, input: 'assert' },
        message: expect.stringMatching(
          /does not hold what `assert` demands \(restore\)\. shop: It is intact, but the assertion .* \(SELECT 1\)\.$/,
        ),
      });
    },
  );

  test('that is false costs a backup no proof, and gives it none', async () => {
    await run();
    const proven = [...store.objects.keys()];
    engine.answers.set('SELECT 1', ['0']);
    await run({ assertions: [assertion], now: () => new Date('2026-11-22T04:00:00Z') });
    expect([...store.objects.keys()]).toEqual(proven);
    expect((await readCatalog(store, 'app', { signal })).backups[0]?.verified).toEqual({
      level: 'restore',
      at: now,
    });
  });

  test('that is false does not hide the damage of another database, whose proofs go', async () => {
    await run();
    engine.answers.set('SELECT 1', ['0']);
    store.objects.set(`app/${id}/blog.sqlite3.zst`, Buffer.from('junk'));
    const { databases, failure } = await run({ assertions: [assertion] });
    expect(databases).toMatchObject([{ intact: true }, { verdict: 'damaged' }]);
    expect(databases[1]).not.toHaveProperty('intact');
    expect(failure).toMatchObject({ code: 'object.damaged', message: expect.stringContaining('is damaged') });
    expect((await readCatalog(store, 'app', { signal })).backups[0]?.verified).toBeNull();
  });

  test('that is false is told before what could not be tried', async () => {
    const assertions = [
      { database: 'blog', sql: 'SELECT 1' },
      { database: 'shop', sql: 'SELEC' },
    ];
    engine.answers.set('SELECT 1', ['0']);
    const { verdict, databases, failure } = await run({ assertions });
    expect(databases.map((database) => database.verdict)).toEqual(['unknown', 'damaged']);
    expect([verdict, failure?.code]).toEqual(['damaged', 'verify.assertion']);
  });

  test('that is no query at all says nothing about the backup, and is what to correct', async () => {
    await run();
    const { verdict, failure } = await run({ assertions: [{ database: 'shop', sql: 'SELEC' }] });
    expect(verdict).toBe('unknown');
    expect(failure).toMatchObject({
      ...{ code: 'verify.unknown', exitCode: 1, input: 'assert', hint: 'Correct the query in `assert`.' },
      message: expect.stringMatching(/could not be asked: no such query \(SELEC\)/),
    });
    expect((await readCatalog(store, 'app', { signal })).backups[0]?.verified).not.toBeNull();
  });

  test('that could not be asked says nothing about the data: the server went away', async () => {
    engine.answers.set(
      'SELECT 1',
      new HoldfastError('The server ended the connection.', { code: 'fake.lost' }),
    );
    expect(await run({ assertions: [assertion] })).toMatchObject({
      verdict: 'unknown',
      failure: { exitCode: 1 },
    });
  });

  test('about a database that the backup does not hold is a wrong setting', async () => {
    const assertions = [{ database: 'shpo', sql: 'SELECT 1' }];
    await expect(run({ assertions })).rejects.toMatchObject({ exitCode: 2, input: 'assert' });
  });
});
