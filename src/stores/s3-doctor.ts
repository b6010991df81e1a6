import type { LifecycleRule } from '@aws-sdk/client-s3';
import { judgeClock } from '../core/clock.ts';
import { doubtful, type Finding, good, untried } from '../core/doctor.ts';
import { answerOf } from './s3-answer.ts';
import { S3Bucket } from './s3-bucket.ts';
import { connectS3, type S3Settings } from './s3-client.ts';
import { type ExaminedPrivileges, examinePrivileges, type TestObject } from './s3-privileges.ts';

/** What can be seen of a bucket beside its objects. */
export interface S3Doctor {
  /** An upload of more than that is sent in parts. */
  readonly partBytes: number;
  versioning(signal: AbortSignal): Promise<Finding>;
  lock(signal: AbortSignal): Promise<Finding>;
  lifecycle(signal: AbortSignal): Promise<Finding>;
  clock(signal: AbortSignal): Promise<Finding>;
  /** Tries what a stolen key could be used for, on a test object that is removed again. */
  privileges(object: TestObject, signal: AbortSignal): Promise<ExaminedPrivileges>;
}

export async function openS3Doctor(settings: S3Settings): Promise<S3Doctor> {
  const connection = await connectS3(settings);
  const bucket = new S3Bucket(settings, connection);
  const { clock } = connection;
  return {
    partBytes: connection.preset.minimumPartBytes,
    versioning: (signal) => versioning(bucket, signal),
    lock: (signal) => lock(bucket, signal),
    lifecycle: (signal) => lifecycle(bucket, signal),
    privileges: (object, signal) => examinePrivileges(bucket, object, signal),
    async clock(signal) {
      if (clock.aheadMs === null) await bucket.headIfAllowed('holdfast-doctor', signal);
      return clock.aheadMs === null ? untried('the store tells no time.') : judgeClock(clock.aheadMs);
    },
  };
}

async function versioning(bucket: S3Bucket, signal: AbortSignal): Promise<Finding> {
  const { sdk, client } = bucket.connection;
  const command = new sdk.GetBucketVersioningCommand({ Bucket: bucket.name });
  const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
  if (answer === 'unknown' || answer === 'none') return good('The store knows no versions.');
  if (answer === 'denied') return good('Not told: the key may not ask (s3:GetBucketVersioning).');
  if (answer.Status === 'Enabled')
    return good('Old versions are kept: what is deleted by name can be undone.');
  return good(
    'Off: an object that is deleted or overwritten is gone. With Object Lock, versions protect backups.',
  );
}

async function lock(bucket: S3Bucket, signal: AbortSignal): Promise<Finding> {
  const { sdk, client } = bucket.connection;
  const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket.name });
  const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
  if (answer === 'unknown') return good('There are none: whoever may delete objects may delete backups.');
  if (answer === 'denied')
    return good('Not told: the key may not ask (s3:GetBucketObjectLockConfiguration).');
  if (answer === 'none' || answer.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') {
    return good('Off: whoever may delete objects may delete backups.');
  }
  const retention = answer.ObjectLockConfiguration.Rule?.DefaultRetention;
  if (retention === undefined)
    return good('On, without a default: new objects are not locked by themselves.');
  const { Mode, Days, Years } = retention;
  return good(
    `On: new objects are locked for ${Days ?? Years} ${Days === undefined ? 'years' : 'days'} (${Mode}).`,
  );
}

async function lifecycle(bucket: S3Bucket, signal: AbortSignal): Promise<Finding> {
  const { sdk, client } = bucket.connection;
  const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket.name });
  const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
  if (answer === 'unknown') return good('The store knows no lifecycle rules.');
  if (answer === 'denied') return good('Not told: the key may not ask (s3:GetLifecycleConfiguration).');
  return judgeLifecycle(answer === 'none' ? [] : (answer.Rules ?? []), bucket.prefix);
}

/** Of rules that are in force and that concern the prefix. */
export function judgeLifecycle(rules: readonly LifecycleRule[], prefix: string): Finding {
  const ours = rules.filter((rule) => rule.Status === 'Enabled' && concerns(rule, prefix));
  const expiring = ours.find(
    ({ Expiration }) => Expiration?.Days !== undefined || Expiration?.Date !== undefined,
  );
  if (expiring !== undefined) {
    const { Days, Date: date } = expiring.Expiration ?? {};
    const when = Days === undefined ? `on ${date?.toISOString().slice(0, 10)}` : `after ${Days} days`;
    return doubtful(
      `The rule ${expiring.ID ?? 'without a name'} removes backups ${when}, whatever the keep rules say.`,
      'Remove its expiration, or make sure that it is longer than what you want to keep.',
    );
  }
  const aborting = ours.find(({ AbortIncompleteMultipartUpload: abort }) => abort?.DaysAfterInitiation);
  if (aborting !== undefined) {
    const days = aborting.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
    return good(`Unfinished uploads are removed after ${days} days.`);
  }
  return doubtful(
    'No rule removes unfinished uploads, which a killed run leaves and which are billed for ever.',
    'Add a lifecycle rule to the bucket with AbortIncompleteMultipartUpload, DaysAfterInitiation 3.',
  );
}

function concerns({ Filter, Prefix }: LifecycleRule, prefix: string): boolean {
  const narrowed =
    Filter?.Tag ?? Filter?.And?.Tags ?? Filter?.ObjectSizeLessThan ?? Filter?.ObjectSizeGreaterThan;
  if (narrowed !== undefined) return false;
  const its = Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';
  return prefix.startsWith(its);
}
