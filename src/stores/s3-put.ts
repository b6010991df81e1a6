import { createHash } from 'node:crypto';
import type { Bytes } from '../core/bytes.ts';
import { Cutter } from '../core/cutter.ts';
import { StoreError, throwIfCancelled } from '../core/errors.ts';
import type { PutOptions, StoredObject } from '../core/store.ts';
import { choosePartSize } from './part-size.ts';
import type { Head, S3Bucket } from './s3-bucket.ts';
import { attemptsOf, codesOf, SourceFailure } from './s3-errors.ts';
import { assertLocked, type Lock, lockFromNow, lockHeaders } from './s3-lock.ts';
import { removeKeys } from './s3-remove.ts';
import { type Sent, uploadParts } from './s3-upload.ts';

/** How long a cancelled put may take to find out what became of its last request, in milliseconds. */
const withdrawMs = 2000;
/** Of it the part in which that request may still be answered. */
const answerMs = 1000;

/** Stores the whole content, or nothing. What is smaller than a part is one request, anything else a multipart upload. */
export async function putObject(
  bucket: S3Bucket,
  key: string,
  content: Bytes,
  { signal, expectedBytes = 0 }: PutOptions,
): Promise<StoredObject> {
  return bucket.translated('put', key, async () => {
    throwIfCancelled(signal);
    const { preset } = bucket.connection;
    const partBytes = choosePartSize(expectedBytes, preset);
    const cutter = new Cutter(partBytes, bucket.spareParts);
    const parts = cutter.cut(markFailures(content));
    try {
      const first = (await parts.next()).value as Buffer<ArrayBuffer>;
      throwIfCancelled(signal);
      // More follows, but where it is exactly that; the source stands still until the upload has begun.
      const isFull = first.byteLength === partBytes;
      if (isFull || !preset.conditionalPut) await assertFree(bucket, key, signal);
      const lock = lockFromNow(bucket);
      const sent = isFull
        ? await uploadParts({
            bucket,
            key,
            signal,
            lock,
            parts: startingWith(first, parts),
            giveBack: (part) => cutter.giveBack(part),
            commit: (made, complete) => commit({ bucket, key, lock, signal }, made, complete),
          })
        : await putWhole({ bucket, key, lock, signal }, first, (part) => cutter.giveBack(part));
      return { key, bytes: sent.bytes };
    } finally {
      await parts.return();
    }
  });
}

/** One object that is put. */
interface Put {
  readonly bucket: S3Bucket;
  readonly key: string;
  /** `null`: it is not locked. */
  readonly lock: Lock | null;
  readonly signal: AbortSignal;
}

async function putWhole(
  put: Put,
  Body: Buffer<ArrayBuffer>,
  giveBack: (part: Buffer<ArrayBuffer>) => void,
): Promise<Sent> {
  const { bucket, key, lock } = put;
  const { sdk, client, preset } = bucket.connection;
  const md5 = createHash('md5').update(Body).digest();
  const sent = { bytes: Body.byteLength, etag: md5.toString('hex') };
  const command = new sdk.PutObjectCommand({
    ...bucket.target(key),
    ...lockHeaders(lock),
    Body,
    ContentMD5: md5.toString('base64'),
    ...(preset.conditionalPut ? { IfNoneMatch: '*' } : {}),
  });
  let attempts: number | undefined;
  await commit(put, sent, async (abortSignal) => {
    ({ attempts } = (await client.send(command, { abortSignal })).$metadata);
  });
  // One that was given up may still be on its way, and would carry what comes next.
  if (attempts === 1) giveBack(Body);
  return sent;
}

/**
 * Sends the request that makes the object visible, and asks the store what it has. Its answer may be lost, or say that
 * it failed the second time because it succeeded the first time: what the store has decides.
 */
async function commit(
  put: Put,
  sent: Sent,
  request: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { bucket, key, lock, signal } = put;
  try {
    await request(somewhatLater(signal));
  } catch (error) {
    const cancelled = signal.aborted;
    const found = await (cancelled ? withdrawOurs(bucket, key, sent) : look(bucket, key, sent, signal));
    if (cancelled || found !== 'ours') throw whyNotStored(put, found, error);
  }
  try {
    await assertStored(bucket, key, sent, signal);
    await assertLocked(bucket, key, lock, signal);
  } catch (error) {
    await withdraw(bucket, key, AbortSignal.timeout(withdrawMs));
    throw error;
  }
}

