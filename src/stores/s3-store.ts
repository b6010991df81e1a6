import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Bytes } from '../core/bytes.ts';
import { HoldfastError, StoreError, throwIfCancelled } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import type { PutOptions, Removal, Store, StoredObject } from '../core/store.ts';
import { choosePartSize } from './part-size.ts';
import { connectS3, type S3Connection, type S3Settings } from './s3-client.ts';
import { codesOf, type Operation, s3Error } from './s3-errors.ts';
import { removeKeys } from './s3-remove.ts';
import { cutInto, type Uploaded, uploadParts } from './s3-upload.ts';

interface Signalled {
  readonly signal: AbortSignal;
}

/** How often a broken download goes on where it stopped. */
const resumes = 3;

export async function openS3Store(settings: S3Settings): Promise<Store> {
  return new S3Store(settings, await connectS3(settings));
}

/** A bucket, under a prefix, of any S3-compatible store. */
class S3Store implements Store {
  readonly label: string;
  readonly #connection: S3Connection;
  readonly #settings: S3Settings;
  readonly #prefix: string;

  constructor(settings: S3Settings, connection: S3Connection) {
    this.#settings = settings;
    this.#connection = connection;
    this.#prefix = settings.prefix === '' ? '' : `${settings.prefix}/`;
    this.label = `s3://${settings.bucket}${settings.prefix === '' ? '' : `/${settings.prefix}`}`;
  }

  fetchCommand(key: string): string {
    const { endpoint, region, bucket } = this.#settings;
    const options = [
      ...(endpoint === undefined ? [] : ['--endpoint-url', endpoint]),
      ...(region === undefined ? [] : ['--region', region]),
    ];
    return ['aws', 's3', 'cp', ...options, `s3://${bucket}/${this.#prefix}${key}`, '-'].map(quote).join(' ');
  }

