import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CancelledError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, restoreDump, startPostgres } from '../kit/postgres.ts';
import { dump, engineFor } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql(
    'app',
    `CREATE TABLE orders AS SELECT i FROM generate_series(1, 1000) i; CREATE TABLE "Odd one" (i int);
     CREATE TABLE big AS SELECT i, md5(i::text) || md5((-i)::text) AS text FROM generate_series(1, 600000) i;`,
  );
  const env = { ...process.env, TMPDIR: dir };
  on = await openHost({ ssh: null, container: null, sudo: false, env, signal });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});
afterEach(nothingLeft);

const url = (): string => server.url('app');

/** Another session of the app, whose transaction stays open until told otherwise. */
function openTransaction(statement: string): { end(how: 'COMMIT' | 'ROLLBACK'): void } {
  const psql = spawn(join(server.bin, 'psql'), ['-Xq', url()], { stdio: ['pipe', 'ignore', 'inherit'] });
  psql.stdin.write(`BEGIN; ${statement};\n`);
  return { end: (how) => psql.stdin.end(`${how};\n`) };
}

const ours = "FROM pg_stat_activity WHERE application_name = 'holdfast'";

/** Waits until one of our sessions waits for a lock. */
const blocked = (): Promise<void> => until(`SELECT count(*) > 0 ${ours} AND wait_event_type = 'Lock'`);
const lockIsHeld = (): Promise<void> =>
  until(
    "SELECT count(*) > 0 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation >= 16384",
  );

async function until(question: string, tries = 200): Promise<void> {
  for (let attempt = 0; server.sql('app', question).trim() !== 't'; attempt += 1) {
    if (attempt === tries) throw new Error(`never true: ${question}`);
    await sleep(50);
  }
}

/** Within ten seconds: no session on the server, no folder here. */
async function nothingLeft(): Promise<void> {
  await until(`SELECT count(*) = 0 ${ours}`);
  for (let attempt = 0; readdirSync(dir).some((name) => name.startsWith('holdfast.')); attempt += 1) {
    if (attempt === 200) throw new Error('a scratch folder is left');
    await sleep(50);
  }
}

describe('a migration', () => {
  test('that holds a table for too long is named with the table', async () => {
    const migration = openTransaction('LOCK TABLE orders');
    await lockIsHeld();
    await expect(dump(url(), { on, lockWaitMs: 500 })).rejects.toMatchObject({
      code: 'postgres.locked',
      message: expect.stringContaining('ACCESS EXCLUSIVE lock on public.orders, '),
    });
    migration.end('ROLLBACK');
  });

  test('that drops a table between the snapshot and its dump makes us take another snapshot', async () => {
    server.sql('app', 'CREATE TABLE old (i int)');
    const migration = openTransaction('DROP TABLE old');
    await lockIsHeld();
    const dumped = dump(url(), { on });
    await blocked();
    migration.end('COMMIT');
    const { tables } = (await dumped).proof.fingerprint;
    expect(tables).toEqual({ 'public.orders': 1000, 'public.Odd one': 0, 'public.big': 600_000 });
  });

  test('can not empty a table between its count and its dump', async () => {
    const truncate = async (): Promise<void> => {
      const attempt = () => server.sql('app', "SET lock_timeout = '300ms'; TRUNCATE orders");
      expect(attempt).toThrow(/lock timeout/);
    };
    const { file, proof } = await dump(url(), { on, during: truncate });
    expect(proof.fingerprint.tables['public.orders']).toBe(1000);
    await restoreDump(server, file, 'restored');
    expect(server.sql('restored', 'SELECT count(*) FROM orders').trim()).toBe('1000');
    server.sql('app', 'BEGIN; TRUNCATE orders; ROLLBACK');
  });
});

test('many tables with many indexes do not use up the locks of a small server', async () => {
  const settings = ['max_locks_per_transaction = 20', 'max_connections = 10', 'max_wal_senders = 0'];
  const small = await startPostgres({ settings });
  try {
    const columns = Array.from({ length: 24 }, (_, index) => index)
      .map((column) => `c${column} int UNIQUE`)
      .join(', ');
    const tables = Array.from({ length: 70 }, (_, index) => `CREATE TABLE t${index} (${columns});`);
    small.sql('postgres', tables.join('\n'));
    const { proof } = await dump(small.url('postgres'), { on });
    expect(Object.keys(proof.fingerprint.tables)).toHaveLength(70);
  } finally {
    small.stop();
  }
});

describe('a dump that is cut in the middle', () => {
  async function cutAfterFirstBytes(cut: () => void): Promise<unknown> {
    const engine = engineFor(url(), { on });
    const [database] = await engine.discover();
    if (database === undefined) throw new Error('nothing was discovered');
    await using snapshot = await engine.snapshot(database, { signal });
    let bytes = 0;
    try {
      for await (const chunk of snapshot.read()) {
        if (bytes === 0) cut();
        bytes += chunk.byteLength;
      }
    } catch (error) {
      expect(bytes).toBeGreaterThan(0);
      return error;
    }
    throw new Error('it looked complete');
  }

  test('by an administrator fails', async () => {
    const error = await cutAfterFirstBytes(() =>
      server.sql('postgres', `SELECT pg_terminate_backend(pid) ${ours} AND query LIKE 'COPY%'`),
    );
    const message = expect.stringContaining('the server ended the connection');
    expect(error).toMatchObject({ code: 'postgres.lost', message });
  });

  test('by a crash of the server fails', async () => {
    const error = await cutAfterFirstBytes(() => server.restart('immediate'));
    expect(error).toMatchObject({ code: 'postgres.lost' });
  });
});

describe('when we end while a statement still waits', () => {
  test('by being cancelled, the statement ends too', async () => {
    const migration = openTransaction('LOCK TABLE orders');
    await lockIsHeld();
    const controller = new AbortController();
    const dumped = dump(url(), { on, cancel: controller.signal });
    await blocked();
    controller.abort();
    await expect(dumped).rejects.toBeInstanceOf(CancelledError);
    await nothingLeft();
    migration.end('ROLLBACK');
  });

  test('by being killed, the statement ends too', async () => {
    const migration = openTransaction('LOCK TABLE orders');
    await lockIsHeld();
    const program = fileURLToPath(new URL('../kit/hold-postgres.ts', import.meta.url));
    const client = spawn(process.execPath, [program, url()], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TMPDIR: dir },
    });
    await blocked();
    client.kill('SIGKILL');
    await nothingLeft();
    migration.end('ROLLBACK');
  });
});
