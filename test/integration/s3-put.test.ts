import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import { CancelledError, type StoreError } from '../../src/core/errors.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import type { Fault } from '../kit/http-proxy.ts';

const mebibyte = 1024 * 1024;
/** Three parts, the last one small. */
const content = randomBytes(16 * mebibyte + 5);
const small = randomBytes(1000);
const { signal } = new AbortController();
const faulty = new FaultyS3();

test('a part that fails while the source is slow stops the upload', async () => {
  faulty.proxy.inject({ answer: 403, code: 'AccessDenied' }, 'UploadPart', 1);
  async function* slow(): Bytes {
    yield content.subarray(0, 9 * mebibyte);
    yield content.subarray(0, 9 * mebibyte);
    while (!faulty.proxy.operations().includes('UploadPart')) await sleep(10);
    await sleep(100);
    yield content.subarray(0, 9 * mebibyte);
  }
  await expect(faulty.put(slow())).rejects.toMatchObject({ code: 'store.denied' });
  expect(faulty.proxy.operations()).not.toContain('CompleteMultipartUpload');
  await faulty.expectNothing();
});

test('an upload begins with its first part, before the second one is there', async () => {
  async function* slow(): Bytes {
    yield content.subarray(0, 8 * mebibyte + 1);
    for (let tries = 0; !faulty.proxy.operations().includes('UploadPart'); tries += 1) {
      expect(tries, 'nothing was sent').toBeLessThan(500);
      await sleep(10);
    }
    yield content.subarray(8 * mebibyte + 1);
  }
  await faulty.put(slow());
  await faulty.expectStored(content);
});

test.each([
  [8 * mebibyte - 1, ['PutObject']],
  [8 * mebibyte, ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']],
  [8 * mebibyte + 1, ['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload']],
])('%i bytes take the requests that they need', async (bytes, expected) => {
  await faulty.put(content.subarray(0, bytes));
  await faulty.expectStored(content.subarray(0, bytes));
  expect(faulty.proxy.operations().filter((operation) => operation !== 'HeadObject')).toEqual(expected);
});

test.each(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])(
  'a key that may not %s is told what it lacks',
  async (operation) => {
    faulty.proxy.inject({ answer: 403, code: 'AccessDenied' }, operation);
    await expect(faulty.put(content)).rejects.toMatchObject({
      code: 'store.denied',
      hint: expect.stringMatching(/s3:PutObject.*writeFiles/),
    });
    await faulty.expectNothing();
  },
);

test('a key that may write but not look can still back up', async () => {
  faulty.proxy.inject(
    { answer: 403, code: 'AccessDenied' },
    ({ method }) => method === 'HEAD' || method === 'GET',
  );
  await faulty.put(content);
  await faulty.put(small).catch(() => {});
  expect(await faulty.stored()).toHaveLength(1);
});

test('credentials that expire half-way leave nothing', async () => {
  faulty.proxy.inject(
    { answer: 400, code: 'ExpiredToken' },
    ({ operation, number }) => operation === 'UploadPart' && number > 3,
  );
  await expect(faulty.put(content)).rejects.toMatchObject({ code: 'store.expired' });
  await faulty.expectNothing();
});

test('data that outgrows what the store takes is refused in words', async () => {
  await expect(faulty.put(content, { quirks: { maximumParts: 2 } })).rejects.toMatchObject({
    code: 'store.too-large',
  });
  await faulty.expectNothing();
});

test('a failure of the source is told as it is', async () => {
  const failure = new RangeError('no such page');
  async function* broken(): Bytes {
    yield content;
    throw failure;
  }
  await expect(faulty.put(broken())).rejects.toBe(failure);
  await faulty.expectNothing();
});

