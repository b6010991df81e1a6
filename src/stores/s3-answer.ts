import type { S3Bucket } from './s3-bucket.ts';
import { codesOf } from './s3-errors.ts';

/** Why a question about a bucket has no answer. */
type NoAnswer = 'denied' | 'unknown' | 'none';

const noAnswers: Readonly<Record<NoAnswer, readonly string[]>> = {
  none: ['NoSuchLifecycleConfiguration', 'ObjectLockConfigurationNotFoundError'],
  denied: ['AccessDenied', '403'],
  // InvalidRequest: of older Ceph, for a bucket without locks.
  unknown: ['NotImplemented', '501', 'MethodNotAllowed', '405', 'InvalidRequest', 'NotFound'],
};

/** The answer, or why there is none; any other failure is thrown as a sentence. */
export async function answerOf<T>(bucket: S3Bucket, ask: () => Promise<T>): Promise<T | NoAnswer> {
  try {
    return await ask();
  } catch (error) {
    const codes = codesOf(error);
    const why = (Object.keys(noAnswers) as NoAnswer[]).find((each) =>
      noAnswers[each].some((code) => codes.includes(code)),
    );
    if (why !== undefined) return why;
    throw bucket.translate('examine', '', error);
  }
}
