import type { ListMultipartUploadsCommandInput, ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import type { Removal, Unfinished } from '../core/store.ts';
import { nextMarks } from './next-marks.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { codesOf, isDenied, notKnown } from './s3-errors.ts';

/** Uploads in parts that were begun under the prefix, page by page; none where the store can't tell. */
export async function* unfinishedUploads(
  bucket: S3Bucket,
  prefix: string,
  abortSignal: AbortSignal,
): AsyncGenerator<Unfinished> {
  const { sdk, client } = bucket.connection;
  const query = { Bucket: bucket.name, Prefix: bucket.prefix + prefix };
  let marks: Marks | null = {};
  while (marks !== null) {
    const input: ListMultipartUploadsCommandInput = { ...query, ...marks };
    const command = new sdk.ListMultipartUploadsCommand(input);
    const page: ListMultipartUploadsCommandOutput | null = await unlessUnknown(bucket, () =>
      client.send(command, { abortSignal }),
    );
    for (const { Key = '', UploadId: id = '', Initiated } of page?.Uploads ?? []) {
      // Without its time nobody knows whether it still goes on.
      if (Initiated !== undefined) yield { key: Key.slice(bucket.prefix.length), id, startedAt: Initiated };
    }
    const next = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker };
    marks = nextMarks(page?.IsTruncated, next, marks, `the uploads in ${bucket.label}`);
  }
}

interface Marks extends Readonly<Record<string, string | undefined>> {
  readonly KeyMarker?: string | undefined;
  readonly UploadIdMarker?: string | undefined;
}

async function unlessUnknown<T>(bucket: S3Bucket, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (codesOf(error).some((code) => notKnown.includes(code))) return null;
    throw bucket.translate('uploads', '', error);
  }
}

/** Ends uploads, and frees what their parts took. */
export async function abandonUploads(
  bucket: S3Bucket,
  uploads: readonly Pick<Unfinished, 'key' | 'id'>[],
  abortSignal: AbortSignal,
): Promise<Removal> {
  const { sdk, client } = bucket.connection;
  const removed: string[] = [];
  const kept: { key: string; reason: string; denied: true }[] = [];
  for (const { key, id } of uploads) {
    try {
      const command = new sdk.AbortMultipartUploadCommand({ ...bucket.target(key), UploadId: id });
      await client.send(command, { abortSignal });
      removed.push(key);
    } catch (error) {
      if (isDenied(error)) kept.push({ key, reason: 'this storage key may not abort uploads', denied: true });
      // It was completed or aborted meanwhile.
      else if (!codesOf(error).includes('NoSuchUpload')) throw bucket.translate('abandon', key, error);
    }
  }
  return { removed, kept };
}
