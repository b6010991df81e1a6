import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runAction, runCli } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let s3: S3Server;
let postgres: Postgres;
let bucket: string;
let tools: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-recovery-'));
  [s3, postgres] = await Promise.all([startS3(), startPostgres()]);
  bucket = await s3.createBucket();
  makeAppDatabase(join(dir, 'app.sqlite3'), { megabytes: 2 });
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders (id int PRIMARY KEY, note text)');
  postgres.sql('shop', "INSERT INTO orders SELECT i, 'order ' || i FROM generate_series(1, 5000) i");
  tools = join(dir, 'tools');
  mkdirSync(tools);
  // Published tools only: no node, nothing of ours.
  for (const tool of ['sh', 'cat', 'sha256sum', 'zstd', 'gzip', 'sqlite3', 'curl', 'age', 'gpg']) {
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(tools, tool));
  }
  symlinkSync('/usr/bin/aws', join(tools, 'aws'));
  symlinkSync(join(postgres.bin, 'pg_restore'), join(tools, 'pg_restore'));
});
afterAll(async () => {
  await s3.stop();
  postgres.stop();
  rmSync(dir, { recursive: true });
});

const kinds = {
  sqlite: { source: () => `sqlite:${dir}/app.sqlite3`, file: 'app.sqlite3' },
  postgres: { source: () => postgres.url('shop'), file: 'shop.dump' },
} as const;

/** What a person at a shell has: the bucket's key in the environment, and an empty folder. */
function shell(folder: string, command: string, env: Record<string, string> = {}): string {
  const key = { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey };
  const surroundings = { PATH: tools, HOME: folder, AWS_DEFAULT_REGION: 'us-east-1', ...key, ...env };
  const done = spawnSync(join(tools, 'sh'), ['-ec', command], {
    cwd: folder,
    env: surroundings,
    encoding: 'utf8',
  });
  expect(done.status, `${command}: ${done.stderr}`).toBe(0);
  return done.stdout;
}

function contentOf(kind: keyof typeof kinds, where: string): string {
  if (kind === 'sqlite') return sqliteContent(where);
  return postgres.sql(where, 'SELECT * FROM orders ORDER BY id');
}

let count = 0;
/** Runs the commands of a manifest, and compares what they bring back. */
function recover(
  kind: keyof typeof kinds,
  commands: readonly string[],
  prepare: (folder: string) => void = () => {},
): void {
  count += 1;
  const folder = join(dir, `recovered-${count}`);
  mkdirSync(folder);
  prepare(folder);
  const database = `recovered_${count}`;
  if (kind === 'postgres') postgres.sql('postgres', `CREATE DATABASE ${database}`);
  for (const command of commands) shell(folder, command, { TARGET_URL: postgres.url(database) });
  expect(readdirSync(folder)).toContain(kinds[kind].file);
  const where = kind === 'sqlite' ? join(folder, kinds[kind].file) : database;
  expect(contentOf(kind, where)).toBe(contentOf(kind, kind === 'sqlite' ? join(dir, 'app.sqlite3') : 'shop'));
}

describe('without Holdfast, the commands of the manifest bring the database back', () => {
  const cases = (['sqlite', 'postgres'] as const).flatMap((kind) =>
    ['zstd', 'gzip', 'none'].map((codec) => [kind, codec] as const),
  );

  test.each(cases)('%s, %s, from S3', async (kind, compression) => {
    const inputs = {
      ...{ store: `s3://${bucket}/apps`, name: `${kind}-${compression}`, 's3-endpoint': s3.endpoint },
      ...{ 's3-access-key-id': s3.accessKeyId, 's3-secret-access-key': s3.secretAccessKey },
      ...{ database: kinds[kind].source(), compression },
    };
    const made = await runAction(inputs);
    expect(made.exitCode, made.stdout).toBe(0);
    const address = `s3://${bucket}/apps/${made.outputs['manifest-key']}`;
    const stored = shell(dir, `aws s3 cp --endpoint-url ${s3.endpoint} ${address} -`);
    const { recovery } = JSON.parse(stored).databases[0] as { recovery: string[] };
    for (const command of recovery) expect(made.summary).toContain(command);
    recover(kind, recovery);
  });

  test.each(cases)('%s, %s, from a folder', async (kind, compression) => {
    const options = ['--store', `file:${dir}/store`, '--name', `${kind}-${compression}`, '--json'];
    const made = await runCli([
      ...['backup', '--database', kinds[kind].source(), '--compression', compression],
      ...options,
    ]);
    expect(made.exitCode, made.stderr).toBe(0);
    recover(kind, JSON.parse(made.stdout).backup.databases[0].recovery);
  });

  test.each(['sqlite', 'postgres'] as const)('%s, encrypted with age, by the key in a file', async (kind) => {
    const identity = await generateX25519Identity();
    const to = ['--encrypt-to', await identityToRecipient(identity)];
    const options = ['--store', `file:${dir}/store`, '--name', `${kind}-age`, '--json'];
    const made = await runCli(['backup', '--database', kinds[kind].source(), ...to, ...options]);
    expect(made.exitCode, made.stderr).toBe(0);
    const { recovery } = JSON.parse(made.stdout).backup.databases[0];
    recover(kind, recovery, (folder) => writeFileSync(join(folder, 'key.txt'), `${identity}\n`));
  });

  test.each(['sqlite', 'postgres'] as const)(
    '%s, encrypted with OpenPGP, by the passphrase',
    async (kind) => {
      const options = [
        '--store',
        `file:${dir}/store`,
        '--name',
        `${kind}-gpg`,
        '--json',
        '--passphrase',
        'correct horse',
      ];
      const made = await runCli(['backup', '--database', kinds[kind].source(), ...options]);
      expect(made.exitCode, made.stderr).toBe(0);
      recover(kind, JSON.parse(made.stdout).backup.databases[0].recovery, (folder) => {
        // In place of a person who types it.
        mkdirSync(join(folder, '.gnupg'), { mode: 0o700 });
        writeFileSync(join(folder, '.gnupg/passphrase'), 'correct horse\n');
        const settings = ['batch', 'pinentry-mode loopback', `passphrase-file ${folder}/.gnupg/passphrase`];
        writeFileSync(join(folder, '.gnupg/gpg.conf'), `${settings.join('\n')}\n`);
      });
    },
  );

  test('by a link, on a machine that has curl alone', async () => {
    const options = [
      '--store',
      `s3://${bucket}/link`,
      '--name',
      'app',
      '--s3-endpoint',
      s3.endpoint,
      '--json',
    ];
    const env = {
      HOLDFAST_S3_ACCESS_KEY_ID: s3.accessKeyId,
      HOLDFAST_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    };
    const made = await runCli(['backup', '--database', kinds.sqlite.source(), ...options], { env });
    expect(made.exitCode, made.stderr).toBe(0);
    const [{ key, recovery }] = JSON.parse(made.stdout).backup.databases as [
      { key: string; recovery: string[] },
    ];
    const presign = `aws s3 presign --endpoint-url ${s3.endpoint} s3://${bucket}/link/${key} --expires-in 600`;
    const link = shell(dir, presign).trim();
    recover('sqlite', [`curl -fsS -o app.sqlite3.zst '${link}'`, ...recovery.slice(1)]);
  });
});
