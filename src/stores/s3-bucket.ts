import type { Readable } from 'node:stream';
import { StoreError } from '../core/errors.ts';
import type { S3Connection, S3Settings } from './s3-client.ts';
import { codesOf, type Operation, s3Error } from './s3-errors.ts';

export interface Head {
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Encrypted with a key of the provider's key service: then the ETag is no MD5. */
  readonly keyService: boolean;
}

/** What every operation on one bucket, under one prefix, needs. */
export class S3Bucket {
  readonly connection: S3Connection;
  readonly name: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  readonly label: string;

  constructor({ bucket, prefix }: S3Settings, connection: S3Connection) {
    this.connection = connection;
    this.name = bucket;
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
      return error;
    }
  }

  /** As {@link head}; `denied` where the key may write but not look. */
  async headIfAllowed(key: string, signal: AbortSignal): Promise<Head | null | 'denied'> {
    try {
      return await this.head(key, signal);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'store.denied') return 'denied';
      throw error;
    }
  }
}
