import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drain } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { findClients } from '../../src/engines/postgres/clients.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { commandLines } from '../kit/oracle.ts';
import { type Postgres, restoreDump, startPostgres } from '../kit/postgres.ts';
import { appSchema, dump, engineFor, pathWithout, transfer } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';
import { startSshd } from '../kit/sshd.ts';

let server: Postgres;
let on: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', appSchema);
  on = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
});
afterAll(async () => {
  server.stop();
  await on[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const scratchLeft = (): string[] => readdirSync(dir).filter((name) => name.startsWith('holdfast.'));
const sessionsLeft = (): string =>
  server.sql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holdfast'").trim();
test('what the look at the only database opened is used by its snapshot, and is gone when there is none', async () => {
  const engine = engineFor(server.url('app'), { on });
  const [database] = await engine.discover();
  if (database === undefined) throw new Error('nothing was discovered');
  {
    await using held = new AsyncDisposableStack();
    await engine.probe(database, { signal, held });
    const [folder] = scratchLeft();
    expect(folder).toBeDefined();
    await using snapshot = await engine.snapshot(database, { signal });
    expect(scratchLeft()).toEqual([folder]);
    await drain(snapshot.read());
    await snapshot.proof;
  }
  expect(scratchLeft()).toEqual([]);
  {
    await using held = new AsyncDisposableStack();
    await engine.probe(database, { signal, held });
    expect(scratchLeft()).toHaveLength(1);
  }
  expect(scratchLeft()).toEqual([]);
  // Nobody who has no place for it gets it, as `doctor`.
  await engine.probe(database, { signal });
  expect(scratchLeft()).toEqual([]);
});

describe('a dump', () => {
  test('is one state of the database while a writer works, and its counts are those of the dump', async () => {
    const writer = spawn(join(server.bin, 'psql'), ['-Xq', server.url('app')], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    let stopped = false;
    const writing = (async () => {
      while (!stopped) {
        writer.stdin.write(`${transfer}\n`);
        await sleep(5);
      }
      writer.stdin.end();
    })();
    try {
      for (let round = 0; round < 3; round += 1) {
        // Commits go on between the export of the snapshot and the dump.
        const { file, proof } = await dump(server.url('app'), { on, during: () => sleep(300) });
        const restored = `restored_${round}`;
        await restoreDump(server, file, restored);
        const facts = server
          .sql(
            restored,
            'SELECT sum(balance) FROM accounts; SELECT transfers FROM totals; SELECT count(*) FROM transfers; SELECT count(*) FROM measures_2026;',
          )
          .trim()
          .split('\n');
        const [sum, said, there, measures] = facts.map(Number);
        expect(sum).toBe(100_000);
        expect(said).toBe(there);
        expect(proof.fingerprint.tables).toEqual({
          'public.accounts': 100,
          'public.transfers': there,
          'public.totals': 1,
          'public.measures_2026': measures,
          'Odd "schema".new\nline\'s': 2,
        });
        const again = await dump(server.url(restored), { on });
        expect(again.proof.fingerprint).toEqual(proof.fingerprint);
      }
    } finally {
      stopped = true;
      await writing;
    }
    expect(scratchLeft()).toEqual([]);
    expect(sessionsLeft()).toBe('0');
  });

  test('of another schema has another fingerprint', async () => {
    const before = await dump(server.url('app'), { on });
    server.sql('app', 'ALTER TABLE accounts ADD COLUMN note text');
    const after = await dump(server.url('app'), { on });
    server.sql('app', 'ALTER TABLE accounts DROP COLUMN note');
    expect(after.proof.fingerprint.schemaSha256).not.toBe(before.proof.fingerprint.schemaSha256);
    expect((await dump(server.url('app'), { on })).proof.fingerprint.schemaSha256).toBe(
      before.proof.fingerprint.schemaSha256,
    );
  });

  test("takes the client itself, and Debian's wrapper of it only where the client is not found", async () => {
    const [client, path] = [join(dir, 'client'), join(dir, 'path')];
    for (const folder of [client, path]) mkdirSync(folder);
    const program = "#!/bin/sh\necho 'pg_dump (PostgreSQL) 16.4'\n";
    writeFileSync(join(client, 'pg_wrapper'), program, { mode: 0o755 });
    for (const name of ['pg_dump', 'psql']) {
      writeFileSync(join(client, name), program, { mode: 0o755 });
      symlinkSync(join(client, 'pg_wrapper'), join(path, name));
    }
    const env = { ...process.env, PATH: `${path}:${process.env['PATH']}` };
    await using host = await openHost({ ssh: null, container: null, sudo: false, env, signal });
    const found = async (...folders: string[]): Promise<string[]> =>
      (await findClients(host, signal, folders)).map(({ folder }) => folder);
    expect(await found(client)).toEqual([client]);
    expect(await found()).toEqual([path]);
  });

  test.each([
    ['by the tools of the server', true],
    ['by ours, through a forwarded connection, where the server has none', false],
  ])('is made over SSH %s', async (_, hasClients) => {
    const config = [`SetEnv PATH=${pathWithout(dir, 'psql', 'pg_dump')}`];
    const sshd = await startSshd(hasClients ? {} : { config });
    try {
      const { user, host, port, knownHosts } = sshd;
      const ssh = { user, host, port, knownHosts, privateKey: new Secret(sshd.privateKey) };
      await using remote = await openHost({ ssh, container: null, sudo: false, env: process.env, signal });
      // Looked for on PATH alone: the server is this same machine.
      const options = { on: remote, runner: on, folders: [] };
      const { snapshot, proof, file } = await dump(server.url('app'), options);
      expect(statSync(file).size).toBeGreaterThan(1000);
      expect(snapshot.host.remote).toBe(hasClients);
      expect(proof.fingerprint.tables['public.accounts']).toBe(100);
    } finally {
      await sshd.stop();
    }
  });

  test('over SSH, where forwarding is forbidden, says that, and not that the server is at fault', async () => {
    const sshd = await startSshd({
      config: [`SetEnv PATH=${pathWithout(dir, 'psql', 'pg_dump')}`, 'AllowTcpForwarding no'],
    });
    try {
      const { user, host, port, knownHosts } = sshd;
      const ssh = { user, host, port, knownHosts, privateKey: new Secret(sshd.privateKey) };
      await using remote = await openHost({ ssh, container: null, sudo: false, env: process.env, signal });
      const dumping = dump(server.url('app'), { on: remote, runner: on, folders: [] });
      await expect(dumping).rejects.toMatchObject({
        code: 'ssh.forward',
        message: expect.stringMatching(/forwards nothing to 127\.0\.0\.1:\d+ \(.*open.*\)\.$/),
      });
    } finally {
      await sshd.stop();
    }
  });

  test('takes passwords with any character, and shows them to nobody', async () => {
    const password = `p:a\\s's"w o&r/d%?#@$(x)é`;
    server.sql('postgres', `CREATE ROLE "od:d" LOGIN SUPERUSER PASSWORD '${password.replaceAll("'", "''")}'`);
    const strict = await startPostgres({ access: ['host all all 127.0.0.1/32 scram-sha-256'] });
    try {
      strict.sql(
        'postgres',
        `CREATE ROLE "od:d" LOGIN SUPERUSER PASSWORD '${password.replaceAll("'", "''")}'; CREATE DATABASE app`,
      );
      strict.sql('app', 'CREATE TABLE t AS SELECT 1 AS i');
      const url = `postgres://${encodeURIComponent('od:d')}:${encodeURIComponent(password)}@127.0.0.1:${strict.port}/app`;
      const seen: string[] = [];
      const watch = setInterval(() => seen.push(...commandLines()), 3);
      const { proof } = await dump(url, { on });
      clearInterval(watch);
      expect(proof.fingerprint.tables).toEqual({ 'public.t': 1 });
      expect(seen.some((line) => line.includes('pg_dump'))).toBe(true);
      expect(
        seen.filter((line) => line.includes('w o&r/d') || line.includes(encodeURIComponent(password))),
      ).toEqual([]);
      const wrong = await dump(url.replace('p%3Aa', 'p%3Ab'), { on }).catch((error: Error) => error);
      expect(wrong).toMatchObject({ code: 'postgres.password', input: 'database' });
      expect(JSON.stringify(wrong) + (wrong as Error).message).not.toContain('w%20o');
    } finally {
      strict.stop();
    }
  });

  test('has the roles beside it when asked', async () => {
    server.sql('postgres', "CREATE ROLE reader LOGIN PASSWORD 'x'");
    const engine = engineFor(server.url('app'), { on, globals: true });
    expect(await engine.discover()).toHaveLength(2);
    // Asked again, it finds the same.
    const [, globals, ...more] = await engine.discover();
    expect(more).toEqual([]);
    await engine.probe(globals as never, { signal });
    await using snapshot = await engine.snapshot(globals as never, { signal });
    let text = '';
    for await (const chunk of snapshot.read()) text += Buffer.from(chunk).toString();
    expect(snapshot.extension).toBe('sql');
    expect(text).toMatch(/CREATE ROLE reader;[\s\S]*PASSWORD 'SCRAM/);
  });
});

/** The same server, as if it had no client anywhere. */
