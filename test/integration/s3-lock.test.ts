import { GetObjectRetentionCommand, HeadObjectCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import type { S3Suite } from '../kit/s3.ts';
import { signal } from '../kit/signal.ts';

const day = 86_400_000;
const small = Buffer.from('small');
const large = Buffer.alloc(20 * 1024 ** 2, 'large');
const lock = { days: 10, mode: 'governance' } as const;

describe.each<S3Suite>(['forky', 'bookworm'])('locking in Ceph of %s', (suite) => {
  const faulty = new FaultyS3(suite);

  const lockOf = async (Bucket: string, Key: string) => {
    const head = await faulty.s3.admin.send(new HeadObjectCommand({ Bucket, Key }));
    const days = ((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / day;
    return { mode: head.ObjectLockMode, days: Math.round(days * 10) / 10 };
  };

  test.each([
    ['a small object', small, 'governance', 'GOVERNANCE'],
    ['a multipart upload', large, 'governance', 'GOVERNANCE'],
    ['a small object', small, 'compliance', 'COMPLIANCE'],
    ['a multipart upload', large, 'compliance', 'COMPLIANCE'],
  ] as const)('%s is locked for the days that were asked for', async (_, content, mode, Mode) => {
    const bucket = await faulty.s3.createBucket({ locking: true });
    const store = await faulty.open({ bucket, lock: { days: 10, mode } });
    await store.put('k', bytesOf(content), { signal });
    expect(await lockOf(bucket, 'k')).toEqual({ mode: Mode, days: 10 });
  });

  test('a store that ignores the headers is told again, and asked again', async () => {
    const bucket = await faulty.s3.createBucket({ locking: true });
    const store = await faulty.open({ bucket, lock });
    faulty.proxy.forget();
    await store.put('k', bytesOf(large), { signal });
    const asked = faulty.proxy.requests.filter(
      ({ method, url }) => method === 'PUT' && url.includes('?retention'),
    );
    expect(asked).toHaveLength(suite === 'bookworm' ? 1 : 0);
  });

  test('a store that never locks is found out, and keeps nothing', async () => {
    const bucket = await faulty.s3.createBucket({ locking: true });
    const store = await faulty.open({ bucket, lock });
    const retention = ({ method, url }: { method: string; url: string }) =>
      url.includes('?retention') && method === 'GET';
    faulty.proxy.inject({ answer: 404, code: 'NoSuchObjectLockConfiguration' }, retention);
    faulty.proxy.inject(
      { answer: 200, body: '' },
      ({ method, url }) => method === 'PUT' && url.includes('?retention'),
    );
    const replyHeaders = {
      'x-amz-object-lock-mode': undefined,
      'x-amz-object-lock-retain-until-date': undefined,
    };
    faulty.proxy.inject({ replyHeaders }, ({ method }) => method === 'HEAD');
    await expect(store.put('k', bytesOf(small), { signal })).rejects.toMatchObject({
      code: 'store.no-lock',
      message: expect.stringContaining('is not locked'),
    });
  });

  test('a bucket without Object Lock is told before anything is uploaded', async () => {
    const opening = faulty.open({ lock } satisfies Partial<S3Settings>);
    await expect(opening).rejects.toMatchObject({ code: 'store.no-lock', input: 'lock-days' });
    await faulty.expectNothing();
  });

  test('so is a store that does not know it', async () => {
    faulty.proxy.inject({ answer: 501, code: 'NotImplemented' }, ({ url }) => url.includes('object-lock'));
    await expect(faulty.open({ lock })).rejects.toMatchObject({ code: 'store.no-lock' });
  });

  test('what is locked stays, with the date as the reason; later it goes', async () => {
    const bucket = await faulty.s3.createBucket({ locking: true });
    const store = await faulty.open({ bucket, lock });
    await store.put('a/k', bytesOf(small), { signal });
    const { Retention } = await faulty.s3.admin.send(
      new GetObjectRetentionCommand({ Bucket: bucket, Key: 'a/k' }),
    );
    const until = Retention?.RetainUntilDate?.toISOString();
    expect(await store.remove(['a/k'], { signal })).toEqual({
      removed: [],
      kept: [{ key: 'a/k', reason: `locked until ${until}`, locked: true }],
    });
    const soon = { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 2000) } as const;
    await faulty.s3.admin.send(
      new PutObjectRetentionCommand({
        Bucket: bucket,
        Key: 'a/k',
        Retention: soon,
        BypassGovernanceRetention: true,
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await store.remove(['a/k'], { signal })).toEqual({ removed: ['a/k'], kept: [] });
  });
});
