import * as sdk from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import { presetOf } from '../../src/stores/presets.ts';
import { S3Bucket } from '../../src/stores/s3-bucket.ts';
import type { S3Connection, S3Settings } from '../../src/stores/s3-client.ts';
import { putObject } from '../../src/stores/s3-put.ts';
import { signal } from '../kit/signal.ts';

interface Input {
  readonly Key: string;
  readonly Body: Buffer;
}

/** A bucket whose store is said to have taken each object, or part of one, at the given attempt; and the memory that was sent. */
function bucketThat(attempts: number): { bucket: S3Bucket; sent: Buffer[]; memory: Set<ArrayBufferLike> } {
  const sent: Buffer[] = [];
  const memory = new Set<ArrayBufferLike>();
  const stored = new Map<string, number>();
  const take = ({ Key, Body }: Input): object => {
    sent.push(Buffer.from(Body));
    memory.add(Body.buffer);
    stored.set(Key, (stored.get(Key) ?? 0) + Body.byteLength);
    return { ETag: 'e' };
  };
  const missing = Object.assign(new Error('none'), { $metadata: { httpStatusCode: 404 } });
  const answers: Record<string, (input: Input) => object> = {
    PutObjectCommand: take,
    CreateMultipartUploadCommand: () => ({ UploadId: 'u' }),
    UploadPartCommand: take,
    CompleteMultipartUploadCommand: () => ({}),
    HeadObjectCommand: ({ Key }) => {
      if (!stored.has(Key)) throw missing;
      return { ContentLength: stored.get(Key) };
    },
  };
  const send = async (command: { input: Input }): Promise<object> => ({
    ...answers[command.constructor.name]?.(command.input),
    $metadata: { attempts },
  });
  const preset = { ...presetOf(undefined), conditionalPut: true, md5Etag: false, multipartEtag: false };
  const connection = { sdk, client: { send }, preset } as unknown as S3Connection;
  return { bucket: new S3Bucket({ bucket: 'b', prefix: '' } as S3Settings, connection), sent, memory };
}

let puts = 0;
const put = (bucket: S3Bucket, content: Uint8Array) => {
  puts += 1;
  return putObject(bucket, `k${puts}`, bytesOf(content), { signal });
};

test('hundreds of small objects are put out of the same memory, and each is what it was', async () => {
  const { bucket, sent, memory } = bucketThat(1);
  const contents = Array.from({ length: 200 }, (_, index) => Buffer.alloc(700_000 - index, index));
  for (const content of contents) await put(bucket, content);
  expect(sent.every((body, index) => body.equals(contents[index] as Buffer))).toBe(true);
  expect(memory.size).toBe(1);
});

test.each([
  ['an object', 700_000],
  ['a part', 60_000_000],
])(
  'the memory of %s that was sent more than once, of which the first may still be on its way, is not used again',
  async (_, size) => {
    const { bucket, sent, memory } = bucketThat(2);
    for (let turn = 0; turn < 3; turn += 1) await put(bucket, Buffer.alloc(size, turn));
    expect(memory.size).toBe(sent.length);
  },
);

test('the parts of one object are sent out of a few pieces of memory', async () => {
  const { bucket, sent, memory } = bucketThat(1);
  await put(bucket, Buffer.alloc(160_000_000));
  expect(sent.length).toBeGreaterThan(15);
  expect(memory.size).toBeLessThan(6);
});
