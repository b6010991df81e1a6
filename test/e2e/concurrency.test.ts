import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type ActionRun, runAction } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

const shift = fileURLToPath(new URL('../kit/shift-clock.ts', import.meta.url));
const day = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'holdfast-together-'));
const path = join(dir, 'app.sqlite3');
let s3: S3Server;
let proxy: HttpProxy;
let postgres: Postgres;
let store: Record<string, string>;

beforeAll(async () => {
  makeAppDatabase(path, { megabytes: 10 });
  [s3, postgres] = await Promise.all([startS3(), startPostgres()]);
  proxy = await startHttpProxy(s3.endpoint);
  postgres.sql('postgres', 'CREATE DATABASE app');
  postgres.sql('app', 'CREATE TABLE t AS SELECT i, md5(i::text) AS x FROM generate_series(1, 20000) i');
});
afterAll(async () => {
  await proxy.stop();
  await s3.stop();
  postgres.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  proxy.forget();
  store = {
    store: `s3://${await s3.createBucket()}`,
    's3-endpoint': proxy.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
  };
});

const idOf = (run: ActionRun): string => run.outputs['backup-id'] as string;

/** A backup of as many days ago. */
async function backedUp(daysAgo: number, database = `sqlite:${path}`): Promise<string> {
  const env = { NODE_OPTIONS: `--import=${shift}`, CLOCK_SHIFT_MS: `${-daysAgo * day}` };
  const run = await runAction({ ...store, database }, { env });
  expect(run.exitCode, run.stdout).toBe(0);
  return idOf(run);
}

test('two backups of one name at the same time are two good backups', async () => {
  const runs = await Promise.all([1, 2].map(() => runAction({ ...store, database: `sqlite:${path}` })));
  for (const run of runs) expect(run.exitCode, run.stdout).toBe(0);
  expect(new Set(runs.map(idOf)).size).toBe(2);
  for (const run of runs) {
    const verified = await runAction({ ...store, command: 'verify', backup: idOf(run) });
    expect(verified.exitCode, verified.stdout).toBe(0);
  }
});

test('a backup, two prunes, a verify and a restore overlap without harm', async () => {
  for (const days of [12, 9, 6, 3]) await backedUp(days);
  const rules = { 'keep-last': '1', 'keep-min': '1' };
  const to = join(dir, 'overlap.sqlite3');
  const runs = await Promise.all([
    runAction({ ...store, ...rules, database: `sqlite:${path}` }),
    runAction({ ...store, ...rules, command: 'prune' }),
    runAction({ ...store, ...rules, command: 'prune' }),
    runAction({ ...store, command: 'verify' }),
    runAction({ ...store, command: 'restore', to: `sqlite:${to}` }),
  ]);
  for (const run of runs) expect(run.exitCode, run.stdout).toBe(0);
  expect(sqliteContent(to)).toBe(sqliteContent(path));
  const { result } = await runAction({ ...store, command: 'list', all: 'true' });
  // The proof of a backup that was pruned meanwhile may have come after that: a prune takes it away after a day.
  const left = result.leftovers.flatMap(({ keys }: { keys: string[] }) => keys);
  expect(left.filter((key: string) => !/\/verified-restore-[^/]+$/.test(key))).toEqual([]);
  expect(result.backups.length).toBeGreaterThan(0);
  expect(result.backups.length).toBeLessThan(4);
  for (const { id } of result.backups) {
    expect((await runAction({ ...store, command: 'verify', backup: id })).exitCode).toBe(0);
  }
});

describe.each([
  {
    engine: 'sqlite',
    source: () => `sqlite:${path}`,
    to: () => `sqlite:${join(dir, 'target.sqlite3')}`,
    confirm: 'target.sqlite3',
    create: () => makeAppDatabase(join(dir, 'target.sqlite3'), { megabytes: 1 }),
    content: () => sqliteContent(join(dir, 'target.sqlite3')),
    left: () => readdirSync(dir).filter((file) => /^\.|^holdfast/.test(file)),
  },
  {
    engine: 'postgres',
    source: () => postgres.url('app'),
    to: () => postgres.url('target'),
    confirm: 'target',
    create: () => {
      postgres.sql('postgres', 'CREATE DATABASE target');
      postgres.sql('target', 'CREATE TABLE mine (i int); INSERT INTO mine VALUES (1)');
    },
    content: () =>
      postgres.sql(
        'target',
        "SELECT string_agg(relname, ',') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      ),
    left: () =>
      postgres
        .sql('postgres', "SELECT datname FROM pg_database WHERE datname LIKE 'target_restore%'")
        .split('\n')
        .filter((line) => line !== ''),
  },
])('two restores to one $engine target', ({ source, to, confirm, create, content, left }) => {
  const restore = () => runAction({ ...store, command: 'restore', to: to(), confirm });

  /** Until the first restore reads the object, which is not answered. */
  async function reading(): Promise<void> {
    for (let tries = 0; !proxy.requests.some(isRead); tries += 1) {
      expect(tries).toBeLessThan(600);
      await sleep(50);
    }
    await sleep(200);
  }
  const isRead = ({ operation, url }: { readonly operation: string; readonly url: string }) =>
    operation === 'GetObject' && !url.includes('manifest');

  test("at the same time: the second is refused; one that was killed is in nobody's way", async () => {
    create();
    const before = content();
    await backedUp(2, source());
    proxy.forget();
    proxy.inject('hang', isRead, 1);
    const killed = await runAction(
      { ...store, command: 'restore', to: to(), confirm },
      {
        async during(child) {
          await reading();
          const second = await restore();
          expect(second.exitCode, second.stdout).toBe(1);
          expect(second.result.error).toMatchObject({
            code: 'restore.locked',
            input: 'to',
            message: expect.stringMatching(
              / is being restored by another run at this moment; this one changed nothing\.$/,
            ),
          });
          expect(content()).toBe(before);
          child.kill('SIGKILL');
        },
      },
    );
    expect(killed.exitCode).toBeNull();
    for (let tries = 0; left().length > 0; tries += 1) {
      expect(tries, `left behind: ${left()}`).toBeLessThan(100);
      await sleep(100);
    }
    const third = await restore();
    expect(third.exitCode, third.stdout).toBe(0);
    expect(content()).not.toBe(before);
    expect(left()).toEqual([]);
  });

  test('one after the other is fine, and so are two targets', async () => {
    await backedUp(2, source());
    for (const _ of [1, 2]) expect((await restore()).exitCode).toBe(0);
    const other = to().replace('target', 'other');
    const runs = await Promise.all([restore(), runAction({ ...store, command: 'restore', to: other })]);
    for (const run of runs) expect(run.exitCode, run.stdout).toBe(0);
    expect(left()).toEqual([]);
  });
});
