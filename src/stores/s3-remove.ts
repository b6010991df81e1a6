import type {
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Removal } from '../core/store.ts';
import type { S3Connection } from './s3-client.ts';
import { codesOf } from './s3-errors.ts';

export interface RemoveRequest {
  readonly connection: S3Connection;
  readonly bucket: string;
  /** Whole keys, with the store's prefix. */
  readonly keys: readonly string[];
  readonly signal: AbortSignal;
}

interface Refusal {
  readonly target: ObjectIdentifier;
  readonly code: string;
  readonly message: string;
}

const batchSize = 1000;
const hiddenWarning =
  'Old versions of what was removed stay in the bucket, because the key may not list or delete versions: ' +
  'their space is freed only by a lifecycle rule of the bucket.';

/** Removes keys for good: every version and delete marker where the bucket keeps them. */
export async function removeKeys(request: RemoveRequest): Promise<Removal> {
  const { keys } = request;
  const versions = await versionsOf(request);
  const refused = await deleteAll(request, versions.targets ?? keys.map((Key) => ({ Key })));
  const kept = new Map<string, string>();
  const hide: ObjectIdentifier[] = [];
  for (const refusal of refused) {
    const { target, code } = refusal;
    const denied = code === 'AccessDenied';
    const lockedUntil = denied ? await lockOf(request, target) : null;
    if (denied && lockedUntil === null && versions.targets !== null) hide.push({ Key: target.Key });
    else kept.set(target.Key as string, reasonOf(refusal, lockedUntil));
  }
  // A key that may not delete versions may still hide the newest one.
  for (const refusal of await deleteAll(request, hide))
    kept.set(refusal.target.Key as string, reasonOf(refusal, null));
  return {
    removed: keys.filter((key) => !kept.has(key)),
    kept: [...kept].map(([key, reason]) => ({ key, reason })),
    ...(hide.length > 0 || versions.denied ? { warning: hiddenWarning } : {}),
  };
}

function reasonOf({ code, message }: Refusal, lockedUntil: Date | null): string {
  if (lockedUntil !== null) return `locked until ${lockedUntil.toISOString().slice(0, 10)}`;
  return message === '' ? code : `${code}: ${message}`;
}

interface Versions {
  /** `null` where the store knows none or does not let us see them. */
  readonly targets: ObjectIdentifier[] | null;
  readonly denied: boolean;
}

async function versionsOf(request: RemoveRequest): Promise<Versions> {
  const wanted = new Set(request.keys);
  const targets: ObjectIdentifier[] = [];
  try {
    for await (const { Key, VersionId } of allVersions(request)) {
      if (Key !== undefined && wanted.has(Key)) targets.push({ Key, VersionId });
    }
    return { targets, denied: false };
  } catch (error) {
    const codes = codesOf(error);
    const unknown = ['NotImplemented', 'MethodNotAllowed', '501', '405'].some((code) => codes.includes(code));
    const denied = codes.includes('AccessDenied') || codes.includes('403');
    if (unknown || denied) return { targets: null, denied };
    throw error;
  }
}

async function* allVersions({
  connection,
  bucket,
  keys,
  signal,
}: RemoveRequest): AsyncGenerator<ObjectIdentifier> {
  const { sdk, client } = connection;
  const query = { Bucket: bucket, Prefix: commonPrefix(keys) };
  for await (const page of paginateVersions(sdk, client, query, signal)) {
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      yield { Key, VersionId };
    }
  }
}

/** The SDK has a paginator for each other listing, but none for this one. */
async function* paginateVersions(
  sdk: S3Connection['sdk'],
  client: S3Connection['client'],
  query: ListObjectVersionsCommandInput,
  abortSignal: AbortSignal,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let markers: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> | null = {};
  while (markers !== null) {
    const command: ListObjectVersionsCommandInput = { ...query, ...markers };
    const page: ListObjectVersionsCommandOutput = await client.send(
      new sdk.ListObjectVersionsCommand(command),
      {
        abortSignal,
      },
    );
    yield page;
    markers = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : null;
  }
}

async function deleteAll(request: RemoveRequest, targets: readonly ObjectIdentifier[]): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (let at = 0; at < targets.length; at += batchSize) {
    refused.push(...(await deleteBatch(request, targets.slice(at, at + batchSize))));
  }
  return refused;
}

async function deleteBatch(request: RemoveRequest, batch: readonly ObjectIdentifier[]): Promise<Refusal[]> {
  const {
    connection: { sdk, client },
    bucket,
    signal,
  } = request;
  try {
    const command = new sdk.DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: [...batch], Quiet: true },
    });
    const { Errors = [] } = await client.send(command, { abortSignal: signal });
    return Errors.map(({ Key, VersionId, Code, Message }) => ({
      target: batch.find(
        (target) => target.Key === Key && (target.VersionId ?? '') === (VersionId ?? ''),
      ) ?? { Key },
      code: Code ?? 'unknown reason',
      message: Message ?? '',
    }));
  } catch (error) {
    if (!codesOf(error).some((code) => ['NotImplemented', '501', 'MethodNotAllowed'].includes(code)))
      throw error;
    for (const target of batch) {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, ...target }), { abortSignal: signal });
    }
    return [];
  }
}

async function lockOf(
  { connection: { sdk, client }, bucket, signal }: RemoveRequest,
  target: ObjectIdentifier,
): Promise<Date | null> {
  const query = { Bucket: bucket, Key: target.Key, VersionId: target.VersionId };
  try {
    const head = await client.send(new sdk.HeadObjectCommand(query), { abortSignal: signal });
    return head.ObjectLockRetainUntilDate ?? null;
  } catch {
    return null;
  }
}

function commonPrefix(keys: readonly string[]): string {
  const [first = '', ...rest] = keys;
  let length = first.length;
  for (const key of rest) while (!key.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
