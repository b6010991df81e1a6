import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { runAction } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { type SlowLink, startSlowLink } from '../kit/slow-link.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

const dir = mkdtempSync(join(tmpdir(), 'holdfast-cancel-'));
const [scratch, path] = [join(dir, 'tmp'), join(dir, 'app.sqlite3')];
let s3: S3Server;
let sshd: Sshd;
let proxy: HttpProxy;
let link: SlowLink;
let bucket: string;

beforeAll(async () => {
  mkdirSync(scratch);
  makeAppDatabase(path, { megabytes: 40 });
  [s3, sshd] = await Promise.all([startS3(), startSshd({ config: [`SetEnv TMPDIR=${scratch}`] })]);
  proxy = await startHttpProxy(s3.endpoint);
  bucket = await s3.createBucket();
  expect((await runAction({ ...(await inputs()), 'keep-last': '1' })).exitCode).toBe(0);
});
afterAll(async () => {
  await proxy.stop();
  await Promise.all([s3.stop(), sshd.stop()]);
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  proxy.forget();
  link = await startSlowLink(sshd.port);
  return () => {
    link.stop();
    proxy.forget();
  };
});

async function inputs(): Promise<Record<string, string>> {
  link ??= await startSlowLink(sshd.port);
  return {
    ...store(),
    ...server(),
    database: `sqlite:${path}`,
    compression: 'none',
  };
}
const store = () => ({
  store: `s3://${bucket}`,
  's3-endpoint': proxy.endpoint,
  's3-access-key-id': s3.accessKeyId,
  's3-secret-access-key': s3.secretAccessKey,
});
const server = () => ({
  ssh: `${sshd.user}@127.0.0.1:${link.port}`,
  'ssh-key': sshd.privateKey,
  'ssh-known-hosts': sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${link.port}`),
});

/** Runs it, cancels it once `ready` resolved, and says how long its end took, in milliseconds. */
async function cancel(
  given: Readonly<Record<string, string>>,
  ready: (child: ChildProcess) => Promise<void>,
  again?: number,
) {
  let cancelledMs = 0;
  const run = await runAction(given, {
    async during(child) {
      await ready(child);
      cancelledMs = performance.now();
      child.kill('SIGINT');
      if (again === undefined) return;
      await sleep(again);
      cancelledMs = performance.now();
      child.kill('SIGINT');
    },
  });
  return { run, tookMs: performance.now() - cancelledMs };
}

/** Once the proxy has seen the operation. */
const seen = (operation: string) => async (): Promise<void> => {
  for (let tries = 0; !proxy.operations().includes(operation); tries += 1) {
    expect(tries, `no ${operation} among ${proxy.operations()}`).toBeLessThan(600);
    await sleep(50);
  }
  await sleep(200);
};

async function nothingLeft(): Promise<void> {
  for (let tries = 0; readdirSync(scratch).length > 0; tries += 1) {
    expect(tries, `left behind: ${readdirSync(scratch)}`).toBeLessThan(100);
    await sleep(100);
  }
  expect(await s3.pendingUploads(bucket)).toBe(0);
}

test.each(['ListObjectsV2', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'PutObject'])(
  'while the store does not answer %s: the run ends in time and nothing stays',
  async (operation) => {
    proxy.inject('hang', operation);
    const { run, tookMs } = await cancel(await inputs(), seen(operation));
    expect(run.exitCode, run.stdout).toBe(130);
    expect(run.result.error.code).toBe('cancelled');
    expect(tookMs).toBeLessThan(7000);
    proxy.forget();
    await nothingLeft();
  },
);

test.each([
  ['verify', 'GetObject', {}],
  ['prune', 'ListObjectsV2', { 'keep-last': '1' }],
  ['restore', 'GetObject', { to: `sqlite:${join(dir, 'new.sqlite3')}` }],
])('a %s that waits for %s ends in time', async (command, operation, more) => {
  proxy.inject('hang', operation);
  const host = command === 'restore' ? server() : {};
  const { run, tookMs } = await cancel({ command, ...store(), ...host, ...more }, seen(operation));
  expect(run.exitCode, run.stdout).toBe(130);
  expect(tookMs).toBeLessThan(7000);
  await nothingLeft();
});

test('while the server has fallen silent', async () => {
  const { run, tookMs } = await cancel(await inputs(), async (child) => {
    proxy.inject('hang', 'UploadPart');
    await seen('UploadPart')();
    link.fallSilent();
    expect(child.exitCode).toBeNull();
  });
  expect(run.exitCode).toBe(130);
  expect(tookMs).toBeLessThan(7000);
  link.stop();
  proxy.forget();
  await nothingLeft();
});

test('while the server has fallen silent, before anything is asked of it', async () => {
  const { run, tookMs } = await cancel(await inputs(), async () => {
    proxy.inject('hang', 'ListObjectsV2');
    await seen('ListObjectsV2')();
    link.fallSilent();
    proxy.forget();
    await sleep(500);
  });
  expect(run.exitCode).toBe(130);
  expect(tookMs).toBeLessThan(7000);
  link.stop();
  await nothingLeft();
});

// From here on something stays.
test('while the store answers nothing at all, not even the clean-up', async () => {
  proxy.inject(
    'hang',
    ({ operation }) => proxy.operations().includes('UploadPart') || operation === 'UploadPart',
  );
  const { run, tookMs } = await cancel(await inputs(), seen('UploadPart'));
  expect(run.exitCode).toBe(130);
  expect(tookMs).toBeLessThan(7000);
  expect(run.stdout).toContain('could not be removed now');
});

test('a second SIGINT ends it at once, and says so', async () => {
  proxy.inject('hang', ({ operation }) => /Upload|Delete|Versions/.test(operation));
  const { run, tookMs } = await cancel(await inputs(), seen('CreateMultipartUpload'), 300);
  expect(run.exitCode).toBe(130);
  expect(tookMs).toBeLessThan(1000);
  expect(run.stderr).toContain('Ended at once by SIGINT: what was not cleaned up stays for now');
});
