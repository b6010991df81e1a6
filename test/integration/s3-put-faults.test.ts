import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/core/errors.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import { errorInside200, type Fault } from '../kit/http-proxy.ts';

const mebibyte = 1024 * 1024;
/** Three parts, the last one small. */
const content = randomBytes(16 * mebibyte + 5);
const small = randomBytes(1000);
const cleanRequests = [
  'HeadObject',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPart',
  'UploadPart',
  'CompleteMultipartUpload',
  'HeadObject',
];

const faulty = new FaultyS3();

const passing: readonly (readonly [string, Fault])[] = [
  ['500', { answer: 500, code: 'InternalError' }],
  ['502 without words', { answer: 502 }],
  ['503', { answer: 503, code: 'SlowDown' }],
  ['429', { answer: 429 }],
  ['a broken connection', 'reset'],
  ['a lost answer', 'drop-reply'],
  ['a request that arrives after its repetition', { lateMs: 20 }],
];

describe.each(passing)('once %s', (_, fault) => {
  test.each(cleanRequests.map((operation, index) => [index + 1, operation]))(
    'at request %i (%s) does no harm',
    async (number) => {
      faulty.proxy.inject(fault, number as number);
      expect(await faulty.put(content)).toEqual({ key: 'k', bytes: content.byteLength });
      // What comes late has come.
      await sleep(60);
      await faulty.expectStored(content);
    },
  );
});

test('a clean upload makes just these requests', async () => {
  await faulty.put(content);
  expect(faulty.proxy.operations().sort()).toEqual([...cleanRequests].sort());
});

const lasting = passing.filter(([, fault]) => typeof fault !== 'object' || !('lateMs' in fault));

describe.each(lasting)('for ever %s', (_, fault) => {
  test.each(['HeadObject', 'CreateMultipartUpload', 'UploadPart'])(
    'at each %s is a failure that leaves nothing',
    async (operation) => {
      faulty.proxy.inject(fault, operation);
      await expect(faulty.put(content)).rejects.toThrow(StoreError);
      await faulty.expectNothing();
    },
  );

  test('at the look afterwards is a failure that leaves nothing', async () => {
    faulty.proxy.inject(fault, ({ operation, number }) => operation === 'HeadObject' && number > 1);
    await expect(faulty.put(content)).rejects.toThrow(StoreError);
    await faulty.expectNothing();
  });
});

test.each(lasting.filter(([, fault]) => fault !== 'drop-reply'))(
  'an upload that can never be completed, for %s, leaves nothing',
  async (_, fault) => {
    faulty.proxy.inject(fault, 'CompleteMultipartUpload');
    await expect(faulty.put(content)).rejects.toThrow(StoreError);
    await faulty.expectNothing();
  },
);

test('an upload is complete though each answer that said so was lost', async () => {
  faulty.proxy.inject('drop-reply', 'CompleteMultipartUpload');
  await faulty.put(content);
  await faulty.expectStored(content);
});

test('an upload that can not even be aborted is told beside the first failure', async () => {
  faulty.proxy.inject({ answer: 500, code: 'InternalError' }, ({ number }) => number >= 5);
  await expect(faulty.put(content)).rejects.toThrow(/InternalError.*unfinished upload could not be aborted/);
});

test('a success with an error inside is tried again', async () => {
  faulty.proxy.inject(errorInside200, 'CompleteMultipartUpload', 1);
  await faulty.put(content);
  await faulty.expectStored(content);
});

test('a success with an error inside, again and again, is a failure', async () => {
  faulty.proxy.inject(errorInside200, 'CompleteMultipartUpload');
  await expect(faulty.put(content)).rejects.toMatchObject({ code: 'store.failed' });
  await faulty.expectNothing();
});

test.each([
  ['part', 'UploadPart', content],
  ['small object', 'PutObject', small],
])('a %s that was damaged on its way is sent again', async (_, operation, bytes) => {
  faulty.proxy.inject('flip-byte', operation, 1);
  await faulty.put(bytes);
  await faulty.expectStored(bytes);
});

test('bytes that are damaged on each way are never taken for good', async () => {
  faulty.proxy.inject('flip-byte', 'UploadPart');
  await expect(faulty.put(content)).rejects.toThrow(/BadDigest|SHA256Mismatch/);
  await faulty.expectNothing();
});

test('a store that stays silent is given up after three times the timeout', async () => {
  faulty.proxy.inject('hang', 'PutObject');
  const started = performance.now();
  await expect(faulty.put(small, { stallMs: 300 })).rejects.toMatchObject({ code: 'store.silent' });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(faulty.proxy.operations().filter((operation) => operation === 'PutObject')).toHaveLength(3);
  await faulty.expectNothing();
});

test('a store that falls silent is asked again', async () => {
  faulty.proxy.inject('hang', 'UploadPart', 1);
  await faulty.put(content, { stallMs: 500 });
  await faulty.expectStored(content);
});

test.each([
  ['size', { 'content-length': '7' }],
  ['content', { etag: `"${'0'.repeat(32)}-3"` }],
])('an object whose %s is not what was sent is not left there', async (_, replyHeaders) => {
  faulty.proxy.inject({ replyHeaders }, ({ operation, number }) => operation === 'HeadObject' && number > 1);
  await expect(faulty.put(content)).rejects.toMatchObject({ code: 'store.mismatch' });
  await faulty.expectNothing();
});
