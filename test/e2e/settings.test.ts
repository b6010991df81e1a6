import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { runAction } from '../kit/run-action.ts';
import { makeKey } from '../kit/sshd.ts';

const bench = new FaultBench();
beforeAll(async () => {
  await bench.open();
  bench.storeProxy.forget();
});
afterAll(() => bench.close());

describe('wrong settings do nothing at all, and name the input and the remedy:', () => {
  test.each<[string, () => Promise<Record<string, string>>, number, string]>([
    [
      'a path where nothing is',
      async () => ({ database: `sqlite:${bench.dir}/nothing.sqlite3` }),
      1,
      'database',
    ],
    ['an empty file', async () => ({ database: `sqlite:${touch('empty.sqlite3', '')}` }), 1, 'database'],
    [
      'no database',
      async () => ({ database: `sqlite:${touch('text.sqlite3', 'just a text, but a long one')}` }),
      1,
      'database',
    ],
    [
      'an unknown host',
      async () => ({
        'ssh-known-hosts':
          'other.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGd0aGlzIGlzIG5vdCBhIHJlYWwga2V5ISEhISEhISEh',
      }),
      1,
      'ssh-known-hosts',
    ],
    [
      'a wrong key',
      async () => ({
        'ssh-key': readFileSync(makeKey(mkdtempSync(join(bench.dir, 'key-')), 'other'), 'utf8'),
      }),
      1,
      'ssh-key',
    ],
    ['an unknown bucket', async () => ({ store: 's3://nosuchbucket' }), 1, 'store'],
    [
      'a wrong storage key',
      async () => ({ 's3-secret-access-key': 'not-the-secret' }),
      1,
      's3-secret-access-key',
    ],
    ['a bad keep rule', async () => ({ 'keep-daily': '7x' }), 2, 'keep-daily'],
    ['a misspelt input', async () => ({ 'keep-dayly': '7' }), 2, 'keep-dayly'],
  ])('%s', async (_, change, exitCode, input) => {
    const run = await runAction({ ...bench.inputs, ...(await change()) });
    // No object of a backup reached the store.
    expect(bench.storeProxy.operations().filter((operation) => /Put|Upload/.test(operation))).toEqual([]);
    await bench.judge(run, { outcome: 'failed', exitCodes: [exitCode], error: { input } });
    expect(run.result.error).toMatchObject({ input, hint: expect.stringMatching(/\S/) });
  });
});

function touch(name: string, content: string): string {
  writeFileSync(join(bench.dir, name), content);
  return join(bench.dir, name);
}
