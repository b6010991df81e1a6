import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, restoreDump, startPostgres } from '../kit/postgres.ts';
import { dump, engineFor } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-queued-'));
  server = await startPostgres();
  const env = { ...process.env, TMPDIR: dir };
  on = await openHost({ ssh: null, container: null, sudo: false, env, signal });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  server.sql('postgres', 'DROP DATABASE IF EXISTS app');
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql(
    'app',
    `CREATE TABLE orders AS SELECT i FROM generate_series(1, 1000) i;
     CREATE TABLE measures (at date) PARTITION BY RANGE (at);
     CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
  );
});

/** A folder with a client whose pg_dump runs a script first; `$psql` is a session of the app. */
function clientThat(script: string): string {
  const client = mkdtempSync(join(dir, 'client-'));
  const psql = `psql="${server.bin}/psql -XAtq -h ${server.socket} -p ${server.port} -U postgres app"`;
  for (const [name, first] of [
    ['psql', ':'],
    ['pg_dump', `[ "$1" = --version ] || {\n${psql}\ncd ${client}\n${script}\n}`],
  ] as const) {
    const text = `#!/bin/sh\n${first}\nexec ${server.bin}/${name} "$@"\n`;
    writeFileSync(join(client, name), text, { mode: 0o755 });
  }
  return client;
}

/** The migration asks for its lock when our session has its own, and pg_dump comes after it. */
const migrate = (statement: string): string => `
setsid $psql -c "${statement}; SELECT 'migrated'" >>migrated 2>&1 &
until [ "$($psql -c "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER%'")" = t ]; do sleep 0.05; done`;

const sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast'";

test('a migration that wants a table between our locks and those of pg_dump is let through, and then dumped', async () => {
  const client = clientThat(`[ -e migrated ] || {${migrate('ALTER TABLE orders ADD COLUMN note text')}\n}`);
  const startedMs = performance.now();
  const { file, proof } = await dump(server.url('app'), { on, folders: [client] });
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  expect(readFileSync(join(client, 'migrated'), 'utf8')).toBe('migrated\n');
  expect(proof.fingerprint.tables['public.orders']).toBe(1000);
  await restoreDump(server, file, 'migrated');
  expect(server.sql('migrated', 'SELECT count(*) FROM orders WHERE note IS NULL').trim()).toBe('1000');
});

test.each([
  ['zstd', '-c'],
  ['gzip', '-c'],
] as const)('nothing that %s makes of the attempt before it is in the bytes', async (program, flag) => {
  const client = clientThat(`[ -e migrated ] || {${migrate('ALTER TABLE measures ADD COLUMN v int')}\n}`);
  const engine = engineFor(server.url('app'), { on, folders: [client] });
  const [database] = await engine.discover();
  if (database === undefined) throw new Error('nothing was discovered');
  await using snapshot = await engine.snapshot(database, { signal, pack: async () => [program, flag] });
  const plain = execFileSync(program, ['-dc'], { input: await collect(snapshot.read()) });
  expect(plain.subarray(0, 5).toString()).toBe('PGDMP');
  const found = execFileSync(join(server.bin, 'pg_restore'), ['--list'], { input: plain, encoding: 'utf8' });
  expect(found).toContain('TABLE DATA public orders');
  await snapshot.proof;
  expect(readFileSync(join(client, 'migrated'), 'utf8')).toBe('migrated\n');
});

test('one after the other end the run within seconds, and nothing of it stays', async () => {
  const client = clientThat(migrate('ALTER TABLE orders ALTER i SET NOT NULL'));
  const startedMs = performance.now();
  await expect(dump(server.url('app'), { on, folders: [client] })).rejects.toMatchObject({
    code: 'postgres.locked',
    message: expect.stringMatching(/ACCESS EXCLUSIVE lock on .*, or waits for one/),
  });
  expect(performance.now() - startedMs).toBeLessThan(25_000);
  expect(readFileSync(join(client, 'migrated'), 'utf8')).toMatch(/^(?:migrated\n){2}$/);
  expect(server.sql('postgres', sessions).trim()).toBe('0');
  expect(readdirSync(dir).filter((name) => name.startsWith('holdfast.'))).toEqual([]);
});

test('a table with partitions is locked before pg_dump comes', async () => {
  const client = clientThat('$psql -c "BEGIN; LOCK TABLE ONLY measures NOWAIT; COMMIT" >locked 2>&1');
  await dump(server.url('app'), { on, folders: [client] });
  expect(readFileSync(join(client, 'locked'), 'utf8')).toContain(
    'could not obtain lock on relation "measures"',
  );
});

test('a snapshot that nobody reads leaves no pg_dump', async () => {
  const engine = engineFor(server.url('app'), { on });
  const [database] = await engine.discover();
  if (database === undefined) throw new Error('nothing was discovered');
  server.sql('app', 'INSERT INTO orders SELECT i FROM generate_series(1, 2000000) i');
  {
    await using _ = await engine.snapshot(database, { signal });
    expect(Number(server.sql('postgres', sessions))).toBeGreaterThan(0);
  }
  const isLeft = (): boolean => server.sql('postgres', sessions).trim() !== '0';
  for (let tries = 0; isLeft() && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 50));
  expect(isLeft()).toBe(false);
});
