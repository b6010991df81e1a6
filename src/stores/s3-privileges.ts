import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from './s3-answer.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { codesOf } from './s3-errors.ts';
import { removeKeys } from './s3-remove.ts';

/** What a key may do to objects that destroys, or that takes away what prevents it. */
export type Privilege = 'overwrite objects' | 'delete objects' | 'delete old versions' | 'get around locks';

/**
 * Would be tried by doing it to the bucket of the backups. No refusal can be relied upon (there are stores that delete a
 * bucket which is not empty), nothing that is put back is sure to be what was there, and somebody else may change it
 * meanwhile: so it is never tried.
 */
export const untriedPrivileges: readonly string[] = [
  'change lifecycle rules',
  'change versioning',
  'change the default lock',
  'change the bucket policy',
  'delete the bucket',
];

export interface ExaminedPrivileges {
  readonly allowed: readonly Privilege[];
  readonly refused: readonly Privilege[];
  /** What is overwritten stays as an older version. */
  readonly versioned: boolean;
  /** The object that it was tried on is still there, or a version of it, because the key may not delete it. */
  readonly left: boolean;
}

export interface TestObject {
  readonly key: string;
  /** It was made before, and could not be deleted; else it is made now. */
  readonly isThere: boolean;
}

/** `null`: it can't be told. */
type Verdict = boolean | null;

/** How long the test object is locked. */
const lockMs = 4000;

/** Tries each on an object of its own. The bucket itself, and whatever else is in it, is never the target of a request. */
export async function examinePrivileges(
  bucket: S3Bucket,
  { key, isThere }: TestObject,
  signal: AbortSignal,
): Promise<ExaminedPrivileges> {
  const VersionId = isThere ? await versionOf(bucket, key, signal) : await put(bucket, key, signal);
  const own: Own = { bucket, key, version: VersionId, signal };
  let left = true;
  const verdicts = new Map<Privilege, Verdict>();
  try {
    // Where there are versions nothing is lost, and a key that may not delete could not take the second one away.
    verdicts.set('overwrite objects', VersionId === undefined ? await mayOverwrite(own) : null);
    verdicts.set('get around locks', await mayBypass(own));
    verdicts.set('delete objects', await mayDelete(own, undefined));
    verdicts.set('delete old versions', VersionId === undefined ? null : await mayDelete(own, VersionId));
  } finally {
    left = !(await isRemoved(own));
  }
  const which = (wanted: Verdict) => [...verdicts].filter(([, may]) => may === wanted).map(([name]) => name);
  return { allowed: which(true), refused: which(false), versioned: VersionId !== undefined, left };
}

async function put(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<string | undefined> {
  const { sdk, client, preset } = bucket.connection;
  // As a backup puts, which may be all that the key is allowed to.
  const condition = preset.conditionalPut ? { IfNoneMatch: '*' } : {};
  const command = new sdk.PutObjectCommand({
    ...bucket.target(key),
    Body: Buffer.from('test'),
    ...condition,
  });
  const { VersionId } = await bucket.translated('put', key, () =>
    client.send(command, { abortSignal: signal }),
  );
  return VersionId;
}

/** Not told where the key may not look. */
async function versionOf(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<string | undefined> {
  const { sdk, client } = bucket.connection;
  const command = new sdk.HeadObjectCommand(bucket.target(key));
  const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
  return typeof answer === 'string' ? undefined : answer.VersionId;
}

interface Own {
  readonly bucket: S3Bucket;
  readonly key: string;
  /** Absent where the bucket keeps no versions. */
  readonly version: string | undefined;
  readonly signal: AbortSignal;
}

async function isRemoved({ bucket, key }: Own): Promise<boolean> {
  try {
    const { kept, warning } = await removeKeys(bucket, [key], AbortSignal.timeout(10_000));
    return kept.length === 0 && warning === undefined;
  } catch {
    return false;
  }
}

/** Whether the store does it, or refuses; where it says anything else, that is not known. */
async function isAllowed(work: () => Promise<unknown>): Promise<Verdict> {
  try {
    await work();
    return true;
  } catch (error) {
    const codes = codesOf(error);
    return codes.includes('AccessDenied') || codes.includes('403') ? false : null;
  }
}

function mayOverwrite({ bucket, key, signal }: Own): Promise<Verdict> {
  const { sdk, client } = bucket.connection;
  const command = new sdk.PutObjectCommand({ ...bucket.target(key), Body: Buffer.from('test again') });
  return isAllowed(() => client.send(command, { abortSignal: signal }));
}

function mayDelete({ bucket, key, signal }: Own, VersionId: string | undefined): Promise<Verdict> {
  const { sdk, client } = bucket.connection;
  const target = VersionId === undefined ? bucket.target(key) : { ...bucket.target(key), VersionId };
  return isAllowed(() => client.send(new sdk.DeleteObjectCommand(target), { abortSignal: signal }));
}

/** Locks the test object for seconds, and tries to delete it in spite of that. */
async function mayBypass({ bucket, key, version, signal }: Own): Promise<Verdict> {
  if (version === undefined) return null;
  const { sdk, client } = bucket.connection;
  const options = { abortSignal: signal };
  const target = { ...bucket.target(key), VersionId: version };
  const RetainUntilDate = new Date(Date.now() + lockMs);
  const locking = new sdk.PutObjectRetentionCommand({
    ...target,
    Retention: { Mode: 'GOVERNANCE', RetainUntilDate },
  });
  if ((await isAllowed(() => client.send(locking, options))) !== true) return null;
  const removing = new sdk.DeleteObjectCommand({ ...target, BypassGovernanceRetention: true });
  const may = await isAllowed(() => client.send(removing, options));
  if (may !== true) await sleep(lockMs + 1000, undefined, { signal }).catch(() => {});
  return may;
}
