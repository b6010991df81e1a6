import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { type RunOptions, runAction } from '../kit/run-action.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let s3: S3Server;
let proxy: HttpProxy;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
  makeAppDatabase(join(dir, 'app.sqlite3'));
  s3 = await startS3();
  proxy = await startHttpProxy(s3.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await s3.stop();
  rmSync(dir, { recursive: true });
});

interface Told {
  readonly level: string;
  readonly detail: string;
  readonly hint: string | null;
}

/** What the doctor says of a bucket, by check. */
async function examine(bucket: string, more: Record<string, string> = {}, during?: RunOptions['during']) {
  const inputs = {
    command: 'doctor',
    name: 'app',
    database: `sqlite:${dir}/app.sqlite3`,
    store: `s3://${bucket}/apps`,
    's3-endpoint': s3.endpoint,
    's3-access-key-id': s3.accessKeyId,
    's3-secret-access-key': s3.secretAccessKey,
    ...more,
  };
  const run = await runAction(inputs, during === undefined ? {} : { during });
  const of = (id: string): Told => run.result.checks.find((check: { id: string }) => check.id === id);
  return { run, of };
}

const rule = {
  ID: 'tidy',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
} as const;

/** Nobody may do that. */
async function deny(Bucket: string, ...actions: readonly string[]): Promise<string> {
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const Statement = [{ Effect: 'Deny', Principal: '*', Action: actions, Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.admin.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return Policy;
}

describe('a key that may do everything', () => {
  test('is named with all that it may do; versions, rules and objects are as before', async () => {
    const Bucket = 'everything';
    await s3.admin.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const LifecycleConfiguration = { Rules: [rule] };
    await s3.admin.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    await s3.admin.send(new PutObjectCommand({ Bucket, Key: 'apps/app/precious', Body: 'mine' }));
    const before = await stateOf(Bucket);
    const { run, of } = await examine(Bucket);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(await stateOf(Bucket)).toEqual(before);
    expect(of('store.lifecycle')).toMatchObject({ level: 'ok', detail: expect.stringContaining('3 days') });
    expect(of('store.versioning').detail).toContain('kept');
    expect(of('store.lock').detail).toContain('On');
    const { level, detail, hint } = of('store.privileges');
    expect(level).toBe('warn');
    const named = /: (.*?)\./.exec(detail)?.[1]?.split(', ').sort();
    expect(named).toEqual(['delete objects', 'delete old versions', 'get around locks']);
    expect(hint).toContain('list, read and write only');
    // Pruning needs to delete.
    const pruning = (await examine(Bucket, { 'keep-daily': '7' })).of('store.privileges').detail;
    expect(pruning).not.toContain('delete objects');
  });

  test.each([
    ['with locks', { locking: true }],
    ['with versions', { versioned: true }],
    ['with neither', {}],
  ])('changes nothing in a bucket %s but test objects, and sends nothing that could', async (_, made) => {
    const bucket = await s3.createBucket(made);
    proxy.forget();
    const { run, of } = await examine(bucket, { 's3-endpoint': proxy.endpoint, 'keep-daily': '7' });
    expect(run.exitCode, run.stdout).toBe(0);
    const changing = proxy.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    const own = new RegExp(`^/${bucket}/apps/app/doctor-\\w+/(?:small|large|privileges)(?:\\?|$)`);
    const others = changing.filter(({ url }) => !own.test(url));
    // What is left deletes by a list of keys, and each of them is a test object's.
    expect(others.map(({ operation }) => operation)).toEqual(others.map(() => 'DeleteObjects'));
    const keys = others.flatMap(({ body }) => [...`${body}`.matchAll(/<Key>(.*?)<\/Key>/g)]);
    expect(keys.length).toBeGreaterThan(0);
    for (const [, key = ''] of keys) expect(`/${bucket}/${key}`).toMatch(own);
    expect(changing.filter(({ url }) => url.includes('/privileges')).length).toBeGreaterThan(1);
    expect(of('store.privileges').detail).toMatch(
      /Not tried, .*change lifecycle rules, change versioning, .*delete the bucket\. On AWS `aws iam simulate/,
    );
  });
});

describe('a key that may write and not delete', () => {
  const destroying = [
    ...['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:DeleteBucket'],
    ...['s3:PutLifecycleConfiguration', 's3:PutBucketVersioning', 's3:DeleteBucketPolicy'],
  ];

  test('is right without keep rules: one small test object stays, and is named', async () => {
    const bucket = await s3.createBucket({ versioned: true });
    const policy = await deny(bucket, ...destroying, 's3:PutBucketPolicy');
    const { run, of } = await examine(bucket);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(of('store.delete')).toMatchObject({ level: 'ok', detail: expect.stringMatching(/which is best/) });
    expect(of('store.multipart')).toMatchObject({ level: 'ok', detail: expect.stringContaining('given up') });
    expect(of('store.privileges')).toMatchObject({
      level: 'ok',
      detail: expect.stringMatching(
        /no more than a backup needs\..*It may not delete objects, .*Not tried, /,
      ),
    });
    expect(of('store.privileges').detail).toContain('a newer version: the backup stays');
    const { policy: now, versions } = await stateOf(bucket);
    expect(now).toBe(policy);
    expect(versions).toEqual([expect.stringMatching(/^apps\/app\/doctor-\w+\/small /)]);
    expect(await s3.pendingUploads(bucket)).toBe(0);
  });

  test('could still put other content over a backup where no versions are kept, and that is told', async () => {
    const bucket = await s3.createBucket();
    await deny(bucket, ...destroying, 's3:PutBucketPolicy');
    const { level, detail, hint } = (await examine(bucket)).of('store.privileges');
    expect({ level, detail, hint }).toEqual({
      level: 'warn',
      detail: expect.stringMatching(/put other content over a backup.*keeps no versions/),
      hint: expect.stringMatching(/versions.*lock-days/),
    });
  });

  test('is a failure where keep rules are set', async () => {
    const bucket = await s3.createBucket();
    await deny(bucket, 's3:DeleteObject', 's3:DeleteObjectVersion');
    const { run, of } = await examine(bucket, { 'keep-daily': '7' });
    expect(run.exitCode).toBe(1);
    expect(run.result.error.message).toContain('store.delete');
    expect(of('store.delete')).toMatchObject({
      level: 'fail',
      hint: expect.stringContaining('s3:DeleteObject'),
    });
    await s3.admin.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  });
});

test.each([
  ['s3:PutObject', 'store.put'],
  ['s3:ListBucket', 'store.list'],
])('a key without %s fails at %s', async (action, id) => {
  const bucket = await s3.createBucket();
  await deny(bucket, action);
  const { run, of } = await examine(bucket);
  expect(run.exitCode).toBe(1);
  expect(run.result.checks.filter(({ ok }: { ok: boolean }) => !ok)).toHaveLength(1);
  expect(of(id)).toMatchObject({ level: 'fail', hint: expect.stringContaining(action) });
});

test('locks that are asked for in a bucket without them would fail every backup', async () => {
  const plain = await examine(await s3.createBucket(), { 'lock-days': '7' });
  expect(plain.run.exitCode).toBe(1);
  expect(plain.of('store.lock')).toMatchObject({
    level: 'fail',
    hint: expect.stringContaining('Object Lock'),
  });
  const locking = await examine(await s3.createBucket({ locking: true }), { 'lock-days': '7' });
  expect(locking.of('store.lock').level).toBe('ok');
});

test('a lifecycle rule that removes backups is told', async () => {
  const Bucket = await s3.createBucket();
  const Rules = [
    rule,
    { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'apps/' }, Expiration: { Days: 30 } },
  ];
  const LifecycleConfiguration = { Rules };
  await s3.admin.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
  const { of } = await examine(Bucket);
  expect(of('store.lifecycle')).toMatchObject({
    level: 'warn',
    detail: expect.stringContaining('after 30 days'),
  });
});

test('a cancelled run takes its test objects along', async () => {
  const bucket = await s3.createBucket({ versioned: true });
  const { run } = await examine(bucket, {}, async (child) => {
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (text: string) => {
        if (text.includes('store.put: ok')) resolve();
      });
    });
    child.kill('SIGINT');
  });
  expect(run.exitCode).toBe(130);
  expect(await s3.versions(bucket)).toBe(0);
  expect(await s3.pendingUploads(bucket)).toBe(0);
});

/** All that must not change. */
async function stateOf(Bucket: string) {
  const [lifecycle, versioning, policy, list] = await Promise.all([
    s3.admin.send(new GetBucketLifecycleConfigurationCommand({ Bucket })).catch(() => null),
    s3.admin.send(new GetBucketVersioningCommand({ Bucket })),
    s3.admin.send(new GetBucketPolicyCommand({ Bucket })).catch(() => null),
    s3.admin.send(new ListObjectVersionsCommand({ Bucket })),
  ]);
  const all = [...(list.Versions ?? []), ...(list.DeleteMarkers ?? [])];
  return {
    lifecycle: lifecycle?.Rules,
    versioning: versioning.Status,
    policy: policy?.Policy,
    versions: all.map(({ Key, VersionId }) => `${Key} ${VersionId}`),
  };
}
