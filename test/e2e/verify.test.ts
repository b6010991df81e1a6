import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type ActionRun, runAction, runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let postgres: Postgres;
let store: Record<string, string>;
let id: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-verify-'));
  mkdirSync(join(dir, 'tmp'));
  postgres = await startPostgres();
  makeAppDatabase(join(dir, 'app.sqlite3'), { megabytes: 2 });
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id');
  store = { store: `file:${dir}/store`, name: 'app' };
  const database = `sqlite:${dir}/app.sqlite3\n${postgres.url('shop')}`;
  const made = await runAction({ ...store, database, globals: 'true' });
  expect(made.exitCode, made.stdout).toBe(0);
  id = made.outputs['backup-id'] as string;
});
afterAll(() => {
  postgres.stop();
  rmSync(dir, { recursive: true });
});

const verify = (inputs: Record<string, string> = {}, env: Record<string, string> = {}): Promise<ActionRun> =>
  runAction({ command: 'verify', ...store, ...inputs }, { env: { TMPDIR: join(dir, 'tmp'), ...env } });

/** Both kinds, and the roles. */
const three = ['app', 'shop', 'globals'];

describe('verify', () => {
  test.each(['stat', 'hash', 'restore'])(
    'at the level %s says so everywhere, and list shows it',
    async (level) => {
      const run = await verify({ level });
      expect(run.exitCode, run.stdout).toBe(0);
      expect(run.result).toMatchObject({ command: 'verify', ok: true, backup: id, level, verdict: 'ok' });
      expect(run.result.databases.map(({ name }: { name: string }) => name)).toEqual(three);
      expect(run.outputs).toMatchObject({ verdict: 'ok', 'backup-id': id });
      for (const shown of [run.stdout, run.summary]) expect(shown).toContain(level);
      const list = JSON.parse(
        (await runCli(['list', '--json', '--store', store['store'] as string, '--name', 'app'])).stdout,
      );
      expect(list.backups[0].verified.level).toBe(level);
      expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
    },
  );

  test('in a PostgreSQL server that is given, which is as before afterwards', async () => {
    const databases = () => postgres.sql('postgres', 'SELECT datname FROM pg_database ORDER BY 1');
    const before = databases();
    const run = await verify({ 'scratch-url': postgres.url('postgres') });
    expect(run.exitCode, run.stdout).toBe(0);
    expect(databases()).toBe(before);
  });

  test('asks what the user wants to be true, of either kind', async () => {
    const good = 'app.sqlite3: SELECT count(*) = 100 FROM accounts\nshop: SELECT count(*) > 4000 FROM orders';
    expect((await verify({ assert: good })).result.verdict).toBe('ok');
    for (const bad of [
      'app: SELECT count(*) > 100 FROM accounts',
      'shop.dump: SELECT true FROM orders WHERE id = 0',
    ]) {
      const run = await verify({ assert: `${good}\n${bad}` });
      expect(run.exitCode, bad).toBe(3);
      const error = { code: 'verify.assertion', input: 'assert' };
      expect(run.result).toMatchObject({ ok: false, verdict: 'damaged', error });
      expect(run.result.error.message).toMatch(/does not hold what `assert` demands.* It is intact, but/);
      for (const shown of [run.stdout, run.summary]) {
        expect(shown).toContain('not as asserted');
        expect(shown).not.toMatch(/damaged data|is damaged|DAMAGED|❌ damaged/);
      }
    }
  });

  test.each(['app: SELECT count(*) > 0 FROM acounts', 'shop: SELEC true'])(
    'that asks what is no query says nothing about the backup, and leaves its proofs: %s',
    async (wrong) => {
      await verify();
      const proofs = () =>
        readdirSync(join(dir, 'store', 'app', id)).filter((file) => file.startsWith('verified-'));
      const before = proofs();
      const run = await verify({ assert: wrong });
      expect([run.exitCode, run.result.verdict, run.result.error.input]).toEqual([1, 'unknown', 'assert']);
      expect(run.result.error.message).toContain('could not be asked');
      expect(proofs()).toEqual(before);
    },
  );

  test('that can not be tried is a third state: not ok, not damaged, exit code 1', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const program of [
      'sh',
      'cat',
      'dd',
      'mktemp',
      'rm',
      'sleep',
      'setsid',
      'head',
      'df',
      'awk',
      'find',
    ]) {
      symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(bin, program));
    }
    const run = await verify({}, { PATH: bin });
    expect([run.exitCode, run.result.verdict], run.stdout).toEqual([1, 'unknown']);
    expect(run.result.error.message).toMatch(/could not be verified.*sqlite3/);
    expect(run.summary).toContain('could not be verified');
  });

  test('of nothing is a failure', async () => {
    const run = await verify({ name: 'nothing' });
    expect([run.exitCode, run.result.error.code]).toEqual([1, 'backup.none']);
  });
});

