import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { type ActionRun, runAction, runCli, runPost } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

const dir = mkdtempSync(join(tmpdir(), 'holdfast-post-'));
let s3: S3Server;
let proxy: HttpProxy;
let bucket: string;
let inputs: Record<string, string>;

beforeAll(async () => {
  makeAppDatabase(join(dir, 'b.sqlite3'), { megabytes: 40 });
  makeAppDatabase(join(dir, 'a.sqlite3'), { megabytes: 1 });
  s3 = await startS3();
  proxy = await startHttpProxy(s3.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await s3.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  proxy.forget();
  bucket = await s3.createBucket();
  inputs = {
    store: `s3://${bucket}/backups`,
    's3-endpoint': proxy.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
    database: `sqlite:${dir}/a.sqlite3\nsqlite:${dir}/b.sqlite3`,
    compression: 'none',
  };
});

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.admin.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

/** A run that ends so once the proxy has seen the operation, which is never answered. */
async function ended(
  signal: NodeJS.Signals,
  hang: string | ((request: { readonly operation: string; readonly url: string }) => boolean),
  given = inputs,
): Promise<ActionRun> {
  let seen = false;
  const matches =
    typeof hang === 'function' ? hang : ({ operation }: { operation: string }) => operation === hang;
  proxy.inject('hang', (request) => {
    seen ||= matches(request);
    return matches(request);
  });
  const run = await runAction(given, {
    async during(child: ChildProcess) {
      for (let tries = 0; !seen; tries += 1) {
        expect(tries, 'it never came so far').toBeLessThan(600);
        await sleep(50);
      }
      child.kill(signal);
    },
  });
  proxy.forget();
  return run;
}

test('after a run that ended by itself it has nothing to do, and is quick', async () => {
  for (const given of [inputs, { ...inputs, store: 's3://no-such-bucket' }]) {
    const run = await runAction(given);
    expect(run.state).toMatchObject({ STATE_ended: 'itself' });
    proxy.forget();
    const started = performance.now();
    const post = await runPost(given, run);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(post).toMatchObject({ exitCode: 0, stdout: '', stderr: '', summary: '' });
    expect(proxy.requests).toEqual([]);
  }
});

test('it aborts the upload of a killed run, removes what that had stored, and tells', async () => {
  expect((await runAction(inputs)).exitCode).toBe(0);
  const before = await keys();
  const run = await ended('SIGKILL', 'UploadPart');
  expect(run.exitCode).toBeNull();
  expect(await s3.pendingUploads(bucket)).toBe(1);
  expect(await keys()).toHaveLength(before.length + 1);
  const { database: _, compression: __, ...store } = inputs;
  const flags = Object.entries({ ...store, name: 'shop' }).flatMap(([name, value]) => [`--${name}`, value]);
  const short = await runCli(['list', ...flags]);
  expect(short.stdout).toContain('Leftovers of 1 runs that failed: `list --all` shows them.');
  const all = await runCli(['list', '--all', ...flags]);
  expect(all.stdout).toMatch(
    /-[0-9a-z]{4} +\S+ +leftover: 1 object, 1 unfinished upload +\S+ MB +incomplete/,
  );
  const listed = await runAction({ ...store, command: 'list', all: 'true' });
  expect(listed.result.leftovers).toMatchObject([
    { id: run.state['STATE_backup'], keys: [expect.stringMatching(/a\.sqlite3$/)], uploads: [{}] },
  ]);
  expect(listed.summary).toContain('leftover: 1 object, 1 unfinished upload');

  const saved = JSON.stringify(run.state);
  for (const secret of [s3.secretAccessKey, s3.accessKeyId]) expect(saved).not.toContain(secret);

  const post = await runPost(inputs, run);
  expect(post.exitCode).toBe(0);
  expect(await s3.pendingUploads(bucket)).toBe(0);
  expect(await keys()).toEqual(before);
  const { STATE_backup: id } = run.state;
  expect(post.errors).toHaveLength(1);
  expect(post.errors[0]).toContain('title=Holdfast%3A killed');
  expect(post.errors[0]).toContain('The backup was ended from outside before it was done');
  expect(post.errors[0]).toContain(`Removed of backup ${id}: 2 objects, unfinished uploads included.`);
  expect(post.summary).toContain('### ❌ Holdfast backup: killed');
  expect(post.stdout.replace(/^::add-mask::.*$/gm, '') + post.summary).not.toContain(s3.secretAccessKey);
});

test('it never touches a backup that is complete', async () => {
  const run = await ended(
    'SIGKILL',
    ({ operation }) =>
      proxy.operations().filter((o) => o === 'PutObject').length === 2 && operation === 'ListObjectsV2',
    {
      ...inputs,
      'keep-last': '1',
    },
  );
  const stored = await keys();
  expect(stored.filter((key) => key.endsWith('/manifest.json'))).toHaveLength(1);
  const post = await runPost({ ...inputs, 'keep-last': '1' }, run);
  expect(post.errors[0]).toContain(`Backup ${run.state['STATE_backup']} is complete, and was not touched.`);
  expect(await keys()).toEqual(stored);
});

test('with a key that may not delete it says what stays', async () => {
  const key = await s3.createUser('writer');
  await s3.setPolicy(bucket, [
    {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/writer'] },
      Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:AbortMultipartUpload'],
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    },
  ]);
  const given = {
    ...inputs,
    's3-access-key-id': key.accessKeyId,
    's3-secret-access-key': key.secretAccessKey,
  };
  const run = await ended('SIGKILL', 'UploadPart', given);
  const post = await runPost(given, run);
  expect(post.exitCode).toBe(0);
  expect(await s3.pendingUploads(bucket)).toBe(0);
  expect(await keys()).toHaveLength(1);
  expect(post.errors[0]).toContain(`: 1 (this storage key may not delete)`);
});

test('a cancelled run that had no time to clean up is cleaned up after', async () => {
  const quick = await ended('SIGINT', 'UploadPart');
  expect(quick).toMatchObject({ exitCode: 130, state: { STATE_ended: 'cancelled' } });
  expect(await runPost(inputs, quick)).toMatchObject({ exitCode: 0, errors: [], summary: '' });

  const slow = await ended('SIGINT', ({ operation }) => /UploadPart|Abort|Delete|Versions/.test(operation));
  expect(slow.exitCode).toBe(130);
  expect(await s3.pendingUploads(bucket)).toBe(1);
  const post = await runPost(inputs, slow);
  expect(post.errors[0]).toContain('The backup was cancelled, and could not clean up in time.');
  expect(await s3.pendingUploads(bucket)).toBe(0);
  expect(await keys()).toEqual([]);
});

test('a killed run that had stored nothing is told', async () => {
  const { database: _, compression: __, ...store } = inputs;
  const list = { ...store, command: 'list' };
  const run = await ended('SIGKILL', 'ListObjectsV2', list);
  const post = await runPost(list, run);
  expect(post.errors[0]).toContain('The list was ended from outside');
  expect(post.errors[0]).toContain('It had stored nothing.');
});
