import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { appSchema, dump } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';
import { startTcpProxy } from '../kit/tcp-proxy.ts';
import { type PoolerOptions, startPooler } from '../kit/transaction-pooler.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-pooler-'));
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', appSchema);
  const env = { ...process.env, TMPDIR: dir };
  on = await openHost({ ssh: null, container: null, sudo: false, env, signal });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const pooler = (options: Omit<PoolerOptions, 'port'>) => startPooler({ ...options, port: server.port });
const urlAt = (port: number): string => server.url('app').replace(`:${server.port}`, `:${port}`);

describe('a pooler in transaction mode', () => {
  test.each<[string, Omit<PoolerOptions, 'port'>]>([
    ['which is idle', { shared: 1, options: 'refused' }],
    ['which leaves out what it does not know', { shared: 1, options: 'dropped' }],
    ['with two connections in turn', { shared: 2, options: 'refused' }],
    ['with three connections in turn', { shared: 3, options: 'dropped' }],
  ])(
    '%s is refused, and nothing of ours stays on the connections that the app shares',
    async (_, options) => {
      const between = await pooler(options);
      try {
        // The pooler answers from this process, which must not stand still.
        const app = async (sql: string): Promise<string> => {
          const argv = ['-XAtq', `--dbname=${urlAt(between.port)}`, '-c', sql];
          return (await promisify(execFile)(join(server.bin, 'psql'), argv, { timeout: 10_000 })).stdout;
        };
        // As the app does, so that the pool is full before we come.
        for (let count = 0; count < options.shared; count += 1) await app('SELECT 1');
        await expect(dump(urlAt(between.port), { on })).rejects.toMatchObject({
          code: 'postgres.pooler',
          input: 'database',
          message: expect.stringContaining('transaction mode'),
          hint: expect.stringContaining('direct URL'),
        });
        for (let count = 0; count < options.shared; count += 1) {
          expect(await app("SELECT name FROM pg_settings WHERE source = 'session'")).toBe('');
          expect(await app("SELECT coalesce(current_setting('holdfast.direct', true), '')")).toBe('\n');
        }
        expect(readdirSync(dir)).toEqual([]);
      } finally {
        between.stop();
      }
    },
  );
});

test.each(['refused', 'dropped'] as const)(
  'a pooler in session mode will do, with options %s',
  async (options) => {
    const between = await pooler({ shared: 0, options });
    try {
      const { proof } = await dump(urlAt(between.port), { on });
      expect(proof.fingerprint.tables['public.accounts']).toBe(100);
    } finally {
      between.stop();
    }
  },
);

test('without a pooler one connection tells', async () => {
  const between = await startTcpProxy(server.port);
  try {
    // The version with the facts, the snapshot, and the dump.
    await dump(urlAt(between.port), { on });
    expect(between.connections).toBe(3);
  } finally {
    between.stop();
  }
});