describe('a backup that verifies itself', () => {
  const keep = { 'keep-last': '1', 'keep-min': '1' };

  test('writes the proof in the same run', async () => {
    const inputs = {
      ...store,
      name: 'self',
      database: `sqlite:${dir}/app.sqlite3`,
      verify: 'restore',
      ...keep,
    };
    const run = await runAction(inputs);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.outputs['verdict']).toBe('ok');
    expect(run.result.verified).toMatchObject({ level: 'restore', verdict: 'ok' });
    const files = readdirSync(join(dir, 'store', 'self', run.outputs['backup-id'] as string));
    expect(files.filter((file) => /^verified-restore-\d{8}T\d{6}Z\.json$/.test(file))).toHaveLength(1);
  });

  test('fails, and prunes nothing, when the assertion does not hold; the backup is there', async () => {
    const inputs = { ...store, name: 'self', database: `sqlite:${dir}/app.sqlite3`, verify: 'true', ...keep };
    const run = await runAction({ ...inputs, assert: 'app: SELECT 0' });
    expect([run.exitCode, run.result.ok]).toEqual([3, false]);
    expect(run.result.error.message).toMatch(/is complete, but the verify after it failed/);
    expect(run.outputs).toMatchObject({ verdict: 'damaged', pruned: '0' });
    expect(readdirSync(join(dir, 'store', 'self'))).toContain(run.outputs['backup-id']);
  });
});

test('a backup whose assertion names no database of it is not begun', async () => {
  const inputs = { ...store, name: 'typo', database: `sqlite:${dir}/app.sqlite3`, verify: 'true' };
  const run = await runAction({ ...inputs, assert: 'ap: SELECT 1' });
  expect([run.exitCode, run.result.error.input, run.result.error.hint]).toEqual([
    2,
    'assert',
    'Name one of app.',
  ]);
  expect(readdirSync(join(dir, 'store'))).not.toContain('typo');
});

describe('check', () => {
  const check = (inputs: Record<string, string>) => runAction({ command: 'check', ...store, ...inputs });

  test('a backup of today is fresh; one is stale after its limit, with exit code 4', async () => {
    await verify();
    const fresh = await check({ 'max-verified-age': '8d' });
    expect(fresh.exitCode, fresh.stdout).toBe(0);
    expect(fresh.result).toMatchObject({ newest: { id }, stale: false });
    expect(fresh.outputs).toMatchObject({ stale: 'false' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const stale = await check({ 'max-age': '1s' });
    expect([stale.exitCode, stale.result.ok, stale.result.stale]).toEqual([4, false, true]);
    expect(stale.errors.join()).toContain('must be younger than 1s');
    expect(stale.outputs).toMatchObject({ stale: 'true' });
  });

  test('no backup at all is stale', async () => {
    const none = await check({ name: 'nothing' });
    expect([none.exitCode, none.result.newest]).toEqual([4, null]);
  });
});

test('one bad bit in the store is damage: exit code 3, in every output', async () => {
  const file = join(dir, 'store', 'app', id, 'app.sqlite3.zst');
  const whole = readFileSync(file);
  const bytes = Buffer.from(whole);
  bytes[1000] = (bytes[1000] as number) ^ 4;
  writeFileSync(file, bytes);
  const run = await verify();
  writeFileSync(file, whole);
  expect([run.exitCode, run.outputs['verdict']]).toEqual([3, 'damaged']);
  expect(run.result.databases).toMatchObject([{ verdict: 'damaged' }, { verdict: 'ok' }, { verdict: 'ok' }]);
  expect(run.errors.join()).toMatch(/app\.sqlite3\.zst is damaged/);
  expect(run.summary).toContain('❌ damaged');
});
