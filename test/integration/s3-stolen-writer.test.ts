import {
  AbortMultipartUploadCommand,
  type BucketLifecycleConfiguration,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import { lifecycleOf } from '../../src/core/lifecycle.ts';
import { Secret } from '../../src/core/secret.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { nothing } from '../kit/planned-backup.ts';
import { createRoles, setUpAsDocumented } from '../kit/policies.ts';
import { type S3Server, type S3Suite, type Key as StorageKey, startS3 } from '../kit/s3.ts';
import { signal } from '../kit/signal.ts';

const day = 86_400_000;
const Key = 'apps/app/20260101T000000Z-0000/app.sqlite3.zst';
const inDays = (days: number): Date => new Date(Date.now() + days * day);

describe.each<S3Suite>(['forky', 'bookworm'])("whoever steals the writer's key, on Ceph of %s", (suite) => {
  let s3: S3Server;
  let writer: StorageKey;
  let reader: StorageKey;
  let thief: S3Client;
  let Bucket: string;
  let VersionId: string;

  beforeAll(async () => {
    s3 = await startS3(suite);
    ({ writer, reader } = await createRoles(s3));
    thief = s3.clientOf(writer);
    Bucket = await s3.createBucket({ locking: true });
    await setUpAsDocumented(s3, Bucket, 'apps');
    const store = await openS3Store({
      ...s3.settings(Bucket, 'apps'),
      accessKeyId: writer.accessKeyId,
      secretAccessKey: new Secret(writer.secretAccessKey),
      lock: { days: 30, mode: 'governance' },
    });
    await store.put(Key.slice('apps/'.length), bytesOf('the backup'), { signal });
    const { Versions = [] } = await s3.admin.send(new ListObjectVersionsCommand({ Bucket }));
    VersionId = Versions[0]?.VersionId as string;
  });
  afterAll(async () => {
    thief.destroy();
    await s3.stop();
  });

  const retention = (Mode: 'GOVERNANCE' | 'COMPLIANCE', days: number, bypass = false) =>
    new PutObjectRetentionCommand({
      Bucket,
      Key,
      Retention: { Mode, RetainUntilDate: inDays(days) },
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    });
  const removeAll: BucketLifecycleConfiguration = {
    Rules: [{ ID: 'all', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
  };

  const attempts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['delete the backup by its name', () => thief.send(new DeleteObjectCommand({ Bucket, Key }))],
    ['delete its version', () => thief.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))],
    [
      'delete its version past the lock',
      () => thief.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true })),
    ],
    [
      'delete many at once',
      async () => {
        const Delete = { Objects: [{ Key }, { Key, VersionId }] };
        const { Errors = [] } = await thief.send(new DeleteObjectsCommand({ Bucket, Delete }));
        if (Errors.length === 2)
          throw Object.assign(new Error('refused'), { $metadata: { httpStatusCode: 403 } });
      },
    ],
    ['shorten the lock', () => thief.send(retention('GOVERNANCE', 1))],
    ['shorten the lock past governance', () => thief.send(retention('GOVERNANCE', 1, true))],
    [
      'let lifecycle rules remove everything',
      () =>
        thief.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: removeAll })),
    ],
    [
      'suspend versioning',
      () =>
        thief.send(
          new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
        ),
    ],
    [
      'change the default lock',
      () =>
        thief.send(
          new PutObjectLockConfigurationCommand({
            Bucket,
            ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
          }),
        ),
    ],
    [
      'change the policy of the bucket',
      () =>
        thief.send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${Bucket}/*`] },
              ],
            }),
          }),
        ),
    ],
    ['remove the policy of the bucket', () => thief.send(new DeleteBucketPolicyCommand({ Bucket }))],
    ['delete the bucket', () => thief.send(new DeleteBucketCommand({ Bucket }))],
    ['read the backup', () => thief.send(new GetObjectCommand({ Bucket, Key }))],
    ['ask for its metadata', () => thief.send(new HeadObjectCommand({ Bucket, Key }))],
    ['list what others store', () => thief.send(new ListObjectsV2Command({ Bucket, Prefix: 'other/' }))],
    [
      'write beside its prefix',
      () => thief.send(new PutObjectCommand({ Bucket, Key: 'other/x', Body: 'x' })),
    ],
    [
      'abort an upload beside its prefix',
      () => thief.send(new AbortMultipartUploadCommand({ Bucket, Key: 'other/x', UploadId: 'x' })),
    ],
  ];
  test.each(attempts)('may not %s', async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test('lays another version over it at the most, which destroys nothing', async () => {
    const ask = thief.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' }));
    // Ceph 16 ignores the condition in buckets with versions.
    if (suite === 'forky') await expect(ask).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    else await ask;
    await thief.send(new PutObjectCommand({ Bucket, Key, Body: 'forged' }));

    const whoReads = s3.clientOf(reader);
    const { Body } = await whoReads.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    expect(await Body?.transformToString()).toBe('the backup');
    whoReads.destroy();
  });

  test('and when the forged versions are gone, the backup is there as it was, and locked', async () => {
    const { Versions = [] } = await s3.admin.send(new ListObjectVersionsCommand({ Bucket }));
    for (const { Key: itsKey, VersionId: its } of Versions) {
      if (its !== VersionId)
        await s3.admin.send(new DeleteObjectCommand({ Bucket, Key: itsKey, VersionId: its }));
    }
    const store = await openS3Store({
      ...s3.settings(Bucket, 'apps'),
      accessKeyId: reader.accessKeyId,
      secretAccessKey: new Secret(reader.secretAccessKey),
    });
    const content = await collect(store.get(Key.slice('apps/'.length), { signal }));
    expect(content.toString()).toBe('the backup');
    const { Retention } = await thief.send(new GetObjectRetentionCommand({ Bucket, Key }));
    expect(Retention?.Mode).toBe('GOVERNANCE');
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(inDays(29.9).getTime());
  });

  test('the rules that `lifecycle` prints are taken by the store', async () => {
    const { rules } = lifecycleOf({ ...nothing, daily: 14, min: 3 }, 'apps/app/');
    const LifecycleConfiguration = { Rules: rules.map((rule) => ({ ...rule })) };
    const plain = await s3.createBucket({ versioned: true });
    await s3.admin.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: plain, LifecycleConfiguration }),
    );
  });
});
