import { createHash } from 'node:crypto';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import type { Store, StoredObject } from '../../src/core/store.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { type HttpProxy, startHttpProxy } from './http-proxy.ts';
import { type S3Server, type S3Suite, startS3 } from './s3.ts';

/** A store whose server can be made to fail. One server for all tests of a file, an empty bucket for each. */
export class FaultyS3 {
  s3!: S3Server;
  proxy!: HttpProxy;
  bucket!: string;

  constructor(suite: S3Suite = 'forky') {
    beforeAll(async () => {
      this.s3 = await startS3(suite);
      this.proxy = await startHttpProxy(this.s3.endpoint);
    });
    afterAll(async () => {
      await this.proxy.stop();
      await this.s3.stop();
    });
    beforeEach(async () => {
      this.proxy.forget();
      this.bucket = await this.s3.createBucket();
    });
  }

  /** Through the proxy. */
  open(settings: Partial<S3Settings> = {}): Promise<Store> {
    return openS3Store({ ...this.s3.settings(this.bucket), endpoint: this.proxy.endpoint, ...settings });
  }

  /** Puts the key `k` through the proxy. */
  async put(content: Uint8Array | Bytes, settings: Partial<S3Settings> = {}): Promise<StoredObject> {
    const bytes = content instanceof Uint8Array ? bytesOf(content) : content;
    return (await this.open(settings)).put('k', bytes, { signal: new AbortController().signal });
  }

  /** Sizes of the objects that are there, asked without the proxy. */
  async stored(): Promise<number[]> {
    const { Contents = [] } = await this.s3.admin.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    return Contents.map(({ Size = -1 }) => Size);
  }

  /** The key `k` has these bytes, nothing else is there, and nothing unfinished. */
  async expectStored(bytes: Uint8Array): Promise<void> {
    const store = await openS3Store(this.s3.settings(this.bucket));
    const hash = createHash('sha256');
    for await (const chunk of store.get('k', { signal: new AbortController().signal })) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await this.stored()).toEqual([bytes.byteLength]);
    expect(await this.s3.pendingUploads(this.bucket)).toBe(0);
  }

  async expectNothing(): Promise<void> {
    expect(await this.stored()).toEqual([]);
    expect(await this.s3.pendingUploads(this.bucket)).toBe(0);
  }
}
