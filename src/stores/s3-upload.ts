import { createHash } from 'node:crypto';
import type { Bytes } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/errors.ts';
import type { S3Connection } from './s3-client.ts';

/** Parts under way at a time; with the one being filled, memory is six parts. */
const concurrency = 4;

export interface UploadRequest {
  readonly connection: S3Connection;
  readonly bucket: string;
  /** The whole key, with the store's prefix. */
  readonly key: string;
  readonly partBytes: number;
  readonly signal: AbortSignal;
}

export interface Uploaded {
  readonly bytes: number;
  /** What the store's ETag must be where it is an MD5, without quotes. */
  readonly etag: string;
}

/** Cuts a stream into buffers of exactly that size; only the last may be smaller, and may be the only one and empty. */
export async function* cutInto(source: Bytes, partBytes: number): AsyncGenerator<Buffer, void> {
  let part = Buffer.allocUnsafe(0);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      if (filled === part.byteLength) {
        if (filled > 0) yield part;
        part = Buffer.allocUnsafe(partBytes);
        filled = 0;
      }
      const taken = chunk.subarray(at, at + part.byteLength - filled);
      part.set(taken, filled);
      filled += taken.byteLength;
      at += taken.byteLength;
    }
  }
  yield part.subarray(0, filled);
}

/**
 * Uploads parts as they come and completes the object. Whatever fails, the upload is aborted, so that nothing visible and
 * nothing billed remains. Parts are buffers, so that the SDK can send one again.
 */
export async function uploadParts(
  request: UploadRequest,
  parts: AsyncIterable<Buffer>,
  settle: (uploaded: Uploaded) => Promise<boolean>,
): Promise<Uploaded> {
  const { connection, bucket, key, signal } = request;
  const { sdk, client } = connection;
  const target = { Bucket: bucket, Key: key };
  const created = await client.send(new sdk.CreateMultipartUploadCommand(target), { abortSignal: signal });
  const upload = { ...target, UploadId: created.UploadId };
  try {
    const sent = await sendParts(request, upload, parts);
    throwIfCancelled(signal);
    try {
      const completed = { ...upload, MultipartUpload: { Parts: sent.parts } };
      await client.send(new sdk.CompleteMultipartUploadCommand(completed), { abortSignal: signal });
    } catch (error) {
      // The answer may be lost though the object is there: what the store has decides.
      if (signal.aborted || !(await settle(sent.uploaded))) throw error;
    }
    return sent.uploaded;
  } catch (error) {
    await abort(connection, upload, error);
    throw error;
  }
}

interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

interface Sent {
  readonly parts: { readonly PartNumber: number; readonly ETag: string | undefined }[];
  readonly uploaded: Uploaded;
}

async function sendParts(
  { connection: { sdk, client, preset }, signal }: UploadRequest,
  upload: UploadTarget,
  parts: AsyncIterable<Buffer>,
): Promise<Sent> {
  const stop = new AbortController();
  const during = AbortSignal.any([signal, stop.signal]);
  const inFlight = new Set<Promise<void>>();
  const sent: Sent['parts'] = [];
  const digests = createHash('md5');
  let bytes = 0;
  const send = async (PartNumber: number, Body: Buffer): Promise<void> => {
    const command = new sdk.UploadPartCommand({ ...upload, PartNumber, Body });
    const { ETag } = await client.send(command, { abortSignal: during });
    sent.push({ PartNumber, ETag });
  };
  try {
    let number = 0;
    for await (const part of parts) {
      number += 1;
      if (number > preset.maximumParts) throw tooManyParts(preset.maximumParts, part.byteLength);
      digests.update(createHash('md5').update(part).digest());
      bytes += part.byteLength;
      const sending = send(number, part).finally(() => inFlight.delete(sending));
      // Awaited through the set; when the source fails first, this one's failure is nobody's.
      sending.catch(() => {});
      inFlight.add(sending);
      if (inFlight.size >= concurrency) await Promise.race(inFlight);
    }
    await Promise.all(inFlight);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(inFlight);
    throw error;
  }
  sent.sort((a, b) => a.PartNumber - b.PartNumber);
  return { parts: sent, uploaded: { bytes, etag: `${digests.digest('hex')}-${sent.length}` } };
}

function tooManyParts(maximumParts: number, partBytes: number): Error {
  const reached = Math.floor((maximumParts * partBytes) / 1024 ** 3);
  return new RangeError(
    `the data is far larger than was expected: ${maximumParts} parts (${reached} GiB) are used up`,
  );
}

/** With a signal of its own: the caller's may be aborted already. The first error stays the one that is told. */
async function abort({ sdk, client }: S3Connection, upload: UploadTarget, error: unknown): Promise<void> {
  try {
    await client.send(new sdk.AbortMultipartUploadCommand(upload), {
      abortSignal: AbortSignal.timeout(5000),
    });
  } catch (cause) {
    const gone = (cause as { name?: string }).name === 'NoSuchUpload';
    if (!gone && error instanceof Error) {
      error.message += ` (and its upload ${upload.UploadId} could not be aborted: a lifecycle rule must remove it)`;
    }
  }
}
