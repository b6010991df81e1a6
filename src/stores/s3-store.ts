import type { _Object } from '@aws-sdk/client-s3';
import { ahead, type Bytes } from '../core/bytes.ts';
import { quote } from '../core/quote.ts';
import type { PutOptions, Removal, Store, StoredObject, Unfinished } from '../core/store.ts';
import { nextMarks } from './next-marks.ts';
import { type PageObject, takeObjects } from './page-objects.ts';
import { S3Bucket } from './s3-bucket.ts';
import { connectS3, type S3Settings } from './s3-client.ts';
import { getObject } from './s3-get.ts';
import { assertLocks } from './s3-lock.ts';
import { putObject } from './s3-put.ts';
import { hasTrace, removeKeys } from './s3-remove.ts';
import { abandonUploads, unfinishedUploads } from './s3-unfinished.ts';

interface Signalled {
  readonly signal: AbortSignal;
}

/**
 * Asks the store nothing, unless objects are to be locked: then it fails here where the bucket can't.
 * @param signal for that question
 */
export async function openS3Store(settings: S3Settings, signal?: AbortSignal): Promise<Store> {
  const bucket = new S3Bucket(settings, await connectS3(settings));
  if (bucket.lock !== null) await assertLocks(bucket, signal);
  return new S3Store(settings.endpoint, bucket);
}

/** A bucket, under a prefix, of any S3-compatible store. */
class S3Store implements Store {
  readonly label: string;
  readonly #bucket: S3Bucket;
  readonly #endpoint: string | undefined;

  constructor(endpoint: string | undefined, bucket: S3Bucket) {
    this.#endpoint = endpoint;
    this.#bucket = bucket;
    this.label = bucket.label;
  }

  get clockAheadMs(): number | null {
    return this.#bucket.connection.clock.aheadMs;
  }

  fetchCommand(key: string): string {
    const { connection, name, prefix } = this.#bucket;
    const options = [
      ...(this.#endpoint === undefined ? [] : ['--endpoint-url', this.#endpoint]),
      ...(connection.region === undefined ? [] : ['--region', connection.region]),
    ];
    return ['aws', 's3', 'cp', ...options, `s3://${name}/${prefix}${key}`, '-'].map(quote).join(' ');
  }

  put(key: string, content: Bytes, options: PutOptions): Promise<StoredObject> {
    return putObject(this.#bucket, key, content, options);
  }

  get(key: string, { signal }: Signalled): Bytes {
    return getObject(this.#bucket, key, signal);
  }

  async stat(key: string, { signal }: Signalled): Promise<StoredObject | null> {
    const head = await this.#bucket.head(key, signal);
    return head === null ? null : { key, bytes: head.bytes };
  }

  async *list(prefix: string, options: Signalled): AsyncIterable<StoredObject> {
    const { prefix: own } = this.#bucket;
    for await (const contents of ahead(this.#pages(prefix, options))) {
      for (const { key, ...object } of contents) yield { key: key.slice(own.length), ...object };
    }
  }

  async *#pages(prefix: string, { signal }: Signalled): AsyncGenerator<readonly PageObject[]> {
    const bucket = this.#bucket;
    const { sdk, client } = bucket.connection;
    const query = { Bucket: bucket.name, Prefix: bucket.prefix + prefix };
    let marks: { readonly ContinuationToken?: string | undefined } | null = {};
    while (marks !== null) {
      const asked: { readonly ContinuationToken?: string | undefined } = marks;
      const command = new sdk.ListObjectsV2Command({ ...query, ...asked });
      const taken = takeObjects(command);
      const page = await bucket.translated('list', '', () => client.send(command, { abortSignal: signal }));
      yield taken() ?? (page.Contents ?? []).map(asPageObject);
      const next = { ContinuationToken: page.NextContinuationToken };
      marks = nextMarks(page.IsTruncated, next, { ...asked }, bucket.label);
    }
  }

  async folders(prefix: string, { signal }: Signalled): Promise<string[]> {
    const bucket = this.#bucket;
    const { sdk, client } = bucket.connection;
    const Prefix = bucket.prefix + prefix;
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix, Delimiter: '/' });
    const page = await bucket.translated('list', '', () => client.send(command, { abortSignal: signal }));
    return (page.CommonPrefixes ?? []).map((found) => (found.Prefix ?? '').slice(Prefix.length, -1));
  }

  remove(keys: readonly string[], { signal }: Signalled): Promise<Removal> {
    return removeKeys(this.#bucket, keys, signal);
  }

  hasTrace(key: string, { signal }: Signalled): Promise<boolean> {
    return hasTrace(this.#bucket, key, signal);
  }

  unfinished(prefix: string, { signal }: Signalled): AsyncIterable<Unfinished> {
    return unfinishedUploads(this.#bucket, prefix, signal);
  }

  abandon(uploads: readonly Pick<Unfinished, 'key' | 'id'>[], { signal }: Signalled): Promise<Removal> {
    return abandonUploads(this.#bucket, uploads, signal);
  }
}

function asPageObject({ Key: key = '', Size: bytes = 0, LastModified: modifiedAt }: _Object): PageObject {
  return { key, bytes, ...(modifiedAt && { modifiedAt }) };
}
