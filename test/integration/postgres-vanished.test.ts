import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { openMatching } from '../../src/engines/postgres/choose-client.ts';
import { parseConnection } from '../../src/engines/postgres/connection.ts';
import { HeldSession } from '../../src/engines/postgres/held-session.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { commandLines } from '../kit/oracle.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { engineFor } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';
import { startSlowLink } from '../kit/slow-link.ts';
import { startSshd } from '../kit/sshd.ts';

const stallMs = 1500;
let server: Postgres;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-vanished-'));
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', 'CREATE TABLE t AS SELECT i, repeat(md5(i::text), 9) FROM generate_series(1, 200000) i');
});
afterAll(() => {
  server.stop();
  rmSync(dir, { recursive: true });
});

const ours = (state: string): string =>
  server
    .sql('postgres', `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast' AND ${state}`)
    .trim();

test('a runner that vanishes without a word leaves no session, no program and no folder on the server', async () => {
  const scratch = join(dir, 'tmp');
  mkdirSync(scratch);
  const sshd = await startSshd({ config: [`SetEnv PATH=/usr/bin:/bin TMPDIR=${scratch}`] });
  const link = await startSlowLink(sshd.port);
  try {
    const ssh = {
      ...{ user: sshd.user, host: '127.0.0.1', port: link.port, privateKey: new Secret(sshd.privateKey) },
      knownHosts: sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${link.port}`),
    };
    const env = process.env;
    await using runner = await openHost({ ssh: null, container: null, sudo: false, env, signal });
    await using host = await openHost({ ssh, container: null, sudo: false, env, signal, stallMs });
    const connection = parseConnection(new Secret(server.url('app')));
    const access = await openMatching({ host, runner, install: null }, connection, signal);
    expect(access.host.remote).toBe(true);
    const sql = 'ROLLBACK; CREATE TABLE last_words (i int);';
    const session = new HeldSession(access, 'The snapshot', signal, { sql, graceSeconds: 5 });
    await session.ask('BEGIN; LOCK TABLE t IN ACCESS SHARE MODE;');
    // As long as we are there, however long nothing is asked.
    await sleep(4 * stallMs);
    expect(ours("state = 'idle in transaction'")).toBe('1');
    link.fallSilent();
    const left = (): string[] => [
      ...readdirSync(scratch),
      ...commandLines().filter((line) => line.includes(`${scratch}/`)),
      ...(ours('true') === '0' ? [] : ['a session']),
    ];
    for (let tries = 0; left().length > 0; tries += 1) {
      expect(tries, `left behind: ${left()}`).toBeLessThan(150);
      await sleep(100);
    }
    expect(server.sql('app', "SELECT to_regclass('last_words')").trim()).toBe('last_words');
    server.sql('app', 'DROP TABLE last_words');
  } finally {
    link.stop();
    await sshd.stop();
  }
});

test('once its rows are counted, the session of a snapshot holds nothing, though the dump goes on', async () => {
  await using host = await openHost({ ssh: null, container: null, sudo: false, env: process.env, signal });
  const engine = engineFor(server.url('app'), { on: host });
  const [database] = await engine.discover();
  if (database === undefined) throw new Error('nothing was discovered');
  await using snapshot = await engine.snapshot(database, { signal });
  expect((await snapshot.proof).fingerprint.tables).toEqual({ 'public.t': 200_000 });
  expect(ours("query LIKE 'COPY%' AND state = 'active'")).toBe('1');
  expect(ours("state = 'idle in transaction'")).toBe('0');
  expect(() => server.sql('app', "SET lock_timeout = '300ms'; TRUNCATE t")).toThrow(/lock timeout/);
});
