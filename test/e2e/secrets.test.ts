import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runAction, runCli } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { filesBelow, formsOf, found, watchProcesses } from '../kit/secret-scan.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { makeKey, type Sshd, startSshd } from '../kit/sshd.ts';

const canary = (what: string): string => `canary-${what}-${randomBytes(6).toString('hex')}`;
const passwords = {
  ssh: canary('ssh-passphrase'),
  database: `${canary('database')}:p@ss/w%rd'"\\é`,
  wrongDatabase: `${canary('wrong-database')}?#&`,
  scratch: `${canary('scratch')}%@`,
  target: `${canary('target')}/:`,
  passphrase: `${canary('passphrase')} $(id)`,
  wrongPassphrase: canary('wrong-passphrase'),
  wrongStorage: canary('wrong-storage'),
};

let dir: string;
let sshd: Sshd;
let s3: S3Server;
let proxy: HttpProxy;
let postgres: Postgres;
let bucket: string;
let inputs: Record<string, string>;
let strangeKey: string;
let identity: string;
let secrets: string[];

const shims = () => join(dir, 'shims');
/** The temporary folders of this machine and of the server. */
const scratch = () => join(dir, 'tmp');
const urlOf = (password: string, database = 'shop') =>
  `postgres://app:${encodeURIComponent(password)}@127.0.0.1:${postgres.port}/${database}`;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'));
  for (const folder of [shims(), scratch()]) mkdirSync(folder);
  const access = ['host all app 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust'];
  const config = [`SetEnv PATH=${shims()}:/usr/bin:/bin TMPDIR=${scratch()}`];
  [sshd, s3, postgres] = await Promise.all([startSshd({ config }), startS3(), startPostgres({ access })]);
  proxy = await startHttpProxy(s3.endpoint);
  bucket = await s3.createBucket();
  postgres.sql(
    'postgres',
    `CREATE ROLE app SUPERUSER LOGIN PASSWORD '${passwords.database.replaceAll("'", "''")}'`,
  );
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT 1 AS id');
  makeAppDatabase(join(dir, 'app.sqlite3'));
  const locked = makeKey(sshd.dir, 'locked', 'ed25519', passwords.ssh);
  appendFileSync(join(sshd.dir, 'authorized_keys'), readFileSync(`${locked}.pub`));
  strangeKey = readFileSync(makeKey(sshd.dir, 'strange', 'ed25519', passwords.ssh), 'utf8');
  identity =
    /AGE-SECRET-KEY-\S+/.exec(execFileSync('age-keygen', { encoding: 'utf8', stdio: 'pipe' }))?.[0] ?? '';
  const signing = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  inputs = {
    store: `s3://${bucket}`,
    's3-endpoint': proxy.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
    name: 'shop',
    ssh: sshd.target,
    'ssh-key': readFileSync(locked, 'utf8'),
    'ssh-key-passphrase': passwords.ssh,
    'ssh-known-hosts': sshd.knownHosts,
    database: `sqlite:${dir}/app.sqlite3\n${urlOf(passwords.database)}`,
    passphrase: passwords.passphrase,
    'sign-key': signing,
    'keep-last': '3',
  };
  secrets = [
    ...Object.values(passwords),
    s3.secretAccessKey,
    inputs['ssh-key'] as string,
    strangeKey,
    identity,
    signing,
  ];
  expect(identity).not.toBe('');
});
afterEach(() => proxy.forget());
afterAll(async () => {
  await proxy.stop();
  await Promise.all([sshd.stop(), s3.stop()]);
  postgres.stop();
  rmSync(dir, { recursive: true });
});

async function objects(): Promise<Record<string, string>> {
  const { Contents = [] } = await s3.admin.send(new ListObjectsV2Command({ Bucket: bucket }));
  const texts: Record<string, string> = {};
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.admin.send(new GetObjectCommand({ Bucket: bucket, Key }));
    texts[Key] =
      Key + (await (Body as { transformToString(as: string): Promise<string> }).transformToString('latin1'));
  }
  return texts;
}

type Face = 'Action' | 'CLI';
type Inputs = Readonly<Record<string, string | undefined>>;

