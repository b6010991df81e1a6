import { createHash } from 'node:crypto';
import { StoreError, throwIfCancelled } from '../core/errors.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { SourceFailure } from './s3-errors.ts';
import { type Lock, lockHeaders } from './s3-lock.ts';

/** Parts under way at a time; with the one being filled, memory is five parts. */
const concurrency = 2;
/** How long giving up may take altogether, in milliseconds: a cancelled job is ended after seven seconds. */
const abortMs = 3000;

/** What was sent. */
export interface Sent {
  readonly bytes: number;
  /** The store's ETag of it where that is made of MD5s, without quotes. */
  readonly etag: string;
}

export interface Upload {
  readonly bucket: S3Bucket;
  readonly key: string;
  /** Of equal size but for the last. Buffers, so that a part can be sent again. */
  readonly parts: AsyncIterable<Buffer<ArrayBuffer>>;
  /** Called for each part that the store has, but for those that it was sent more than once: the first time may still be on its way. */
  readonly giveBack: (part: Buffer<ArrayBuffer>) => void;
  /** `null`: it is not locked. */
  readonly lock: Lock | null;
  readonly signal: AbortSignal;
  /** Runs `complete` and makes sure of what came of it. */
  readonly commit: (sent: Sent, complete: (signal: AbortSignal) => Promise<unknown>) => Promise<void>;
}

interface UploadId {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

/** Uploads parts as they come. Whatever fails, the upload is aborted, so that nothing visible and nothing billed remains. */
export async function uploadParts(upload: Upload): Promise<Sent> {
  const { bucket, key, signal, commit } = upload;
  const { sdk, client, preset } = bucket.connection;
  const { id, repeated } = await create(upload);
  let limit: AbortSignal | undefined;
  try {
    const { parts, sent } = await sendParts(upload, id);
    throwIfCancelled(signal);
    const command = new sdk.CompleteMultipartUploadCommand({
      ...id,
      MultipartUpload: { Parts: parts },
      ...(preset.conditionalComplete ? { IfNoneMatch: '*' } : {}),
    });
    await commit(sent, (abortSignal) => client.send(command, { abortSignal }));
    return sent;
  } catch (error) {
    const told = bucket.translate('put', key, error);
    limit = AbortSignal.timeout(abortMs);
    const remains = await abort(bucket, id, limit);
    if (remains !== null) told.message += ` ${remains}`;
    throw error instanceof SourceFailure ? error : told;
  } finally {
    if (repeated) await abortOthers(bucket, key, id.UploadId, limit);
  }
}

/** When its answer is lost and it is asked again, there is a second upload, whose id nobody knows. */
async function create({ bucket, key, lock, signal }: Upload): Promise<{ id: UploadId; repeated: boolean }> {
  const { sdk, client } = bucket.connection;
  const target = bucket.target(key);
  try {
    const command = new sdk.CreateMultipartUploadCommand({ ...target, ...lockHeaders(lock) });
    const { UploadId, $metadata } = await client.send(command, { abortSignal: signal });
    if (UploadId !== undefined) bucket.onUpload({ key, id: UploadId });
    return { id: { ...target, UploadId }, repeated: ($metadata.attempts ?? 1) > 1 };
  } catch (error) {
    await abortOthers(bucket, key, undefined);
    throw error;
  }
}

async function sendParts(
  { bucket, parts, giveBack, signal }: Upload,
  id: UploadId,
): Promise<{ parts: SentPart[]; sent: Sent }> {
  const { sdk, client, preset } = bucket.connection;
  // Aborted with the first failure, which ends the other parts too.
  const failed = new AbortController();
  const during = AbortSignal.any([signal, failed.signal]);
  const inFlight = new Set<Promise<void>>();
  const done: SentPart[] = [];
  const digests = createHash('md5');
  let bytes = 0;
  let number = 0;
  const send = async (PartNumber: number, Body: Buffer<ArrayBuffer>, md5: Buffer): Promise<void> => {
    try {
      const part = { ...id, PartNumber, Body, ContentMD5: md5.toString('base64') };
      const { ETag, $metadata } = await client.send(new sdk.UploadPartCommand(part), { abortSignal: during });
      done.push({ PartNumber, ETag });
      if ($metadata.attempts === 1) giveBack(Body);
    } catch (error) {
      failed.abort(error);
    }
  };
  try {
    for await (const part of parts) {
      number += 1;
      if (number > preset.maximumParts) throw tooManyParts(bucket, preset.maximumParts, bytes);
      const md5 = createHash('md5').update(part).digest();
      digests.update(md5);
      bytes += part.byteLength;
      const sending = send(number, part, md5).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
      if (inFlight.size >= concurrency) await Promise.race(inFlight);
      failed.signal.throwIfAborted();
    }
  } catch (error) {
    failed.abort(error);
  }
  await Promise.all(inFlight);
  failed.signal.throwIfAborted();
  done.sort((a, b) => a.PartNumber - b.PartNumber);
  return { parts: done, sent: { bytes, etag: `${digests.digest('hex')}-${done.length}` } };
}

function tooManyParts({ label }: S3Bucket, maximumParts: number, bytes: number): StoreError {
  const mebibytes = Math.floor(bytes / 1024 ** 2);
  return new StoreError(
    `Writing to ${label} stopped after ${mebibytes} MiB: the data is far larger than was expected, and the store takes ${maximumParts} parts at most.`,
    {
      code: 'store.too-large',
      hint: 'Back up when the database does not grow that fast, or shrink it (VACUUM) so that its size can be told.',
    },
  );
}

/** With a signal of its own: the caller's may be aborted already. Gives a sentence when something remains. */
async function abort(
  { connection: { sdk, client } }: S3Bucket,
  id: UploadId,
  abortSignal: AbortSignal,
): Promise<string | null> {
  try {
    const command = new sdk.AbortMultipartUploadCommand(id);
    await client.send(command, { abortSignal });
    return null;
  } catch (error) {
    if ((error as { name?: string }).name === 'NoSuchUpload') return null;
    return (
      'Its unfinished upload could not be aborted (that takes s3:AbortMultipartUpload): it is billed until a lifecycle ' +
      'rule of the bucket removes it.'
    );
  }
}

/** Aborts what a lost answer left. As well as it goes: a key may be allowed to upload but not to list uploads. */
async function abortOthers(
  bucket: S3Bucket,
  key: string,
  ours: string | undefined,
  abortSignal = AbortSignal.timeout(abortMs),
): Promise<void> {
  const { sdk, client } = bucket.connection;
  const { Bucket, Key } = bucket.target(key);
  try {
    const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key });
    const { Uploads = [] } = await client.send(command, { abortSignal });
    for (const { Key: itsKey, UploadId } of Uploads) {
      if (itsKey === Key && UploadId !== ours) await abort(bucket, { Bucket, Key, UploadId }, abortSignal);
    }
  } catch {}
}
