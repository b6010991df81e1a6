import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type ActionRun, type Ended, runAction, runCli } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let dir: string;
let s3: S3Server;
let sshd: Sshd;
let postgres: Postgres;
let bucket: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  mkdirSync(join(dir, 'tmp'));
  [s3, sshd, postgres] = await Promise.all([
    startS3(),
    startSshd({ config: [`SetEnv PATH=/usr/bin:/bin TMPDIR=${dir}/tmp`] }),
    startPostgres(),
  ]);
  bucket = await s3.createBucket();
});
afterAll(async () => {
  await Promise.all([s3.stop(), sshd.stop()]);
  postgres.stop();
  rmSync(dir, { recursive: true });
});

const storeInputs = (name: string): Record<string, string> => ({
  ...{ store: `s3://${bucket}/apps`, name, 's3-endpoint': s3.endpoint },
  ...{ 's3-access-key-id': s3.accessKeyId, 's3-secret-access-key': s3.secretAccessKey },
});
const sshInputs = (): Record<string, string> => ({
  ...{ ssh: sshd.target, 'ssh-key': sshd.privateKey, 'ssh-known-hosts': sshd.knownHosts },
});
const ok = <T extends Ended>(run: T): T => {
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  return run;
};
const action = async (command: string, inputs: Record<string, string>): Promise<ActionRun> =>
  runAction({ command, ...inputs });
const sqlite = (path: string, sql: string): string =>
  execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();

