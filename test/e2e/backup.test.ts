import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Container, startContainer } from '../kit/container.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runAction, runCli } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let s3: S3Server;
let sshd: Sshd;
let postgres: Postgres;
let container: Container;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  mkdirSync(join(dir, 'tmp'));
  container = startContainer({ programs: ['sqlite3', 'zstd'] });
  [s3, sshd, postgres] = await Promise.all([
    startS3(),
    startSshd({ config: [`SetEnv PATH=${container.path} TMPDIR=${dir}/tmp`] }),
    startPostgres(),
  ]);
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id');
});
afterAll(async () => {
  await Promise.all([s3.stop(), sshd.stop()]);
  postgres.stop();
  container.stop();
  rmSync(dir, { recursive: true });
});

const storeInputs = (bucket: string): Record<string, string> => ({
  store: `s3://${bucket}/apps`,
  's3-endpoint': s3.endpoint,
  's3-access-key-id': s3.accessKeyId,
  's3-secret-access-key': s3.secretAccessKey,
});
const sshInputs = (): Record<string, string> => ({
  ssh: sshd.target,
  'ssh-key': sshd.privateKey,
  'ssh-known-hosts': sshd.knownHosts,
});

async function keysIn(Bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.admin.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key as string);
}

async function fetchTo(Bucket: string, Key: string, file: string): Promise<string> {
  const { Body } = await s3.admin.send(new GetObjectCommand({ Bucket, Key }));
  const content = await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
  writeFileSync(file, content);
  return createHash('sha256').update(content).digest('hex');
}

test('a SQLite app on a server, while it writes, to S3 by the Action: 20 lines of YAML and it is all there', async () => {
  const bucket = await s3.createBucket();
  const app = join(dir, 'app');
  mkdirSync(app);
  makeAppDatabase(join(app, 'production.sqlite3'), { megabytes: 40 });
  makeAppDatabase(join(app, 'production_cache.sqlite3'));
  const writer = await startWriter(join(app, 'production.sqlite3'), { perSecond: 50 });
  const inputs = {
    ...storeInputs(bucket),
    ...sshInputs(),
    database: `sqlite:${app}/*.sqlite3`,
    exclude: '*_cache.sqlite3',
    'keep-daily': '14',
  };
  const first = await runAction(inputs);
  const second = await runAction(inputs);
  await writer.stop();
  expect([first.exitCode, second.exitCode], first.stdout + second.stdout).toEqual([0, 0]);

  const id = second.outputs['backup-id'] as string;
  expect(await keysIn(bucket)).toEqual(
    [first.outputs['backup-id'], id].flatMap((each) => [
      `apps/shop/${each}/manifest.json`,
      `apps/shop/${each}/production.sqlite3.zst`,
    ]),
  );
  expect(second.outputs).toMatchObject({
    'manifest-key': `shop/${id}/manifest.json`,
    kept: '2',
    pruned: '0',
  });

  // zstd and sqlite3 open it; the hashes are those of the manifest.
  await fetchTo(bucket, `apps/shop/${id}/manifest.json`, join(dir, 'manifest.json'));
  const manifest = JSON.parse(execFileSync('cat', [join(dir, 'manifest.json')], { encoding: 'utf8' }));
  const [database] = manifest.databases;
  const stored = await fetchTo(bucket, `apps/${database.key}`, join(dir, 'copy.zst'));
  expect(stored).toBe(database.storedSha256);
  expect(second.outputs['sha256']).toBe(stored);
  execFileSync('zstd', ['-dqf', join(dir, 'copy.zst'), '-o', join(dir, 'copy.sqlite3')]);
  expect(execFileSync('sha256sum', [join(dir, 'copy.sqlite3')], { encoding: 'utf8' })).toContain(
    database.plainSha256,
  );
  expect(brokenInvariants(join(dir, 'copy.sqlite3'))).toEqual([]);

  // Worth reading: what, where, how big, since the last, how taken, why kept, how to get it back.
  for (const word of [
    id,
    'production',
    'since the last',
    '%',
    '.backup inside a read transaction',
    'daily',
    'aws s3 cp',
    'zstd -dc',
  ]) {
    expect(second.summary).toContain(word);
  }
  expect(second.stdout).toMatch(/::group::Back up sqlite/);
  // Nothing secret anywhere but in the masks.
  const shown = [
    second.stdout.replace(/^::add-mask::.*$/gm, ''),
    second.stderr,
    second.summary,
    JSON.stringify(second.outputs),
    JSON.stringify(manifest),
  ].join('\n');
  for (const secret of [s3.secretAccessKey, sshd.privateKey.split('\n')[2] as string]) {
    expect(shown).not.toContain(secret);
    expect(second.stdout).toContain(`::add-mask::${secret}`);
  }
  expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
});

