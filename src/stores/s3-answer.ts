import type { S3Bucket } from './s3-bucket.ts';
import { codesOf } from './s3-errors.ts';

/** Why a question about a bucket has no answer. */
type NoAnswer = 'denied' | 'unknown' | 'none';

const noAnswers: Readonly<Record<NoAnswer, readonly string[]>> = {
  unknown: ['NotImplemented', '501', 'MethodNotAllowed', '405'],
  none: [
    'NoSuchLifecycleConfiguration',
    'ObjectLockConfigurationNotFoundError',
    'NoSuchBucketPolicy',
    // Of older Ceph, for a bucket without locks.
    'InvalidRequest',
  ],
  denied: ['AccessDenied', '403'],
};

/** The answer, or why there is none; any other failure is thrown as a sentence. */
export async function answerOf<T>(bucket: S3Bucket, ask: () => Promise<T>): Promise<T | NoAnswer> {
  try {
    return await ask();
  } catch (error) {
    const codes = codesOf(error);
    // A missing bucket is a 404 too.
    if (codes.includes('404') && !codes.includes('NoSuchBucket')) return 'none';
    const why = (Object.keys(noAnswers) as NoAnswer[]).find((each) =>
      noAnswers[each].some((code) => codes.includes(code)),
    );
    if (why !== undefined) return why;
    throw bucket.translate('examine', '', error);
  }
}
