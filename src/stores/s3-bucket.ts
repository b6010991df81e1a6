import type { Readable } from 'node:stream';
import { SpareParts } from '../core/cutter.ts';
import { StoreError } from '../core/errors.ts';
import type { S3Connection, S3Settings } from './s3-client.ts';
import { codesOf, type Operation, s3Error } from './s3-errors.ts';
import type { LockSettings } from './s3-lock.ts';

export interface Head {
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Encrypted with a key of the provider's key service, or that can't be told: then the ETag is no MD5. */
  readonly keyService: boolean;
}

/** What every operation on one bucket, under one prefix, needs. */
export class S3Bucket {
  readonly connection: S3Connection;
  readonly name: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  readonly label: string;
  /** `null`: objects are not locked. */
  readonly lock: LockSettings | null;
  readonly onUpload: NonNullable<S3Settings['onUpload']>;
  /** For all that is put into it. */
  readonly spareParts = new SpareParts();

  constructor({ bucket, prefix, lock, onUpload }: S3Settings, connection: S3Connection) {
    this.onUpload = onUpload ?? (() => {});
    this.connection = connection;
    this.name = bucket;
    this.lock = lock ?? null;
    this.prefix = prefix === '' ? '' : `${prefix}/`;
    this.label = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  }

  target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.name, Key: this.prefix + key };
  }

  /** Runs `work`, and tells its failure as a sentence. */
  async translated<T>(operation: Operation, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.translate(operation, key, error);
    }
  }

  translate(operation: Operation, key: string, error: unknown): Error {
    return s3Error(this.label, operation, key, error);
  }

  /** `null` for a missing key, and for a missing bucket: a HEAD does not tell them apart. */
  async head(key: string, signal: AbortSignal): Promise<Head | null> {
    const { sdk, client } = this.connection;
    return this.translated('stat', key, async () => {
      try {
        const command = new sdk.HeadObjectCommand(this.target(key));
        const answer = await client.send(command, { abortSignal: signal });
        return {
          bytes: answer.ContentLength ?? 0,
          etag: (answer.ETag ?? '').replaceAll('"', ''),
          keyService: answer.ServerSideEncryption?.startsWith('aws:kms') ?? false,
        };
      } catch (error) {
        if (codesOf(error).includes('404')) return null;
        throw await this.#reasonFor(error, key, signal);
      }
    });
  }

  /** The answer to a HEAD has no body and so no reason: a GET is refused in words. */
  async #reasonFor(refusal: unknown, key: string, signal: AbortSignal): Promise<unknown> {
    const status = (refusal as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    if (status < 300 || status >= 500) return refusal;
    const { sdk, client } = this.connection;
    try {
      const command = new sdk.GetObjectCommand({ ...this.target(key), Range: 'bytes=0-0' });
      const { Body } = await client.send(command, { abortSignal: signal });
      (Body as Readable).destroy();
      return refusal;
    } catch (error) {
      // That there is no such key is no reason for another refusal.
      return codesOf(error).includes('NoSuchKey') ? refusal : error;
    }
  }

  /** As {@link head}, or by listing the key where it may not be read; `denied` where neither is allowed. */
  async headIfAllowed(key: string, signal: AbortSignal): Promise<Head | null | 'denied'> {
    return unlessDenied(
      () => this.head(key, signal),
      () =>
        unlessDenied(
          () => this.#listed(key, signal),
          async () => 'denied' as const,
        ),
    );
  }

  /** What a listing tells of the key; `null` for a missing one. */
  async #listed(key: string, abortSignal: AbortSignal): Promise<Head | null> {
    const { Bucket, Key } = this.target(key);
    return this.translated('list', key, async () => {
      const { sdk, client } = this.connection;
      // The key itself comes first of all that begin with it.
      const command = new sdk.ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 });
      const { Contents: [found] = [] } = await client.send(command, { abortSignal });
      if (found?.Key !== Key) return null;
      return { bytes: found.Size ?? 0, etag: (found.ETag ?? '').replaceAll('"', ''), keyService: true };
    });
  }
}

async function unlessDenied<T, U>(work: () => Promise<T>, otherwise: () => Promise<U>): Promise<T | U> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError && error.code === 'store.denied') return otherwise();
    throw error;
  }
}