test('SQLite and PostgreSQL of one app are one backup with one manifest', async () => {
  const bucket = await s3.createBucket();
  makeAppDatabase(join(dir, 'both.sqlite3'));
  const run = await runAction({
    ...storeInputs(bucket),
    database: `sqlite:${dir}/both.sqlite3\n${postgres.url('shop')}`,
    globals: 'true',
    compression: 'gzip',
  });
  expect(run.exitCode, run.stdout).toBe(0);
  const keys = await keysIn(bucket);
  expect(keys.map((key) => key.split('/').at(-1))).toEqual([
    'both.sqlite3.gz',
    'globals.sql.gz',
    'manifest.json',
    'shop.dump.gz',
  ]);
  await fetchTo(bucket, keys[3] as string, join(dir, 'shop.dump.gz'));
  execFileSync('gzip', ['-df', join(dir, 'shop.dump.gz')]);
  postgres.sql('postgres', 'CREATE DATABASE shop_restored');
  execFileSync(join(postgres.bin, 'pg_restore'), [
    '--exit-on-error',
    `--dbname=${postgres.url('shop_restored')}`,
    join(dir, 'shop.dump'),
  ]);
  expect(postgres.sql('shop_restored', 'SELECT count(*) FROM orders').trim()).toBe('5000');
});

test.each([
  ['on this machine', false],
  ['on a server', true],
])('a SQLite file in a container %s', async (_, remote) => {
  rmSync(join(dir, 'inside.sqlite3'), { force: true });
  makeAppDatabase(join(dir, 'inside.sqlite3'), { journal: 'delete' });
  container.copyIn(join(dir, 'inside.sqlite3'), '/data/inside.sqlite3');
  const store = mkdtempSync(join(dir, 'store-'));
  const run = await runAction(
    {
      ...(remote ? sshInputs() : {}),
      container: container.name,
      database: 'sqlite:/data/*.sqlite3',
      store: `file:${store}`,
    },
    { env: { PATH: container.path } },
  );
  expect(run.exitCode, run.stdout).toBe(0);
  const [entry] = run.result.backup.databases;
  execFileSync('zstd', ['-dqf', join(store, entry.key), '-o', join(dir, 'from-container.sqlite3')]);
  expect(brokenInvariants(join(dir, 'from-container.sqlite3'))).toEqual([]);
  expect(container.exec('ls', '/tmp', '/var/tmp')).not.toContain('holdfast');
});