/** Cancelled while its last request is on its way: the answer is waited for, so that the store can't do it after the look. */
function somewhatLater(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const abort = (): void => later.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', () => setTimeout(abort, answerMs).unref(), { once: true });
  return later.signal;
}

/** Unique keys make this a second line of defence: between the look and the put somebody else may still come. */
async function assertFree(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<void> {
  const head = await bucket.headIfAllowed(key, signal);
  if (head !== null && head !== 'denied') throw alreadyThere(bucket, key);
}

async function assertStored(bucket: S3Bucket, key: string, sent: Sent, signal: AbortSignal): Promise<void> {
  const head = await bucket.headIfAllowed(key, signal);
  // A key that may only write, and not even list, can't look; its put was answered with success.
  if (head === 'denied' || (head !== null && isSame(bucket, head, sent))) return;
  const what = head === null ? 'is not there' : `has ${head.bytes} bytes`;
  throw new StoreError(
    `${key} in ${bucket.label} is not what was sent: ${sent.bytes} bytes were, it ${what}${head?.bytes === sent.bytes ? ', but others' : ''}.`,
    {
      code: 'store.mismatch',
      hint: 'Run it again; if it repeats, the store does not keep what it is given.',
    },
  );
}

/** `ours`: exactly what we sent; `unknown`: the store could not be asked. */
type Found = 'ours' | 'not ours' | 'unknown';

async function look(bucket: S3Bucket, key: string, sent: Sent, signal: AbortSignal): Promise<Found> {
  const head = await bucket.headIfAllowed(key, signal).catch(() => 'denied' as const);
  if (head === 'denied') return 'unknown';
  return head !== null && isSame(bucket, head, sent) ? 'ours' : 'not ours';
}

/** That it is there already may be our own doing, where the request was sent more than once. */
function whyNotStored({ bucket, key }: Put, found: Found, error: unknown): unknown {
  if (!codesOf(error).includes('412')) return error;
  return found === 'not ours' || attemptsOf(error) === 1
    ? alreadyThere(bucket, key, error)
    : undecided(bucket, key, error);
}

function isSame(bucket: S3Bucket, head: Head, sent: Sent): boolean {
  const { md5Etag, multipartEtag } = bucket.connection.preset;
  const comparable = !head.keyService && (sent.etag.includes('-') ? multipartEtag : md5Etag);
  return head.bytes === sent.bytes && (head.etag === sent.etag || !comparable);
}

/** After a cancelled request nobody knows what came of it: what is there is taken away only when it is ours. */
async function withdrawOurs(bucket: S3Bucket, key: string, sent: Sent): Promise<Found> {
  const signal = AbortSignal.timeout(withdrawMs - answerMs);
  const found = await look(bucket, key, sent, signal);
  if (found === 'ours') await withdraw(bucket, key, signal);
  return found;
}

/** As well as it goes: the failure that led here is the one to tell. */
async function withdraw(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<void> {
  await removeKeys(bucket, [key], signal).catch(() => {});
}

function alreadyThere(bucket: S3Bucket, key: string, cause?: unknown): StoreError {
  return new StoreError(`${key} is in ${bucket.label} already and is not overwritten.`, {
    code: 'store.exists',
    cause,
  });
}

function undecided({ label }: S3Bucket, key: string, cause: unknown): StoreError {
  return new StoreError(
    `Nobody knows whether ${key} in ${label} is what was sent: the answer to it was lost, and the store did not say what it has.`,
    {
      code: 'store.undecided',
      hint: 'Run it again later; if it repeats, look at the status page of the storage provider.',
      cause,
    },
  );
}

async function* markFailures(content: Bytes): Bytes {
  try {
    yield* content;
  } catch (error) {
    throw new SourceFailure('the source failed', { cause: error });
  }
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