/** Runs a command with debug output on, and gives what can be seen of it from everywhere but its own variables. */
async function watched(face: Face, command: string, changed: Inputs) {
  const all = Object.entries({ ...inputs, ...changed }).filter(([, text]) => text !== undefined);
  const given = Object.fromEntries(all) as Record<string, string>;
  // The storage key of all test servers is one and the same, and others start theirs with it.
  const own = secrets.filter((secret) => secret !== s3.secretAccessKey);
  const processes = watchProcesses(formsOf(own));
  const options = { during: processes.during };
  const places: Record<string, string> = {};
  let exitCode: number | null;
  if (face === 'Action') {
    const env = { TMPDIR: scratch(), RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' };
    const run = await runAction({ command, ...given }, { ...options, env });
    places['stdout'] = run.stdout.replace(/^::add-mask::.*$/gm, '');
    Object.assign(places, { stderr: run.stderr, summary: run.summary, outputs: JSON.stringify(run.outputs) });
    exitCode = run.exitCode;
  } else {
    const env: Record<string, string> = { TMPDIR: scratch(), HOLDFAST_DEBUG: '1' };
    for (const [name, text] of Object.entries(given))
      env[`HOLDFAST_${name.toUpperCase().replaceAll('-', '_')}`] = text;
    const run = await runCli([command, '--json'], { ...options, env });
    Object.assign(places, { stdout: run.stdout, stderr: run.stderr });
    exitCode = run.exitCode;
  }
  const hits = found(formsOf(secrets), { ...places, ...(await objects()), ...filesBelow(scratch()) });
  return { exitCode, said: Object.values(places).join('\n'), hits: [...hits, ...processes.seen] };
}

const noServer: Inputs = {
  ssh: undefined,
  'ssh-key': undefined,
  'ssh-key-passphrase': undefined,
  'ssh-known-hosts': undefined,
};
const forReading: Inputs = {
  ...noServer,
  database: undefined,
  'sign-key': undefined,
  'keep-last': undefined,
};

/** A program of the server that says all it was given, and fails. */
function shim(name: string): undefined {
  const tell =
    'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; env >&2; ps -ef >&2; cat >&2; exit 1';
  writeFileSync(join(shims(), name), `#!/bin/sh\n${tell}\n`);
  chmodSync(join(shims(), name), 0o755);
}

function storeFails(...[fault, when]: Parameters<HttpProxy['inject']>): undefined {
  proxy.inject(fault, when);
}

const isManifest = ({ method, url }: { method: string; url: string }) =>
  method === 'PUT' && url.includes('manifest.json');

/** The command that is run, a backup when absent, and the inputs that are other ones for it. */
type Failing = { readonly command?: string; readonly changed?: Inputs } | undefined;

/** What makes the stage fail, and a part of what is then said. */
const stages: [string, () => Failing | Promise<Failing>, RegExp][] = [
  [
    'connect',
    async () => ({ changed: { ssh: `${sshd.user}@127.0.0.1:${await freePort()}` } }),
    /known-hosts|refused/,
  ],
  [
    'the key is opened',
    () => ({ changed: { 'ssh-key-passphrase': passwords.wrongPassphrase } }),
    /does not open/,
  ],
  ['login', () => ({ changed: { 'ssh-key': strangeKey } }), /ssh-key/],
  ['snapshot of SQLite', () => shim('sqlite3'), /sqlite3|snapshot/],
  ['login to PostgreSQL', () => ({ changed: { database: urlOf(passwords.wrongDatabase) } }), /password/],
  [
    'a URL that is none',
    () => ({ changed: { database: `postgres://app:${passwords.database}@db/shop` } }),
    /taken apart/,
  ],
  [
    'a scheme that is none',
    () => ({ changed: { database: `mysql://app:${passwords.database}@db/shop` } }),
    /mysql/,
  ],
  ...(
    [
      ['a list of parameters', (password) => `host=db user=app password=${password}`],
      ['a URL without its scheme', (password) => `app_user:${password}@db/app`],
      ['a URL without its slashes', (password) => `postgres:app:${password}@db/app`],
      ['a URL of another driver', (password) => `jdbc:postgresql://db/app?user=app&password=${password}`],
    ] satisfies [string, (password: string) => string][]
  ).map(([what, line]): (typeof stages)[number] => [
    what,
    () => ({ changed: { database: `sqlite:${dir}/app.sqlite3\n${line(passwords.wrongDatabase)}` } }),
    /Line 2 of/,
  ]),
  [
    'an endpoint with a key in it',
    () => ({ changed: { 's3-endpoint': `https://AKIA:${passwords.wrongStorage}@minio.example.com` } }),
    /s3-endpoint/,
  ],
  [
    'upload',
    () => storeFails({ answer: 403, code: 'SignatureDoesNotMatch' }, 'PutObject'),
    /s3-secret-access-key/,
  ],
  [
    'the storage key',
    () => ({ changed: { 's3-secret-access-key': passwords.wrongStorage } }),
    /s3-secret-access-key/,
  ],
  ['manifest', () => storeFails({ answer: 403, code: 'AccessDenied' }, isManifest), /manifest/],
  ['prune', () => storeFails({ answer: 403, code: 'AccessDenied' }, 'ListObjectsV2'), /list/i],
  [
    'verify, with wrong keys',
    () => ({ command: 'verify', changed: { ...forReading, passphrase: passwords.wrongPassphrase } }),
    /passphrase/,
  ],
  [
    'verify, with a key of another kind',
    () => ({ command: 'verify', changed: { ...forReading, passphrase: undefined, identity } }),
    /identity|passphrase/,
  ],
  [
    'verify, in a scratch server that lets nobody in',
    () => ({ command: 'verify', changed: { ...forReading, 'scratch-url': urlOf(passwords.scratch) } }),
    /scratch/,
  ],
  [
    'restore, to a server that lets nobody in',
    () => ({ command: 'restore', changed: { ...forReading, to: urlOf(passwords.target, 'copy') } }),
    /password/,
  ],
  [
    'restore, to what is no target',
    () => ({ command: 'restore', changed: { ...forReading, to: `mysql://app:${passwords.target}@db/x` } }),
    /`to`/,
  ],
];

describe.each<Face>(['Action', 'CLI'])('no secret leaves the %s', (face) => {
  test('when all goes well, also of the processes of the server', async () => {
    const { exitCode, said, hits } = await watched(face, 'backup', {});
    expect(exitCode, said).toBe(0);
    expect(hits.join('\n')).toBe('');
  });

  test.each(stages)('when it fails: %s', async (_, fault, words) => {
    const { command = 'backup', changed = {} } = (await fault()) ?? {};
    const { exitCode, said, hits } = await watched(face, command, changed);
    rmSync(join(shims(), 'sqlite3'), { force: true });
    expect(hits.join('\n')).toBe('');
    expect(exitCode, said).toBeGreaterThan(0);
    expect(said).toMatch(words);
  });
});