  async put(key: string, content: Bytes, { signal, expectedBytes = 0 }: PutOptions): Promise<StoredObject> {
    return this.#translated('put', key, async () => {
      throwIfCancelled(signal);
      const { preset } = this.#connection;
      if (!preset.conditionalPut && (await this.stat(key, { signal })) !== null) throw this.#exists(key);
      const partBytes = choosePartSize(expectedBytes, preset);
      const parts = cutInto(content, partBytes);
      try {
        const first = (await parts.next()).value as Buffer;
        const second = first.byteLength < partBytes ? undefined : (await parts.next()).value;
        const uploaded =
          second === undefined
            ? await this.#putWhole(key, first, signal)
            : await this.#putParts(key, partBytes, chain([first, second], parts), signal);
        return { key, bytes: uploaded.bytes };
      } finally {
        await parts.return();
      }
    });
  }

  get(key: string, { signal }: Signalled): Bytes {
    return this.#read(key, signal);
  }

  async stat(key: string, { signal }: Signalled): Promise<StoredObject | null> {
    const head = await this.#head(key, signal);
    return head === null ? null : { key, bytes: head.bytes };
  }

  async *list(prefix: string, { signal }: Signalled): AsyncIterable<StoredObject> {
    const { sdk, client } = this.#connection;
    const Prefix = this.#prefix + prefix;
    let ContinuationToken: string | undefined;
    do {
      const query = { Bucket: this.#settings.bucket, Prefix, ContinuationToken };
      const page = await this.#translated('list', '', () =>
        client.send(new sdk.ListObjectsV2Command(query), { abortSignal: signal }),
      );
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        yield { key: Key.slice(this.#prefix.length), bytes: Size };
      }
      ContinuationToken = page.NextContinuationToken;
      if (page.IsTruncated && ContinuationToken === undefined) throw this.#brokenListing();
    } while (ContinuationToken !== undefined);
  }

  async remove(keys: readonly string[], { signal }: Signalled): Promise<Removal> {
    if (keys.length === 0) return { removed: [], kept: [] };
    const cut = (key: string): string => key.slice(this.#prefix.length);
    return this.#translated('remove', keys[0] as string, async () => {
      const result = await removeKeys({
        connection: this.#connection,
        bucket: this.#settings.bucket,
        keys: keys.map((key) => this.#prefix + key),
        signal,
      });
      return {
        ...result,
        removed: result.removed.map(cut),
        kept: result.kept.map(({ key, reason }) => ({ key: cut(key), reason })),
      };
    });
  }

  async #putWhole(key: string, Body: Buffer, signal: AbortSignal): Promise<Uploaded> {
    const { sdk, client, preset } = this.#connection;
    const uploaded = { bytes: Body.byteLength, etag: createHash('md5').update(Body).digest('hex') };
    const condition = preset.conditionalPut ? { IfNoneMatch: '*' } : {};
    try {
      const command = new sdk.PutObjectCommand({ ...this.#target(key), Body, ...condition });
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      // The answer may be lost though the object is there, and its second sending then refused.
      if (signal.aborted) throw error;
      if (await this.#isThere(key, uploaded, signal)) return uploaded;
      throw codesOf(error).includes('412') ? this.#exists(key, error) : error;
    }
    await this.#assertStored(key, uploaded, signal);
    return uploaded;
  }

  async #putParts(
    key: string,
    partBytes: number,
    parts: AsyncIterable<Buffer>,
    signal: AbortSignal,
  ): Promise<Uploaded> {
    const { bucket } = this.#settings;
    const request = { connection: this.#connection, bucket, key: this.#prefix + key, partBytes, signal };
    const uploaded = await uploadParts(request, parts, (sent) => this.#isThere(key, sent, signal));
    await this.#assertStored(key, uploaded, signal);
    return uploaded;
  }

  /** Whether the store has exactly what we sent; a failure to ask counts as no. */
  async #isThere(key: string, { bytes, etag }: Uploaded, signal: AbortSignal): Promise<boolean> {
    const head = await this.#head(key, signal).catch(() => null);
    return head !== null && head.bytes === bytes && (head.etag === etag || !this.#comparable(etag));
  }

  async #assertStored(key: string, { bytes, etag }: Uploaded, signal: AbortSignal): Promise<void> {
    const head = await this.#head(key, signal).catch((error: unknown) => {
      // A key that may only write can't look either; its put was answered with success.
      if ((error as HoldfastError).code === 'store.denied') return undefined;
      throw error;
    });
    if (head === undefined) return;
    const same = head !== null && head.bytes === bytes && (head.etag === etag || !this.#comparable(etag));
    if (same) return;
    await this.remove([key], { signal }).catch(() => {});
    throw new StoreError(
      `${key} in ${this.label} is not what was sent: ${head?.bytes ?? 0} bytes instead of ${bytes}, or other ones.`,
      {
        code: 'store.mismatch',
        hint: 'Run it again; if it repeats, the store does not keep what it is given.',
      },
    );
  }

  /** Some stores have other ETags for multipart uploads, and encrypted buckets for everything. */
  #comparable(etag: string): boolean {
    return (
      this.#connection.preset.multipartEtag ||
      (!etag.includes('-') && this.#connection.preset.label !== 'AWS S3')
    );
  }

  async #head(key: string, signal: AbortSignal): Promise<{ bytes: number; etag: string } | null> {
    const { sdk, client } = this.#connection;
    return this.#translated('stat', key, async () => {
      try {
        const { ContentLength = 0, ETag = '' } = await client.send(
          new sdk.HeadObjectCommand(this.#target(key)),
          {
            abortSignal: signal,
          },
        );
        return { bytes: ContentLength, etag: ETag.replaceAll('"', '') };
      } catch (error) {
        const codes = codesOf(error);
        if (codes.includes('404') && !codes.includes('NoSuchBucket')) return null;
        throw error;
      }
    });
  }

  async *#read(key: string, signal: AbortSignal): Bytes {
    const whole = await this.#open(key, 0, undefined, signal);
    let at = 0;
    let body = whole.body;
    for (let resumed = 0; ; resumed += 1) {
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          at += chunk.byteLength;
          yield chunk;
        }
        if (at === whole.bytes) return;
        throw new Error('the answer ended early');
      } catch (error) {
        throwIfCancelled(signal);
        if (resumed >= resumes) throw s3Error(this.label, 'get', key, error);
      }
      body = (await this.#open(key, at, whole.etag, signal)).body;
    }
  }

  async #open(key: string, from: number, etag: string | undefined, signal: AbortSignal) {
    const { sdk, client } = this.#connection;
    const range =
      from === 0 ? {} : { Range: `bytes=${from}-`, ...(etag === undefined ? {} : { IfMatch: etag }) };
    return this.#translated('get', key, async () => {
      try {
        const command = new sdk.GetObjectCommand({ ...this.#target(key), ...range });
        const answer = await client.send(command, { abortSignal: signal });
        return { body: answer.Body as Readable, bytes: answer.ContentLength ?? 0, etag: answer.ETag };
      } catch (error) {
        if (!codesOf(error).includes('NoSuchKey')) throw error;
        throw new StoreError(`There is no ${key} in ${this.label}.`, {
          code: 'store.not-found',
          cause: error,
        });
      }
    });
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#settings.bucket, Key: this.#prefix + key };
  }

  #exists(key: string, cause?: unknown): StoreError {
    return new StoreError(`${key} is in ${this.label} already and is not overwritten.`, {
      code: 'store.exists',
      cause,
    });
  }

  #brokenListing(): StoreError {
    return new StoreError(`The listing of ${this.label} ended early.`, { code: 'store.listing' });
  }

  async #translated<T>(operation: Operation, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw isOurs(error) ? error : s3Error(this.label, operation, key, error);
    }
  }
}

/** An error of the content that is being put is told as it is. */
function isOurs(error: unknown): boolean {
  return error instanceof HoldfastError;
}

async function* chain(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
