import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type ActionRun, runAction, runCli } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { makeKey, type Sshd, startSshd } from '../kit/sshd.ts';

let dir: string;
let s3: S3Server;
let sshd: Sshd;
/** A server with next to nothing on it. */
let bare: Sshd;
let postgres: Postgres;
let bucket: string;

/** In every place where a secret goes. */
const password = 'canary-of-the-database';
const secrets: string[] = [password];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
  for (const name of ['tmp', 'bare']) mkdirSync(join(dir, name));
  for (const name of 'sh dd cat id head df awk mktemp rm sleep setsid od tr wc'.split(' ')) {
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(dir, 'bare', name));
  }
  const server = (path: string) => startSshd({ config: [`SetEnv PATH=${path} TMPDIR=${dir}/tmp`] });
  [s3, sshd, bare, postgres] = await Promise.all([
    startS3(),
    server('/usr/bin:/bin'),
    server(join(dir, 'bare')),
    startPostgres(),
  ]);
  bucket = await s3.createBucket();
  makeAppDatabase(join(dir, 'app.sqlite3'));
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT generate_series(1, 50) AS id');
  secrets.push(s3.secretAccessKey, sshd.privateKey.split('\n')[2] as string);
});
afterAll(async () => {
  await Promise.all([s3.stop(), sshd.stop(), bare.stop()]);
  postgres.stop();
  rmSync(dir, { recursive: true });
});
afterEach(async () => {
  expect(readdirSync(join(dir, 'tmp')), 'on the server').toEqual([]);
  expect(await s3.versions(bucket), 'in the bucket').toBe(0);
  expect(await s3.pendingUploads(bucket)).toBe(0);
});

const sqlite = () => ({ database: `sqlite:${dir}/app.sqlite3`, store: `file:${dir}/store` });
const inBucket = () => ({
  store: `s3://${bucket}/apps`,
  's3-endpoint': s3.endpoint,
  's3-access-key-id': s3.accessKeyId,
  's3-secret-access-key': s3.secretAccessKey,
});
const over = (server: Sshd) => ({
  ssh: server.target,
  'ssh-key': server.privateKey,
  'ssh-known-hosts': server.knownHosts,
});
const url = (database: string) => postgres.url(database).replace('postgres@', `postgres:${password}@`);

