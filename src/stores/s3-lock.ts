import { StoreError } from '../core/errors.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { codesOf, isDenied, notKnown } from './s3-errors.ts';

/** Object Lock: nobody can delete or replace that version before its time. */
export interface LockSettings {
  readonly days: number;
  /** In `governance` mode whoever holds a right of its own may still; in `compliance` mode nobody. */
  readonly mode: 'governance' | 'compliance';
}

/** What one object's lock is. */
export interface Lock {
  readonly Mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly RetainUntilDate: Date;
}

const dayMs = 86_400_000;
/** Stores keep whole seconds. */
const toleranceMs = 1000;

/** The lock of an object that is put now; `null`: none is wanted. */
export function lockFromNow({ lock }: S3Bucket): Lock | null {
  if (lock === null) return null;
  const Mode = lock.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE';
  return { Mode, RetainUntilDate: new Date(Date.now() + lock.days * dayMs) };
}

/** The headers of a put, or of the start of a multipart upload. */
export function lockHeaders(lock: Lock | null): {
  readonly ObjectLockMode?: Lock['Mode'];
  readonly ObjectLockRetainUntilDate?: Date;
} {
  if (lock === null) return {};
  return { ObjectLockMode: lock.Mode, ObjectLockRetainUntilDate: lock.RetainUntilDate };
}

/** Before anything is uploaded: a bucket that can't lock would store the backup unprotected. */
export async function assertLocks(bucket: S3Bucket, abortSignal: AbortSignal | undefined): Promise<void> {
  const { sdk, client } = bucket.connection;
  try {
    const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket.name });
    const { ObjectLockConfiguration } = await client.send(
      command,
      abortSignal === undefined ? {} : { abortSignal },
    );
    if (ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled') return;
  } catch (error) {
    // Whoever may not ask finds out with the first object, whose lock is asked back.
    if (isDenied(error)) return;
    if (!unlockable.some((code) => codesOf(error).includes(code))) throw bucket.translate('lock', '', error);
  }
  throw new StoreError(
    `\`lock-days\` is set, but ${bucket.label} is a bucket without Object Lock; nothing was uploaded.`,
    {
      code: 'store.no-lock',
      input: 'lock-days',
      hint: 'Enable Object Lock on the bucket (with most providers only when it is made), or leave `lock-days` out.',
    },
  );
}

/**
 * Makes sure that the object is locked, by asking the store: some take the headers and ignore them. The lock is set by
 * itself then.
 */
export async function assertLocked(
  bucket: S3Bucket,
  key: string,
  lock: Lock | null,
  signal: AbortSignal,
): Promise<void> {
  if (lock === null) return;
  const target = bucket.target(key);
  const isLocked = async (): Promise<boolean> =>
    isEnough(await bucket.translated('lock', key, () => retentionOf(bucket, target, signal)), lock);
  if (await isLocked()) return;
  const { sdk, client } = bucket.connection;
  await bucket.translated('lock', key, () => {
    const command = new sdk.PutObjectRetentionCommand({ ...target, Retention: lock });
    return client.send(command, { abortSignal: signal });
  });
  if (await isLocked()) return;
  throw new StoreError(`${key} in ${bucket.label} is not locked, although the store said so.`, {
    code: 'store.no-lock',
    input: 'lock-days',
    hint: 'Leave `lock-days` out with this store, and see whether it has locks of its own.',
  });
}

/** As the store tells it: by HEAD, or, for a key that may not read the object, by the question for the lock alone. */
export async function retentionOf(
  { connection: { sdk, client } }: S3Bucket,
  target: {
    readonly Bucket: string;
    readonly Key: string | undefined;
    readonly VersionId?: string | undefined;
  },
  abortSignal: AbortSignal,
): Promise<Partial<Lock> | null> {
  try {
    const head = await client.send(new sdk.HeadObjectCommand(target), { abortSignal });
    const { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate } = head;
    // A key that may read the object, but not its lock, is shown none.
    if (Mode !== undefined && RetainUntilDate !== undefined)
      return { Mode: Mode as Lock['Mode'], RetainUntilDate };
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
  try {
    const { Retention } = await client.send(new sdk.GetObjectRetentionCommand(target), { abortSignal });
    return (Retention as Partial<Lock> | undefined) ?? null;
  } catch (error) {
    const codes = codesOf(error);
    if (unlocked.some((code) => codes.includes(code))) return null;
    throw error;
  }
}

/** The bucket has no Object Lock, or the store does not know it. */
const unlockable = ['ObjectLockConfigurationNotFoundError', 'InvalidRequest', ...notKnown];
const unlocked = ['NoSuchObjectLockConfiguration', ...unlockable];

function isEnough(found: Partial<Lock> | null, { Mode, RetainUntilDate }: Lock): boolean {
  const until = found?.RetainUntilDate?.getTime() ?? 0;
  const strong = found?.Mode === Mode || found?.Mode === 'COMPLIANCE';
  return strong && until >= RetainUntilDate.getTime() - toleranceMs;
}
