import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import { CancelledError } from '../../src/core/errors.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import type { S3Suite } from '../kit/s3.ts';

const mebibyte = 1024 * 1024;
const { signal } = new AbortController();
const content = randomBytes(5 * mebibyte + 3);

describe.each<S3Suite>(['forky', 'bookworm'])('a download from Ceph of %s', (suite) => {
  const faulty = new FaultyS3(suite);

  const get = async (stallMs = 60_000): Promise<Buffer> => {
    const store = await faulty.open({ stallMs });
    await store.put('k', bytesOf(content), { signal });
    return collect(store.get('k', { signal }));
  };

  test.each([0, 1, mebibyte, content.byteLength - 1])(
    'that breaks after %i bytes goes on there',
    async (cutReplyAfter) => {
      faulty.proxy.inject({ cutReplyAfter, end: 'reset' }, 'GetObject', 1);
      expect((await get()).equals(content)).toBe(true);
    },
  );

  test('that falls silent goes on too', async () => {
    faulty.proxy.inject({ cutReplyAfter: mebibyte, end: 'hang' }, 'GetObject', 1);
    expect((await get(400)).equals(content)).toBe(true);
  });

  test('goes on as often as it takes while it comes nearer', async () => {
    faulty.proxy.inject({ cutReplyAfter: mebibyte, end: 'reset' }, 'GetObject', 5);
    expect((await get()).equals(content)).toBe(true);
  });

  test('that never comes nearer fails, and does not end early', async () => {
    faulty.proxy.inject({ cutReplyAfter: mebibyte, end: 'reset' }, 'GetObject', 1);
    faulty.proxy.inject({ cutReplyAfter: 0, end: 'reset' }, 'GetObject');
    await expect(get()).rejects.toMatchObject({ code: expect.stringMatching(/^store\./) });
  });

  test('never goes on in another object that took the place of the first', async () => {
    const store = await faulty.open();
    await store.put('k', bytesOf(content), { signal });
    faulty.proxy.inject({ cutReplyAfter: 2 * mebibyte, end: 'reset' }, 'GetObject', 1);
    const reading = async () => {
      for await (const _ of store.get('k', { signal })) {
        if (faulty.proxy.operations().filter((operation) => operation === 'GetObject').length > 1) continue;
        const other = { Bucket: faulty.bucket, Key: 'k', Body: randomBytes(content.byteLength) };
        await faulty.s3.admin.send(new PutObjectCommand(other));
      }
    };
    await expect(reading()).rejects.toThrow('PreconditionFailed');
  });

  test('from a store that can not go on in the middle fails', async () => {
    faulty.proxy.inject({ cutReplyAfter: mebibyte, end: 'reset' }, 'GetObject', 1);
    faulty.proxy.inject({ replyHeaders: { 'content-range': undefined } }, 'GetObject');
    await expect(get()).rejects.toThrow('can not go on in the middle');
  });

  test('stops when it is cancelled, also while it waits for bytes', async () => {
    const stop = new AbortController();
    const store = await faulty.open();
    await store.put('k', bytesOf(content), { signal });
    faulty.proxy.inject({ cutReplyAfter: mebibyte, end: 'hang' }, 'GetObject');
    const reading = collect(store.get('k', { signal: stop.signal }));
    reading.catch(() => {});
    while (!faulty.proxy.operations().includes('GetObject')) await sleep(10);
    await sleep(100);
    stop.abort();
    await expect(reading).rejects.toThrow(CancelledError);
  });

  test('may be left half-way', async () => {
    const store = await faulty.open();
    await store.put('k', bytesOf(content), { signal });
    for await (const _ of store.get('k', { signal })) break;
    expect((await collect(store.get('k', { signal }))).equals(content)).toBe(true);
  });

  test('a reader that takes its time is no silent store', async () => {
    const store = await faulty.open({ stallMs: 200 });
    await store.put('k', bytesOf(content), { signal });
    let pauses = 2;
    let bytes = 0;
    for await (const chunk of store.get('k', { signal })) {
      bytes += chunk.byteLength;
      if (pauses > 0) await sleep(500);
      pauses -= 1;
    }
    expect(bytes).toBe(content.byteLength);
    expect(faulty.proxy.operations().filter((operation) => operation === 'GetObject')).toHaveLength(1);
  });
});