describe('where the store can refuse to overwrite', () => {
  const quirks = { conditionalPut: true };

  test('of ten who put the same key one wins', async () => {
    const store = await faulty.open({ quirks });
    const puts = Array.from({ length: 10 }, (_, index) =>
      store.put('k', bytesOf(`content ${index}`), { signal }),
    );
    const results = await Promise.allSettled(puts);
    const refusals = results.filter((result) => result.status === 'rejected');
    expect(refusals.map(({ reason }) => (reason as StoreError).code)).toEqual(Array(9).fill('store.exists'));
    expect(faulty.proxy.requests.find(({ method }) => method === 'PUT')?.headers['if-none-match']).toBe('*');
  });

  test.each([
    ['small', small],
    ['large', content],
  ])('a %s object does not overwrite another', async (_, bytes) => {
    await faulty.put(Buffer.from('other'));
    await expect(faulty.put(bytes, { quirks })).rejects.toMatchObject({ code: 'store.exists' });
    await faulty.expectStored(Buffer.from('other'));
  });

  test('a lost answer does not count as somebody else', async () => {
    faulty.proxy.inject('drop-reply', 'PutObject', 1);
    await faulty.put(small, { quirks });
    await faulty.expectStored(small);
  });

  test('nor where the store then does not say what it has', async () => {
    faulty.proxy.inject('drop-reply', 'PutObject', 1);
    faulty.proxy.inject({ answer: 503, code: 'SlowDown' }, 'HeadObject');
    await expect(faulty.put(small, { quirks })).rejects.toMatchObject({ code: 'store.undecided' });
    await faulty.expectStored(small);
  });

  test("what was refused at the first time is somebody else's, also where the store does not say more", async () => {
    await faulty.put(Buffer.from('other'));
    faulty.proxy.inject({ answer: 503, code: 'SlowDown' }, 'HeadObject');
    await expect(faulty.put(small, { quirks })).rejects.toMatchObject({ code: 'store.exists' });
  });
});

describe('cancelled', () => {
  const cancelled = async (operation: string, fault: Fault, settings: Partial<S3Settings> = {}) => {
    const stop = new AbortController();
    faulty.proxy.inject(fault, operation);
    const store = await faulty.open(settings);
    const putting = store.put('k', bytesOf(content), { signal: stop.signal });
    putting.catch(() => {});
    while (!faulty.proxy.operations().includes(operation)) await sleep(10);
    await sleep(50);
    stop.abort();
    await expect(putting).rejects.toThrow(CancelledError);
  };

  test.each(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])(
    'while %s goes unanswered, it leaves nothing',
    async (operation) => {
      await cancelled(operation, 'hang');
      await faulty.expectNothing();
    },
  );

  test('while the answer to the last request is awaited, it takes the object away again', async () => {
    await cancelled('CompleteMultipartUpload', { cutReplyAfter: 0, end: 'hang' });
    await faulty.expectNothing();
  });

  test('while it waits before a retry, it does not wait on', async () => {
    await cancelled('UploadPart', { answer: 503 }, { retryBaseMs: 3_600_000 });
    await faulty.expectNothing();
  });
});

test('every body has a Content-MD5, a length, and no newer checksum', async () => {
  const store = await faulty.open();
  await faulty.put(content);
  await store.put('small', bytesOf(small), { signal });
  await store.put('empty', bytesOf(''), { signal });
  await store.remove(['k', 'small'], { signal });
  const sent = faulty.proxy.requests.filter(({ operation }) =>
    /^(?:PutObject|UploadPart|DeleteObjects)$/.test(operation),
  );
  expect(sent).toHaveLength(6);
  for (const { operation, headers, body } of sent) {
    expect(headers['content-md5']).toBe(createHash('md5').update(body).digest('base64'));
    expect(headers['content-length']).toBe(`${body.byteLength}`);
    // The bytes of objects are not hashed once more for the signature; what is to be removed is.
    const hashed = operation === 'DeleteObjects' ? createHash('sha256').update(body).digest('hex') : null;
    expect(headers['x-amz-content-sha256']).toBe(hashed ?? 'UNSIGNED-PAYLOAD');
    expect(Object.keys(headers).filter((name) => name.includes('checksum'))).toEqual([]);
  }
});

test('where the store knows it, an upload of parts is completed on the condition that nothing is there', async () => {
  const quirks = { conditionalPut: true, conditionalComplete: true };
  await faulty.put(Buffer.alloc(20 * 1024 ** 2), { quirks });
  const completed = faulty.proxy.requests.find(({ operation }) => operation === 'CompleteMultipartUpload');
  expect(completed?.headers['if-none-match']).toBe('*');
});
