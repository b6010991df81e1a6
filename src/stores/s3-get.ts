import type { IncomingMessage } from 'node:http';
import { type Bytes, unlessSilent } from '../core/bytes.ts';
import { StoreError, throwIfCancelled } from '../core/errors.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { codesOf } from './s3-errors.ts';

/** How often in a row, without a byte between, a broken download is taken up where it stopped. */
const resumes = 3;

/** The bytes of an object, whole or with a throw. */
export async function* getObject(bucket: S3Bucket, key: string, signal: AbortSignal): Bytes {
  const { stallMs } = bucket.connection;
  const silence = (): void => {
    body.destroy(new Error(`nothing came for ${stallMs / 1000} s`));
  };
  const whole = await open(bucket, key, signal);
  let { body } = whole;
  let at = 0;
  let broken = 0;
  while (true) {
    try {
      for await (const chunk of unlessSilent(body, stallMs, silence)) {
        at += chunk.byteLength;
        broken = 0;
        yield chunk;
      }
      assertWhole(at, whole.bytes);
      return;
    } catch (error) {
      throwIfCancelled(signal);
      broken += 1;
      if (broken > resumes) throw bucket.translate('get', key, error);
    }
    body = await reopen(bucket, key, signal, at, whole.etag);
  }
}

function assertWhole(at: number, bytes: number | undefined): void {
  if (bytes !== undefined && at !== bytes) {
    throw new Error(`the answer ended after ${at} of ${bytes} bytes`);
  }
}

async function open(bucket: S3Bucket, key: string, signal: AbortSignal) {
  const { sdk, client } = bucket.connection;
  return bucket.translated('get', key, async () => {
    try {
      const command = new sdk.GetObjectCommand(bucket.target(key));
      const { Body, ContentLength, ETag } = await client.send(command, { abortSignal: signal });
      return { body: untimed(Body), bytes: ContentLength, etag: ETag };
    } catch (error) {
      const codes = codesOf(error);
      if (!codes.includes('404') || codes.includes('NoSuchBucket')) throw error;
      throw new StoreError(`There is no ${key} in ${bucket.label}.`, {
        code: 'store.not-found',
        cause: error,
      });
    }
  });
}

/** The rest of the same object: `If-Match` refuses another one that took its place. */
async function reopen(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal,
  from: number,
  etag: string | undefined,
): Promise<IncomingMessage> {
  const { sdk, client } = bucket.connection;
  return bucket.translated('get', key, async () => {
    const pinned = etag === undefined ? {} : { IfMatch: etag };
    const command = new sdk.GetObjectCommand({ ...bucket.target(key), Range: `bytes=${from}-`, ...pinned });
    const { Body, ContentRange } = await client.send(command, { abortSignal: signal });
    const body = untimed(Body);
    if (ContentRange?.startsWith(`bytes ${from}-`)) return body;
    body.destroy();
    throw new Error('the download broke, and the store can not go on in the middle of an object');
  });
}

/** Without the SDK's own timeout, which would also count a reader that takes its time. */
function untimed(body: unknown): IncomingMessage {
  return (body as IncomingMessage).setTimeout(0);
}
