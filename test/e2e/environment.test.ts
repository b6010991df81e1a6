import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runAction } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let s3: S3Server;
let postgres: Postgres;
let bucket: string;
let inputs: Record<string, string>;
/** A home folder with every file that could change what programs do. */
const home = () => join(dir, 'home');
/** Written by whatever is run that must not be. */
const trace = () => join(dir, 'pwned');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-env-'));
  chmodSync(dir, 0o755);
  [s3, postgres] = await Promise.all([startS3(), startPostgres()]);
  bucket = await s3.createBucket();
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT 1 AS id');
  makeAppDatabase(join(dir, 'app.sqlite3'));
  for (const folder of ['.aws', '.gnupg', '.postgresql'])
    mkdirSync(join(home(), folder), { recursive: true, mode: 0o700 });
  const files = {
    '.sqliterc': `.print from sqliterc\n.shell touch ${trace()}\n`,
    '.psqlrc': `\\! touch ${trace()}\n`,
    '.pgpass': '*:*:*:*:wrong\n',
    '.pg_service.conf': '[elsewhere]\nhost=192.0.2.1\n',
    '.aws/config': `[default]\nregion = xx-nowhere-1\nendpoint_url = http://192.0.2.1\ncredential_process = touch ${trace()}\n`,
    '.gnupg/gpg.conf': 'no-such-option\n',
    '.npmrc': `node-options=--require=${dir}/evil.cjs\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home(), name), text, { mode: 0o600 });
  writeFileSync(
    join(dir, 'evil.cjs'),
    `require('node:fs').writeFileSync(${JSON.stringify(trace())}, 'node')\n`,
  );
  inputs = {
    store: `s3://${bucket}`,
    's3-endpoint': s3.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
    database: `sqlite:${dir}/app.sqlite3\n${postgres.url('shop')}`,
    passphrase: 'correct horse battery',
    'install-client': 'false',
  };
});
afterAll(async () => {
  await s3.stop();
  postgres.stop();
  rmSync(dir, { recursive: true });
});

/** Variables that lead programs elsewhere, as whom else, or run something. */
const poison = (): Record<string, string> => ({
  HOME: home(),
  PGOPTIONS: '-c search_path=nowhere -c default_transaction_read_only=off -c nonsense=1',
  PGSERVICE: 'elsewhere',
  PGHOST: '192.0.2.1',
  PGHOSTADDR: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'wrong',
  PGDATABASE: 'elsewhere',
  PGSSLMODE: 'verify-full',
  AWS_ENDPOINT_URL: 'https://192.0.2.1',
  AWS_ENDPOINT_URL_S3: 'https://192.0.2.1',
  AWS_PROFILE: 'nobody',
  AWS_ACCESS_KEY_ID: 'AKIAWRONG',
  AWS_SECRET_ACCESS_KEY: 'wrong',
  AWS_SESSION_TOKEN: 'wrong',
  HTTP_PROXY: 'http://192.0.2.1:1',
  HTTPS_PROXY: 'http://192.0.2.1:1',
  http_proxy: 'http://192.0.2.1:1',
  ALL_PROXY: 'http://192.0.2.1:1',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  GNUPGHOME: join(home(), '.gnupg'),
  PYTHONSTARTUP: '/nonexistent',
  BASH_ENV: join(dir, 'bash-env'),
  ENV: join(dir, 'bash-env'),
});

async function backsUp(env: Record<string, string>): Promise<void> {
  const run = await runAction(inputs, { env });
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(run.result.backup.databases).toHaveLength(2);
  expect(run.stdout).not.toContain('from sqliterc');
  expect(existsSync(trace()) ? readFileSync(trace(), 'utf8') : null, 'something was run').toBeNull();
}

test('variables and files of a home folder lead no program elsewhere, and run nothing', async () => {
  writeFileSync(join(dir, 'bash-env'), `touch ${trace()}\n`);
  await backsUp(poison());
});

test('a workspace with programs and packages of its own is never looked into', async () => {
  const workspace = join(dir, 'workspace');
  const evil = `#!/bin/sh\necho "$0" >>${trace()}\n`;
  mkdirSync(join(workspace, 'node_modules/supports-color'), { recursive: true });
  for (const name of [
    'sqlite3',
    'gpg',
    'sh',
    'env',
    'psql',
    'pg_dump',
    'zstd',
    'docker',
    'python3',
    'apt-cache',
  ])
    writeFileSync(join(workspace, name), evil, { mode: 0o755 });
  writeFileSync(join(workspace, '.npmrc'), `node-options=--require=${dir}/evil.cjs\n`);
  writeFileSync(join(workspace, 'package.json'), '{"type":"commonjs","main":"x"}');
  for (const name of ['supports-color', 'cpu-features', '@aws-sdk/client-s3', 'ssh2', 'zod']) {
    mkdirSync(join(workspace, 'node_modules', name), { recursive: true });
    writeFileSync(
      join(workspace, 'node_modules', name, 'index.js'),
      `require(${JSON.stringify(`${dir}/evil.cjs`)})\n`,
    );
  }
  // Relative and empty folders of PATH mean the current one.
  const PATH = `.::node_modules/.bin:${process.env['PATH']}:`;
  const run = await runAction(inputs, { env: { PATH }, cwd: workspace });
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(existsSync(trace()) ? readFileSync(trace(), 'utf8') : null).toBeNull();
});

test('what the loader of this process is told does not reach the programs it starts', async () => {
  const shims = join(dir, 'shims');
  mkdirSync(shims);
  const seen = join(dir, 'seen');
  for (const name of ['sqlite3', 'gpg']) {
    const shim = `#!/bin/sh\n/usr/bin/env >>${seen}\nexec /usr/bin/${name} "$@"\n`;
    writeFileSync(join(shims, name), shim, { mode: 0o755 });
  }
  const LD_PRELOAD = join(dir, 'no-such-library.so');
  const NODE_OPTIONS = '--no-deprecation';
  await backsUp({ LD_PRELOAD, NODE_OPTIONS, LD_LIBRARY_PATH: dir, PATH: `${shims}:${process.env['PATH']}` });
  const names = readFileSync(seen, 'utf8')
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names).toContain('HOME');
  for (const name of names) expect(name).not.toMatch(/^(?:LD_|NODE_|AWS_|PG|INPUT_|GITHUB_|ACTIONS_)/);
});

test.each([
  ['AWS_ENDPOINT_URL', 'http://storage.example.com', 's3-endpoint'],
  ['AWS_ENDPOINT_URL_S3', 'ftp://storage.example.com', 's3-endpoint'],
])('%s is checked like the option', async (name, url, input) => {
  const { 's3-endpoint': _, ...others } = inputs;
  const run = await runAction(others, { env: { [name]: url } });
  expect(run.exitCode).toBe(2);
  expect(run.result.error.problems).toContainEqual(expect.objectContaining({ input }));
});
