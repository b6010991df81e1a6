import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import type { S3Suite } from '../kit/s3.ts';

const { signal } = new AbortController();
const notImplemented = { answer: 501, code: 'NotImplemented' };
const denied = { answer: 403, code: 'AccessDenied' };

describe.each<S3Suite>(['forky', 'bookworm'])('removing from Ceph of %s', (suite) => {
  const faulty = new FaultyS3(suite);

  const filled = async (keys: readonly string[], settings: Partial<S3Settings> = {}) => {
    const store = await faulty.open(settings);
    for (const key of keys) await store.put(key, bytesOf(key), { signal });
    faulty.proxy.forget();
    return store;
  };
  const keysLeft = async (bucket = faulty.bucket): Promise<string[]> => {
    const store = await openS3Store(faulty.s3.settings(bucket));
    return (await Array.fromAsync(store.list('', { signal }))).map(({ key }) => key);
  };
  const keepVersions = () =>
    faulty.s3.admin.send(
      new PutBucketVersioningCommand({
        Bucket: faulty.bucket,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );

  test('tells what the store keeps of a batch', async () => {
    const store = await filled(['a/1', 'a/2', 'a/3']);
    const refusal =
      '<Key>a/2</Key><VersionId>null</VersionId><Code>InternalError</Code><Message>Try again.</Message>';
    const body = `<DeleteResult><Error>${refusal}</Error></DeleteResult>`;
    faulty.proxy.inject({ answer: 200, body }, 'DeleteObjects');
    expect(await store.remove(['a/1', 'a/2', 'a/3'], { signal })).toEqual({
      removed: ['a/1', 'a/3'],
      kept: [{ key: 'a/2', reason: 'InternalError: Try again.' }],
    });
  });

  test('counts what somebody else removed in the meantime as gone', async () => {
    const store = await filled(['a/1']);
    const body = '<DeleteResult><Error><Key>a/1</Key><Code>NoSuchVersion</Code></Error></DeleteResult>';
    faulty.proxy.inject({ answer: 200, body }, 'DeleteObjects');
    expect(await store.remove(['a/1'], { signal })).toEqual({ removed: ['a/1'], kept: [] });
  });

  test('tells until when a key is locked, and does not hide it', async () => {
    const Bucket = `locked-${suite}`;
    await faulty.s3.admin.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const store = await filled(['a/free', 'a/locked'], { bucket: Bucket });
    const RetainUntilDate = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 0, 31));
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate } as const;
    await faulty.s3.admin.send(new PutObjectRetentionCommand({ Bucket, Key: 'a/locked', Retention }));

    expect(await store.remove(['a/free', 'a/locked'], { signal })).toEqual({
      removed: ['a/free'],
      kept: [{ key: 'a/locked', reason: `locked until ${RetainUntilDate.toISOString()}`, locked: true }],
    });
    expect(await keysLeft(Bucket)).toEqual(['a/locked']);
    expect(await faulty.s3.versions(Bucket)).toBe(1);
  });

  test('takes away versions, markers of former deletions and nothing of its neighbours', async () => {
    await keepVersions();
    const store = await filled(['app/1', 'app/10', 'app2/1']);
    faulty.proxy.inject(notImplemented, 'ListObjectVersions', 1);
    await store.remove(['app/1'], { signal });
    expect(await faulty.s3.versions(faulty.bucket)).toBe(4);

    expect(await store.remove(['app/1'], { signal })).toEqual({ removed: ['app/1'], kept: [] });
    expect(await keysLeft()).toEqual(['app/10', 'app2/1']);
    expect(await faulty.s3.versions(faulty.bucket)).toBe(2);
  });

  test('says that space is not freed where the key may not list versions', async () => {
    await keepVersions();
    const store = await filled(['a/1']);
    faulty.proxy.inject(denied, 'ListObjectVersions');
    expect(await store.remove(['a/1'], { signal })).toEqual({
      removed: ['a/1'],
      kept: [],
      warning: expect.stringContaining('lifecycle rule'),
    });
    expect(await keysLeft()).toEqual([]);
  });

  test('says that space is not freed where the key may not delete versions', async () => {
    await keepVersions();
    const store = await filled(['a/1']);
    const body = `<DeleteResult><Error><Key>a/1</Key><VersionId>${await versionOf('a/1')}</VersionId><Code>AccessDenied</Code></Error></DeleteResult>`;
    faulty.proxy.inject({ answer: 200, body }, 'DeleteObjects', 1);
    expect(await store.remove(['a/1'], { signal })).toEqual({
      removed: ['a/1'],
      kept: [],
      warning: expect.stringContaining('lifecycle rule'),
    });
    expect(await keysLeft()).toEqual([]);
  });

  test('works where there are neither versions nor batches', async () => {
    const store = await filled(['a/1', 'a/2', 'a/3']);
    faulty.proxy.inject(notImplemented, 'ListObjectVersions');
    faulty.proxy.inject(notImplemented, 'DeleteObjects');
    faulty.proxy.inject(denied, ({ method, url }) => method === 'DELETE' && url.includes('/a/2'));
    expect(await store.remove(['a/1', 'a/2', 'a/3', 'a/never'], { signal })).toEqual({
      removed: ['a/1', 'a/3', 'a/never'],
      kept: [{ key: 'a/2', reason: 'this storage key may not delete', denied: true }],
    });
    expect(await keysLeft()).toEqual(['a/2']);
  });

  test('is not fooled by a store that answers the question for versions with none', async () => {
    const store = await filled(['a/1']);
    faulty.proxy.inject({ answer: 200, body: '<ListBucketResult></ListBucketResult>' }, 'ListObjectVersions');
    expect(await store.remove(['a/1', 'a/never'], { signal })).toMatchObject({ kept: [] });
    expect(await keysLeft()).toEqual([]);
  });

  test('is not kept by a store that gives no version of a key and can not say whether it has it', async () => {
    const store = await filled(['a/1']);
    faulty.proxy.inject({ answer: 200, body: '<ListBucketResult></ListBucketResult>' }, 'ListObjectVersions');
    faulty.proxy.inject({ answer: 500, code: 'InternalError' }, 'HeadObject');
    const soon = AbortSignal.timeout(3000);
    expect(await store.remove(['a/1'], { signal: soon })).toEqual({ removed: ['a/1'], kept: [] });
    faulty.proxy.forget();
    expect(await keysLeft()).toEqual([]);
  });

  test('fails, and says so, when the store does for ever', async () => {
    const store = await filled(['a/1']);
    faulty.proxy.inject({ answer: 500, code: 'InternalError' }, 'DeleteObjects');
    await expect(store.remove(['a/1'], { signal })).rejects.toThrow(
      /^Deleting a\/1 in s3:.*InternalError.*8 attempts/,
    );
    expect(await keysLeft()).toEqual(['a/1']);
  });

  async function versionOf(key: string): Promise<string> {
    const { Versions = [] } = await faulty.s3.admin.send(
      new ListObjectVersionsCommand({ Bucket: faulty.bucket, Prefix: key }),
    );
    return Versions[0]?.VersionId as string;
  }
});
