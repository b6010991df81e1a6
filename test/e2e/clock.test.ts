import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { runAction } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

const shift = fileURLToPath(new URL('../kit/shift-clock.ts', import.meta.url));
const minute = 60_000;
const dir = mkdtempSync(join(tmpdir(), 'holdfast-clock-'));
let s3: S3Server;
let proxy: HttpProxy;
let store: Record<string, string>;
let database: Record<string, string>;

beforeAll(async () => {
  makeAppDatabase(join(dir, 'app.sqlite3'), { megabytes: 1 });
  s3 = await startS3();
  proxy = await startHttpProxy(s3.endpoint);
  database = { database: `sqlite:${dir}/app.sqlite3` };
});
afterAll(async () => {
  await proxy.stop();
  await s3.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  proxy.forget();
  store = {
    store: `s3://${await s3.createBucket()}`,
    's3-endpoint': proxy.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
  };
});

/** Runs it with a clock that is off by so much. */
const runAt = (shiftMs: number, inputs: Record<string, string>) =>
  runAction(inputs, { env: { NODE_OPTIONS: `--import=${shift}`, CLOCK_SHIFT_MS: `${shiftMs}` } });

const wrong = (warnings: string[]): string[] =>
  warnings.filter((text) => text.includes('The clock of this machine'));

test.each([0, 3 * minute, -3 * minute])('a clock that is off by %i ms is right enough', async (shiftMs) => {
  const run = await runAt(shiftMs, { ...store, ...database, 'keep-last': '1' });
  expect(run).toMatchObject({ exitCode: 0, result: { ok: true } });
  expect(wrong(run.result.warnings)).toEqual([]);
});

test.each([
  [10 * minute, '10 minutes ahead of'],
  [-10 * minute, '10 minutes behind'],
])('a clock that is off by %i ms is told, once', async (shiftMs, how) => {
  for (const keep of [{}, { 'keep-last': '1' }]) {
    const run = await runAt(shiftMs, { ...store, ...database, ...keep });
    expect(run).toMatchObject({ exitCode: 0, result: { ok: true } });
    expect(wrong(run.result.warnings)).toEqual([
      `The clock of this machine is ${how} the store's. Set the clock (NTP): ids, retention and signatures of requests go by it.`,
    ]);
  }
  const prune = await runAt(shiftMs, { ...store, command: 'prune', 'keep-last': '1' });
  expect(wrong(prune.result.warnings)).toHaveLength(1);
});

describe.each([
  ['two hours ahead', 120 * minute],
  ['two days behind', -2 * 24 * 60 * minute],
  ['in 1970', -Date.now()],
])('with a clock that is %s', (_, shiftMs) => {
  test('nothing is pruned, and the backup is good', async () => {
    for (const each of [1, 2])
      expect((await runAction({ ...store, ...database })).exitCode, `${each}`).toBe(0);
    proxy.forget();
    const prune = await runAt(shiftMs, { ...store, command: 'prune', 'keep-last': '1', 'keep-min': '1' });
    expect(prune.exitCode, prune.stdout).toBe(1);
    expect(prune.result.error).toMatchObject({
      code: 'prune.clock',
      message: expect.stringMatching(
        /^Nothing is pruned by a wrong clock: The clock of this machine is \d+ minutes /,
      ),
      hint: expect.stringContaining('NTP'),
    });
    expect(proxy.operations().filter((operation) => operation.startsWith('Delete'))).toEqual([]);

    const backup = await runAt(shiftMs, { ...store, ...database, 'keep-last': '1', 'keep-min': '1' });
    expect(backup.exitCode, backup.stdout).toBe(1);
    expect(backup.result.error.message).toMatch(
      /^Backup \S+ is complete, but pruning after it did not finish: Nothing is pruned/,
    );
    expect(backup.result.durationMs).toBeLessThan(10 * minute);
    expect(proxy.operations().filter((operation) => operation.startsWith('Delete'))).toEqual([]);
    const verify = await runAction({
      ...store,
      command: 'verify',
      backup: backup.outputs['backup-id'] as string,
    });
    expect(verify.exitCode, verify.stdout).toBe(0);
  });

  test('a backup without keep rules is good, with a warning', async () => {
    const run = await runAt(shiftMs, { ...store, ...database });
    expect(run.exitCode, run.stdout).toBe(0);
    expect(wrong(run.result.warnings)).toHaveLength(1);
  });
});