describe('a person at a terminal', () => {
  test('backs up, lists, and gets it back with the commands that were printed', async () => {
    makeAppDatabase(join(dir, 'mine.sqlite3'), { megabytes: 1 });
    const store = mkdtempSync(join(dir, 'store-'));
    const args = ['--store', `file:${store}`, '--name', 'mine'];
    const made = await runCli(['--database', `sqlite:${dir}/mine.sqlite3`, ...args]);
    expect(made.exitCode, made.stderr).toBe(0);
    const work = mkdtempSync(join(dir, 'work-'));
    const commands = made.stdout.slice(made.stdout.indexOf('To get it back')).split('\n').slice(1).join('\n');
    const output = execFileSync('sh', ['-e'], {
      input: commands,
      cwd: work,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(output).toContain('ok');
    expect(brokenInvariants(join(work, 'mine.sqlite3'))).toEqual([]);

    const listed = await runCli(['list', ...args]);
    expect(listed.stdout).toMatch(
      /^ID +AGE +DATABASES +SIZE +VERIFIED\s*\n\d{8}T\d{6}Z-\w{4} +\S+ +mine \S+ kB +\S+ kB +no/,
    );
    const json = JSON.parse((await runCli(['list', '--json', ...args])).stdout);
    expect(json).toMatchObject({
      command: 'list',
      ok: true,
      name: 'mine',
      leftovers: [],
      backups: [{ verified: null, databases: [{ name: 'mine' }] }],
    });
  });

  test('sees what prune would do before it does it', async () => {
    const store = mkdtempSync(join(dir, 'store-'));
    makeAppDatabase(join(dir, 'old.sqlite3'));
    const args = ['--store', `file:${store}`, '--name', 'old'];
    const made = JSON.parse(
      (await runCli(['backup', '--database', `sqlite:${dir}/old.sqlite3`, '--json', ...args])).stdout,
    );
    const manifest = execFileSync('cat', [join(store, made.backup.manifestKey)], { encoding: 'utf8' });
    for (const day of ['01', '02', '03', '04', '05']) {
      const id = `202601${day}T030000Z-0000`;
      mkdirSync(join(store, 'old', id));
      writeFileSync(join(store, 'old', id, 'manifest.json'), manifest.replaceAll(made.backup.id, id));
      writeFileSync(join(store, 'old', id, 'old.sqlite3.zst'), 'x');
    }
    const policy = ['--keep-last', '1', '--keep-min', '2'];
    const dry = await runCli(['prune', ...policy, '--dry-run', ...args]);
    expect(dry.stdout.match(/would remove/g)).toHaveLength(4);
    expect(readdirSync(join(store, 'old'))).toHaveLength(6);
    const real = await runCli(['prune', ...policy, ...args]);
    expect(real.exitCode, real.stderr).toBe(0);
    expect(readdirSync(join(store, 'old'))).toEqual(['20260105T030000Z-0000', made.backup.id]);
  });

  test('hears of a database that its glob no longer finds, and keeps the last copy of it', async () => {
    const [app, store] = [join(dir, 'glob'), join(dir, 'glob-store')];
    mkdirSync(app);
    for (const name of ['production', 'queue'])
      makeAppDatabase(join(app, `${name}.sqlite3`), { megabytes: 1 });
    const settings = [
      '--name',
      'glob',
      '--store',
      `file:${store}`,
      '--keep-last',
      '1',
      '--keep-min',
      '1',
      '--json',
    ];
    const backUp = (...more: string[]) =>
      runCli(['backup', '--database', `sqlite:${app}/*.sqlite3`, ...settings, ...more]);
    expect((await backUp()).exitCode).toBe(0);
    rmSync(join(app, 'queue.sqlite3'));
    const failing = await backUp('--fail-on-shrink');
    expect([failing.exitCode, JSON.parse(failing.stdout).error.code]).toEqual([1, 'backup.shrunk']);
    expect(failing.stderr).toMatch(/nothing was pruned: .*: queue\./);
    expect(readdirSync(join(store, 'glob')).flatMap((id) => readdirSync(join(store, 'glob', id)))).toContain(
      'queue.sqlite3.zst',
    );
  });

  test('gets help, a version, and the nearest name for a typing error', async () => {
    expect((await runCli(['--help'])).stdout).toMatch(/backup[\s\S]*list[\s\S]*prune/);
    expect((await runCli(['backup', '--help'])).stdout).toContain('--keep-daily <number>');
    expect(await runCli(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await runCli(['backup', '--keep-dayly', '1'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--keep-daily'),
    });
    expect(await runCli(['bakcup'])).toMatchObject({ exitCode: 2 });
  });
});
