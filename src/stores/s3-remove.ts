import type {
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Removal } from '../core/store.ts';
import { nextMarks } from './next-marks.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { codesOf, isDenied, notKnown } from './s3-errors.ts';
import { retentionOf } from './s3-lock.ts';

interface Refusal {
  readonly target: ObjectIdentifier;
  readonly code: string;
  readonly message: string;
}

const batchSize = 1000;
/** How long the store may take to say whether it has a key of which it gives no versions, in milliseconds. */
const lookMs = 1000;
const denied = 'AccessDenied';
const alreadyGone = ['NoSuchKey', 'NoSuchVersion', '404'];
const hiddenWarning =
  'Old versions of what was removed may remain in the bucket, because the key may not list or delete versions: ' +
  'only a lifecycle rule of the bucket frees their space then; `holdfast lifecycle` prints one.';

/** Removes keys for good: every version and delete marker where the bucket keeps them. */
export async function removeKeys(
  bucket: S3Bucket,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Removal> {
  if (keys.length === 0) return { removed: [], kept: [] };
  return bucket.translated('remove', keys.length === 1 ? (keys[0] as string) : '', async () => {
    const whole = keys.map((key) => bucket.prefix + key);
    const versions = await versionsOf(bucket, whole, signal);
    const refused = await deleteAll(bucket, await targetsOf(bucket, whole, versions, signal), signal);
    const { kept, hidden } = await settle(bucket, refused, signal);
    return {
      removed: keys.filter((key) => !kept.has(bucket.prefix + key)),
      kept: [...kept].map(([key, why]) => ({ key: key.slice(bucket.prefix.length), ...why })),
      ...(hidden || versions === 'denied' ? { warning: hiddenWarning } : {}),
    };
  });
}

/** Whether any version of the key is left, hidden or not; where that can't be told, whether the key is there. */
export function hasTrace(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<boolean> {
  return bucket.translated('stat', key, async () => {
    const whole = bucket.prefix + key;
    const found = await unlessUntold(async () => {
      for await (const { Key, isMarker } of allVersions(bucket, whole, signal)) {
        if (Key === whole && !isMarker) return true;
      }
      return false;
    });
    if (found === true) return true;
    const head = await bucket.headIfAllowed(key, signal);
    return head !== null && head !== 'denied';
  });
}

type Kept = Omit<Removal['kept'][number], 'key'>;

/** Tells what is locked; and a key that may not delete versions may still hide the newest one. */
async function settle(
  bucket: S3Bucket,
  refused: readonly Refusal[],
  signal: AbortSignal,
): Promise<{ kept: Map<string, Kept>; hidden: boolean }> {
  const kept = new Map<string, Kept>();
  const hide = new Set<string>();
  for (const refusal of refused) {
    const Key = refusal.target.Key as string;
    // Locks are on versions; a key without one is refused for want of the right.
    const ofVersion = refusal.code === denied && refusal.target.VersionId !== undefined;
    const lockedUntil = ofVersion ? await lockOf(bucket, refusal.target, signal) : null;
    if (lockedUntil !== null) kept.set(Key, lockedReason(lockedUntil));
    else if (ofVersion) hide.add(Key);
    else kept.set(Key, reasonOf(refusal));
  }
  const targets = [...hide].filter((key) => !kept.has(key)).map((Key) => ({ Key }));
  for (const refusal of await deleteAll(bucket, targets, signal)) {
    kept.set(refusal.target.Key as string, reasonOf(refusal));
  }
  return { kept, hidden: targets.some(({ Key }) => !kept.has(Key)) };
}

function lockedReason(until: Date): Kept {
  return { reason: `locked until ${until.toISOString()}`, locked: true };
}

function reasonOf({ code, message }: Refusal): Kept {
  if (code === denied) return { reason: 'this storage key may not delete', denied: true };
  return { reason: message === '' || message === code ? code : `${code}: ${message}` };
}

/**
 * What must be deleted for the keys to be gone. A key without versions is gone, unless the store gives versions of
 * none though it has the key: then it is deleted by its name. A store that keeps versions must not be asked that
 * without need, for it would note the deletion of nothing.
 */
async function targetsOf(
  bucket: S3Bucket,
  keys: readonly string[],
  versions: Versions,
  signal: AbortSignal,
): Promise<ObjectIdentifier[]> {
  if (typeof versions === 'string') return keys.map((Key) => ({ Key }));
  const targets = keys.flatMap((Key) => (versions.get(Key) ?? []).map((VersionId) => ({ Key, VersionId })));
  if (targets.length > 0) return targets;
  for (const Key of keys) {
    if (await mayBeThere(bucket, Key.slice(bucket.prefix.length), signal))
      targets.push({ Key, VersionId: undefined });
  }
  return targets;
}

/** What the store does not say soon is better deleted in vain than left: whoever takes back has seconds. */
async function mayBeThere(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<boolean> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
  try {
    return (await bucket.headIfAllowed(key, soon)) !== null;
  } catch {
    signal.throwIfAborted();
    return true;
  }
}

/** The ids of all versions and delete markers by key; or why they can't be told. */
type Versions = ReadonlyMap<string, readonly (string | undefined)[]> | 'unknown' | 'denied';

function versionsOf(bucket: S3Bucket, keys: readonly string[], signal: AbortSignal): Promise<Versions> {
  return unlessUntold(async () => {
    const found = new Map<string, (string | undefined)[]>(keys.map((key) => [key, []]));
    for await (const { Key, VersionId } of allVersions(bucket, commonFolder(keys), signal)) {
      found.get(Key)?.push(VersionId);
    }
    return found;
  });
}

async function unlessUntold<T>(ask: () => Promise<T>): Promise<T | 'unknown' | 'denied'> {
  try {
    return await ask();
  } catch (error) {
    const codes = codesOf(error);
    if (notKnown.some((code) => codes.includes(code))) return 'unknown';
    if (isDenied(error)) return 'denied';
    throw error;
  }
}

interface Marks extends Readonly<Record<string, string | undefined>> {
  readonly KeyMarker?: string | undefined;
  readonly VersionIdMarker?: string | undefined;
}

interface Version {
  readonly Key: string;
  readonly VersionId: string | undefined;
  /** It holds nothing, and hides what is older. */
  readonly isMarker: boolean;
}

/** The SDK has a paginator for each other listing, but none for this one. */
async function* allVersions(
  { name, label, connection: { sdk, client } }: S3Bucket,
  Prefix: string,
  abortSignal: AbortSignal,
): AsyncGenerator<Version> {
  let marks: Marks | null = {};
  while (marks !== null) {
    const query: ListObjectVersionsCommandInput = { Bucket: name, Prefix, ...marks };
    const command = new sdk.ListObjectVersionsCommand(query);
    const page: ListObjectVersionsCommandOutput = await client.send(command, { abortSignal });
    for (const { Key = '', VersionId } of page.Versions ?? []) yield { Key, VersionId, isMarker: false };
    for (const { Key = '', VersionId } of page.DeleteMarkers ?? []) yield { Key, VersionId, isMarker: true };
    const next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    marks = nextMarks(page.IsTruncated, next, marks, `the versions in ${label}`);
  }
}

async function deleteAll(
  bucket: S3Bucket,
  targets: readonly ObjectIdentifier[],
  signal: AbortSignal,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (let at = 0; at < targets.length; at += batchSize) {
    refused.push(...(await deleteBatch(bucket, targets.slice(at, at + batchSize), signal)));
  }
  return refused.filter(({ code }) => !alreadyGone.includes(code));
}

async function deleteBatch(
  bucket: S3Bucket,
  batch: readonly ObjectIdentifier[],
  abortSignal: AbortSignal,
): Promise<Refusal[]> {
  const { sdk, client } = bucket.connection;
  try {
    const command = new sdk.DeleteObjectsCommand({
      Bucket: bucket.name,
      Delete: { Objects: [...batch], Quiet: true },
    });
    const { Errors = [] } = await client.send(command, { abortSignal });
    return Errors.map(({ Key, VersionId, Code = 'no reason given', Message = '' }) => ({
      target: batch.find((one) => one.Key === Key && (one.VersionId ?? '') === (VersionId ?? '')) ?? { Key },
      code: Code,
      message: Message,
    }));
  } catch (error) {
    // Older Ceph refuses a batch to whoever may not delete in the whole bucket.
    if (!isDenied(error) && !codesOf(error).some((code) => notKnown.includes(code))) throw error;
    return deleteSingly(bucket, batch, abortSignal);
  }
}

/** Where the store has no DeleteObjects, or not for this key. */
async function deleteSingly(
  { name, connection: { sdk, client } }: S3Bucket,
  targets: readonly ObjectIdentifier[],
  abortSignal: AbortSignal,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (const target of targets) {
    try {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: name, ...target }), { abortSignal });
    } catch (error) {
      const code = isDenied(error) ? denied : codesOf(error).find((one) => alreadyGone.includes(one));
      if (code === undefined) throw error;
      refused.push({ target, code, message: '' });
    }
  }
  return refused;
}

/** Until when that version is locked; `null`: it is not, or that can't be told. */
async function lockOf(
  bucket: S3Bucket,
  { Key, VersionId }: ObjectIdentifier,
  signal: AbortSignal,
): Promise<Date | null> {
  try {
    const found = await retentionOf(bucket, { Bucket: bucket.name, Key, VersionId }, signal);
    const until = found?.RetainUntilDate ?? null;
    return until !== null && until.getTime() > Date.now() ? until : null;
  } catch {
    return null;
  }
}

/** The longest folder that all keys are in: with a slash at its end, or empty. */
function commonFolder(keys: readonly string[]): string {
  const folder = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
  let common = folder(keys[0] as string);
  for (const key of keys) {
    while (!key.startsWith(common)) common = folder(common.slice(0, -1));
  }
  return common;
}