describe('the worst day of a SQLite app on a server', () => {
  test('its table was dropped; a dry run shows, the typed name confirms, and everything is back', async () => {
    const app = join(dir, 'app');
    mkdirSync(app);
    const path = join(app, 'production.sqlite3');
    makeAppDatabase(path, { megabytes: 5 });
    execFileSync('chmod', ['640', path]);
    execFileSync('chown', ['nobody', path]);
    const before = sqliteContent(path);
    const inputs = { ...storeInputs('shop'), ...sshInputs() };
    const made = ok(await action('backup', { ...inputs, database: `sqlite:${path}` }));
    sqlite(path, 'DROP TABLE accounts');
    const broken = sqliteContent(path);

    const to = {
      to: `sqlite:${path}`,
      stop: `echo stop >> ${dir}/hooks`,
      start: `echo start >> ${dir}/hooks`,
    };
    const shown = ok(await action('restore', { ...inputs, ...to, 'dry-run': 'true' }));
    expect(shown.stdout).toContain('confirm with the name: production.sqlite3');
    expect(shown.result).toMatchObject({ command: 'restore', ok: true, dryRun: true, safetyBackup: null });
    const refused = await action('restore', { ...inputs, ...to });
    expect(refused).toMatchObject({ exitCode: 2, result: { ok: false, error: { input: 'confirm' } } });
    expect(sqliteContent(path)).toBe(broken);

    const confirmed = { ...inputs, ...to, confirm: 'production.sqlite3' };
    const restored = ok(await action('restore', confirmed));
    expect(sqliteContent(path)).toBe(before);
    expect(readFileSync(join(dir, 'hooks'), 'utf8')).toBe('stop\nstart\n');
    const { mode, uid } = statSync(path);
    expect([(mode & 0o777).toString(8), uid]).toEqual(['640', Number(execFileSync('id', ['-u', 'nobody']))]);

    const { backup, target, safetyBackup, previous, goBack } = restored.result;
    expect(backup).toBe(made.outputs['backup-id']);
    expect(target).toContain(path);
    expect(previous).toBe(`${path}.before-${safetyBackup}`);
    expect(sqliteContent(previous)).toBe(broken);
    expect(restored.outputs).toMatchObject({ 'safety-backup': safetyBackup, previous });
    for (const text of [safetyBackup, previous, ...goBack]) expect(restored.summary).toContain(text);
    const { backups } = ok(await action('list', storeInputs('shop'))).result;
    expect(backups.map(({ id }: { id: string }) => id)).toEqual([safetyBackup, backup]);

    // It was not what they wanted: the printed commands put the old one back.
    execFileSync('sh', ['-ec', goBack.join('\n')]);
    expect(sqliteContent(path)).toBe(broken);
    expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
    expect(readdirSync(app).filter((file) => file.startsWith('holdfast.'))).toEqual([]);
  });

  test('the app is still running: refused, and nothing is touched', async () => {
    const path = join(dir, 'busy.sqlite3');
    makeAppDatabase(path);
    ok(await action('backup', { ...storeInputs('busy'), database: `sqlite:${path}` }));
    const holder = spawn('sqlite3', [path], { stdio: ['pipe', 'pipe', 'inherit'] });
    holder.stdin.write('SELECT count(*) FROM accounts;\n');
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const files = readdirSync(dir);
    const inputs = { ...storeInputs('busy'), to: `sqlite:${path}`, confirm: 'busy.sqlite3' };
    const refused = await action('restore', inputs);
    expect(refused).toMatchObject({
      exitCode: 1,
      result: { error: { code: 'restore.in-use', input: 'force' } },
    });
    expect(refused.errors.join()).toMatch(/sqlite3/);
    expect(readdirSync(dir)).toEqual(files);
    const stopped = await action('restore', { ...inputs, stop: `kill ${holder.pid}; sleep 0.3` });
    ok(stopped);
    expect(holder.exitCode ?? holder.signalCode).not.toBeNull();
  });

  test('the server is gone: to a new place, where nothing is', async () => {
    const path = join(dir, 'lost.sqlite3');
    makeAppDatabase(path, { megabytes: 1 });
    const before = sqliteContent(path);
    ok(await action('backup', { ...storeInputs('lost'), database: `sqlite:${path}` }));
    rmSync(path);
    const { result } = ok(await action('restore', { ...storeInputs('lost'), to: `sqlite:${path}` }));
    expect(result).toMatchObject({ safetyBackup: null, previous: null, goBack: [] });
    expect(sqliteContent(path)).toBe(before);
  });

  test('the file itself is damaged: it can not be backed up, but it is kept, by force', async () => {
    const path = join(dir, 'damaged.sqlite3');
    makeAppDatabase(path, { megabytes: 1 });
    const before = sqliteContent(path);
    ok(await action('backup', { ...storeInputs('damaged'), database: `sqlite:${path}` }));
    const bytes = readFileSync(path);
    bytes.fill(0x55, 4096, 16_384);
    writeFileSync(path, bytes);
    const inputs = { ...storeInputs('damaged'), to: `sqlite:${path}`, confirm: 'damaged.sqlite3' };
    const refused = await action('restore', inputs);
    expect(refused.result.error).toMatchObject({ code: 'restore.safety', input: 'force' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const { result } = ok(await action('restore', { ...inputs, force: 'true' }));
    expect(sqliteContent(path)).toBe(before);
    expect(readFileSync(result.previous).equals(bytes)).toBe(true);
  });
});

describe('the worst day of a PostgreSQL app', () => {
  test('rows were deleted: both databases are there afterwards, and the old one can be put back', async () => {
    postgres.sql('postgres', 'CREATE DATABASE shop');
    postgres.sql('shop', 'CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id');
    const inputs = { ...storeInputs('pg'), to: postgres.url('shop'), confirm: 'shop' };
    ok(await action('backup', { ...storeInputs('pg'), database: postgres.url('shop') }));
    postgres.sql('shop', 'DELETE FROM orders WHERE id > 10');
    const { result, stdout } = ok(await action('restore', inputs));
    expect(stdout).toContain(result.safetyBackup);
    expect(postgres.sql('shop', 'SELECT count(*) FROM orders').trim()).toBe('5000');
    expect(result.previous).toBe(`shop_before_${result.safetyBackup}`);
    expect(postgres.sql(result.previous, 'SELECT count(*) FROM orders').trim()).toBe('10');
    postgres.sql('postgres', result.goBack.join('\n'));
    expect(postgres.sql('shop', 'SELECT count(*) FROM orders').trim()).toBe('10');
  });
});

describe('the files alone', () => {
  test('of several databases, or of one, and nothing is overwritten', async () => {
    for (const name of ['one', 'two']) makeAppDatabase(join(dir, `${name}.sqlite3`), { megabytes: 1 });
    const options = ['--store', `file:${dir}/store`, '--name', 'files', '--json'];
    const lines = `sqlite:${dir}/one.sqlite3\nsqlite:${dir}/two.sqlite3`;
    ok(await runCli(['backup', '--database', lines, ...options]));
    const fetched = ok(await runCli(['restore', '--to', `file:${dir}/all`, ...options]));
    expect(JSON.parse(fetched.stdout).files).toEqual([`${dir}/all/one.sqlite3`, `${dir}/all/two.sqlite3`]);
    expect(readdirSync(join(dir, 'all'))).toEqual(['one.sqlite3', 'two.sqlite3']);
    for (const name of ['one', 'two']) {
      expect(sqliteContent(`${dir}/all/${name}.sqlite3`)).toBe(sqliteContent(`${dir}/${name}.sqlite3`));
    }
    ok(await runCli(['restore', '--to', `file:${dir}/some`, '--only', 'two', ...options]));
    expect(readdirSync(join(dir, 'some'))).toEqual(['two.sqlite3']);
    const again = await runCli(['restore', '--to', `file:${dir}/all`, ...options]);
    expect([again.exitCode, JSON.parse(again.stdout).error.code]).toEqual([1, 'restore.exists']);
  });
});