async function doctor(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<ActionRun> {
  const run = await runAction({ command: 'doctor', name: 'app', ...inputs }, { env });
  const log = run.stdout.replace(/^::add-mask::.*$/gm, '');
  const shown = [log, run.stderr, run.summary, JSON.stringify(run.outputs)].join('\n');
  for (const secret of secrets) expect(shown).not.toContain(secret);
  return run;
}

interface Told {
  readonly id: string;
  readonly level: string;
  readonly detail: string;
  readonly hint: string | null;
}
const told = (run: ActionRun, level: string): Told[] =>
  run.result.checks.filter((check: Told) => check.level === level);
/** This machine's SQLite may have a bug to warn of. */
const ofSetUp = (id: string): boolean => id !== 'database.app';
const ids = (checks: readonly Told[]): string[] => checks.map(({ id }) => id);

test('a good set-up over SSH to S3 is told step by step, and nothing of it stays', async () => {
  const identity = await generateX25519Identity();
  secrets.push(identity);
  const run = await doctor({
    ...inBucket(),
    ...over(sshd),
    database: `sqlite:${dir}/*.sqlite3\n${url('shop')}`,
    globals: 'true',
    'encrypt-to': await identityToRecipient(identity),
    identity,
    'keep-daily': '7',
  });
  expect(run.exitCode, run.stdout).toBe(0);
  expect(run.result).toMatchObject({ command: 'doctor', ok: true, name: 'app' });
  expect(ids(run.result.checks)).toEqual([
    'settings',
    ...['ssh.dns', 'ssh.port', 'ssh.host-key', 'ssh.login', 'ssh.shell'],
    ...['host.shell', 'host.tools', 'host.scratch'],
    ...['database', 'database.app', 'database.shop', 'database.globals'],
    ...['store.reach', 'store.list', 'store.put', 'store.get', 'store.delete', 'store.multipart'],
    ...['store.versioning', 'store.lock', 'store.lifecycle', 'store.privileges', 'store.clock'],
    ...['encryption.round-trip', 'signature', 'schedule'],
  ]);
  // The key of the tests may do everything, and the bucket has no rules.
  expect(ids(told(run, 'warn')).filter(ofSetUp)).toEqual(['store.lifecycle', 'store.privileges']);
  for (const { hint } of told(run, 'warn')) expect(hint).toMatch(/\S/);
  expect(run.result.checks).toContainEqual(
    expect.objectContaining({ id: 'database.shop', ok: true, detail: expect.stringContaining('pg_dump') }),
  );
  expect(run.summary).toContain('| <code>ssh.login</code> | ✅ ok |');
});

test('a person at a terminal sees a line for each, and a folder that was not there is not there afterwards', async () => {
  const args = ['doctor', '--database', `sqlite:${dir}/app.sqlite3`, '--store', `file:${dir}/deep/store`];
  const run = await runCli(args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^CHECK +RESULT +DETAIL/);
  expect(run.stdout).toMatch(/^database\.app +\w+ +sqlite:.*WAL/m);
  expect(readdirSync(dir)).not.toContain('deep');
  expect(JSON.parse((await runCli([...args, '--json'])).stdout)).toMatchObject({
    command: 'doctor',
    ok: true,
  });
});

const otherKey = (name: string, passphrase = ''): string =>
  readFileSync(makeKey(mkdtempSync(join(dir, 'key-')), name, 'ed25519', passphrase), 'utf8');
const half = (which: 'publicKey' | 'privateKey'): string => {
  const type = which === 'publicKey' ? 'spki' : 'pkcs8';
  // biome-ignore lint/suspicious/noExplicitAny: the types of the two halves differ
  return (generateKeyPairSync('ed25519')[which] as any).export({ format: 'pem', type }).toString();
};

describe('one thing that is wrong is the one check that fails, with its remedy:', () => {
  test.each<[string, () => Promise<Record<string, string>>, string, RegExp]>([
    [
      'an unknown name',
      async () => ({ ...sqlite(), ...over(sshd), ssh: 'root@no-such-host.invalid' }),
      'ssh.dns',
      /Correct the host/,
    ],
    [
      'a closed port',
      async () => ({ ...sqlite(), ...over(sshd), ssh: `root@127.0.0.1:${await freePort()}` }),
      'ssh.port',
      /Is sshd running/,
    ],
    [
      'a wrong host key',
      async () => ({
        ...{ ...sqlite(), ...over(sshd) },
        'ssh-known-hosts': bare.knownHosts.replaceAll(`:${bare.port}`, `:${sshd.port}`),
      }),
      'ssh.host-key',
      /Compare the fingerprint/,
    ],
    [
      'a key that is not authorized',
      async () => ({ ...sqlite(), ...over(sshd), 'ssh-key': otherKey('other') }),
      'ssh.login',
      /authorized_keys/,
    ],
    [
      'a wrong passphrase',
      async () => {
        const locked = { 'ssh-key': otherKey('locked', 'right-one'), 'ssh-key-passphrase': password };
        return { ...sqlite(), ...over(sshd), ...locked };
      },
      'ssh.login',
      /ssh-keygen -y/,
    ],
    [
      'a missing tool',
      async () => ({ ...sqlite(), ...over(bare) }),
      'host.tools',
      /Install the package `sqlite3`/,
    ],
    [
      'a container that is not there',
      async () => ({ ...sqlite(), container: 'nothing' }),
      'host.shell',
      /\S/,
    ],
    [
      'a wrong path',
      async () => ({ ...sqlite(), database: `sqlite:${dir}/nothing.sqlite3` }),
      'database.nothing',
      /Correct the path/,
    ],
    [
      'a glob that matches nothing',
      async () => ({ ...sqlite(), database: `sqlite:${dir}/*.nothing\n${url('shop')}` }),
      'database',
      /Correct the glob/,
    ],
    [
      'an unknown database',
      async () => ({ ...sqlite(), database: url('nowhere') }),
      'database.nowhere',
      /\S/,
    ],
    [
      'a wrong bucket',
      async () => ({ ...sqlite(), ...inBucket(), store: 's3://no-such-bucket' }),
      'store.reach',
      /Correct the bucket/,
    ],
    [
      'a wrong storage key',
      async () => ({ ...sqlite(), ...inBucket(), 's3-secret-access-key': password }),
      'store.reach',
      /s3-secret-access-key/,
    ],
    [
      'a closed endpoint',
      async () => ({ ...sqlite(), ...inBucket(), 's3-endpoint': `http://127.0.0.1:${await freePort()}` }),
      'store.reach',
      /Correct `s3-endpoint`/,
    ],
    [
      'a file where the folder should be',
      async () => ({ ...sqlite(), store: `file:${dir}/app.sqlite3` }),
      'store.put',
      /folder of `store`/,
    ],
    [
      'the identity of somebody else',
      async () => {
        const [ours, other] = [await generateX25519Identity(), await generateX25519Identity()];
        secrets.push(ours, other);
        return { ...sqlite(), 'encrypt-to': await identityToRecipient(other), identity: ours };
      },
      'encryption.round-trip',
      /secret key of a recipient/,
    ],
    [
      'a verify without a key',
      async () => ({
        ...{ ...sqlite(), verify: 'restore' },
        'encrypt-to': await identityToRecipient(await generateX25519Identity()),
      }),
      'encryption.round-trip',
      /Give the secret key as `identity`/,
    ],
    [
      'halves of two key pairs',
      async () => ({ ...sqlite(), 'sign-key': half('privateKey'), 'verify-key': half('publicKey') }),
      'signature',
      /one pair/,
    ],
  ])('%s', async (_, wrong, id, remedy) => {
    const run = await doctor(await wrong());
    const failed = told(run, 'fail');
    expect([run.exitCode, run.result.ok, ids(failed)], run.stdout).toEqual([1, false, [id]]);
    expect(failed[0]?.hint).toMatch(remedy);
    expect(run.result.error.message).toContain(id);
    expect(run.errors).toHaveLength(1);
    // What does not need it was looked at all the same.
    expect(told(run, 'ok').length).toBeGreaterThan(5);
    expect(run.summary).toContain(`| <code>${id}</code> | ❌ failed |`);
  });

  test('two things are both told', async () => {
    const inputs = {
      ...sqlite(),
      database: `sqlite:${dir}/nothing.sqlite3`,
      store: `file:${dir}/app.sqlite3`,
    };
    const run = await doctor(inputs);
    expect(ids(told(run, 'fail'))).toEqual(['database.nothing', 'store.put']);
    expect(run.result.error.message).toMatch(/2 of \d+ checks: database\.nothing, store\.put/);
  });

  test('a setting: exit code 2 as everywhere, and whatever does not go by it is checked', async () => {
    const run = await doctor({ ...sqlite(), ssh: 'nonsense', 'keep-dayly': '7' });
    expect([run.exitCode, ids(told(run, 'fail'))]).toEqual([2, ['settings']]);
    expect(run.result.error.problems.map(({ input }: { input: string }) => input)).toEqual(
      expect.arrayContaining(['ssh', 'ssh-key', 'keep-dayly']),
    );
    expect(ids(told(run, 'ok'))).toContain('store.multipart');
    expect(ids(told(run, 'skip'))).toContain('database');
  });
});

test('started by a schedule it reminds of what GitHub does to schedules', async () => {
  const run = await doctor(sqlite(), { GITHUB_EVENT_NAME: 'schedule' });
  expect([run.exitCode, ids(told(run, 'warn')).filter(ofSetUp)]).toEqual([0, ['schedule']]);
});
