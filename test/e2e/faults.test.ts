import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import type { RunOptions } from '../kit/run-action.ts';

const bench = new FaultBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

describe('on the server', () => {
  test.each<[string, string, string, string]>([
    [
      'the snapshot tool fails',
      'sqlite3',
      'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; echo "Error: disk I/O error" >&2; exit 1',
      'disk I/O error',
    ],
    [
      'the tool is killed',
      'sqlite3',
      'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; kill -9 $$',
      'Killed|killed by signal 9',
    ],
    [
      'the tool says nothing and ends well',
      'sqlite3',
      'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; cat >/dev/null; exit 0',
      'failed',
    ],
    ['sending ends with 1 after all bytes', 'cat', '/bin/cat "$@"; exit 1', 'exit code 1'],
    ['sending ends early and well', 'cat', 'head -c 1000000 "$1"', 'not what'],
    ['a byte more is sent', 'cat', '/bin/cat "$@"; printf x', 'not what'],
    ['sending sends nothing', 'cat', 'exit 0', 'not what'],
    [
      'the disk of the copy is full',
      'sqlite3',
      'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; echo "Error: database or disk is full" >&2; exit 1',
      'disk',
    ],
  ])('%s', async (_, program, script, said) => {
    await bench.withShim(program, script, async () => {
      const run = await bench.backup();
      await bench.judge(run, { outcome: 'failed', exitCodes: [1, 3] });
      expect(run.result.error.message).toMatch(new RegExp(said));
    });
  });

  test('the source is damaged: exit 3', async () => {
    const damaged = join(bench.dir, 'damaged.sqlite3');
    writeFileSync(
      damaged,
      Buffer.concat([
        readFileSync(bench.path).subarray(0, 4096 * 20),
        Buffer.alloc(4096 * 20, 7),
        readFileSync(bench.path).subarray(4096 * 40),
      ]),
    );
    const run = await bench.backup({ database: `sqlite:${damaged}` });
    await bench.judge(run, { outcome: 'damaged' });
    expect(run.errors[0]).toContain('damaged');
  });
});

describe('between the server and here', () => {
  test.each([0, 1, 50_000, 5_000_000, 30_000_000])(
    'the connection is cut after %i bytes more',
    async (bytes) => {
      const run = await bench.backup(
        {},
        {
          during: async (child) => {
            await said(child, /Snapshot taken/);
            bench.sshProxy.cutAfter(bytes);
          },
        },
      );
      bench.sshProxy.cutAfter(Number.POSITIVE_INFINITY);
      await bench.judge(run, { outcome: 'failed' });
      expect(run.result.error.code).toBe('ssh.lost');
    },
  );
});

describe('at the store', () => {
  test.each(['PutObject', 'UploadPart', 'CompleteMultipartUpload', 'CreateMultipartUpload'])(
    '%s fails for ever',
    async (operation) => {
      bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, operation);
      const run = await bench.backup();
      bench.storeProxy.forget();
      await bench.judge(run, { outcome: 'failed' });
      expect(run.result.error).toMatchObject({
        code: 'store.denied',
        input: 's3-access-key-id',
        hint: expect.stringContaining('s3:PutObject'),
      });
    },
  );

  test('it answers 500 for ever', async () => {
    bench.storeProxy.inject({ answer: 500, code: 'InternalError' }, 'UploadPart');
    const run = await bench.backup();
    bench.storeProxy.forget();
    await bench.judge(run, { outcome: 'failed' });
    expect(run.result.error.message).toMatch(/HTTP 500.*attempts/);
  });

  test('a listing that fails prunes nothing, and says that the backup is complete', async () => {
    bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, 'ListObjectsV2');
    const run = await bench.backup();
    bench.storeProxy.forget();
    expect(run.exitCode).toBe(1);
    expect(await bench.contents()).toEqual(bench.before);
  });
});

describe('cancelled', () => {
  test.each<[NodeJS.Signals, RegExp]>([
    ['SIGINT', /Find and probe/],
    ['SIGINT', /Back up sqlite/],
    ['SIGINT', /Snapshot taken/],
    ['SIGTERM', /Snapshot taken/],
  ])('by %s after %s', async (signal, line) => {
    const started = performance.now();
    let cancelledMs = 0;
    const run = await bench.backup(
      {},
      {
        during: async (child) => {
          await said(child, line);
          cancelledMs = performance.now() - started;
          child.kill(signal);
        },
      },
    );
    expect(performance.now() - started - cancelledMs).toBeLessThan(7000);
    await bench.judge(run, { outcome: 'failed', exitCodes: [130] });
    expect(run.result.error.code).toBe('cancelled');
  });

  test('by SIGKILL: nothing is committed, and the server cleans itself', async () => {
    const run = await bench.backup(
      {},
      {
        during: async (child) => {
          await said(child, /Snapshot taken/);
          child.kill('SIGKILL');
        },
      },
    );
    await bench.judge(run, { outcome: 'killed' });
  });
});

/** Resolves once the child has printed a line that matches. */
async function said(child: Parameters<NonNullable<RunOptions['during']>>[0], line: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (line.test(text)) resolve();
    });
    child.once('exit', () => resolve());
  });
}
