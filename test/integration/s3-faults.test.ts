import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesOf } from '../../src/core/bytes.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { type S3Server, startS3 } from '../kit/s3.ts';

let s3: S3Server;
let proxy: HttpProxy;
beforeAll(async () => {
  s3 = await startS3();
  proxy = await startHttpProxy(s3.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await s3.stop();
});
test('smoke', async () => {
  const bucket = await s3.createBucket();
  const store = await openS3Store({ ...s3.settings(bucket), endpoint: proxy.endpoint });
  const { signal } = new AbortController();
  proxy.inject('reset', 'UploadPart', 1);
  await store.put('a', bytesOf(randomBytes(20 << 20)), { signal, expectedBytes: 20 << 20 });
  expect(proxy.operations()).toEqual([]);
});
