import type { ConfigOf } from '../config/config.ts';
import { type Check, doubtful, type Finding, good } from '../core/doctor.ts';
import { openS3Doctor, type S3Doctor } from '../stores/s3-doctor.ts';
import { type Privilege, untriedPrivileges } from '../stores/s3-privileges.ts';
import type { StoreTrial } from './doctor-store.ts';
import { s3SettingsOf } from './open.ts';

export interface BucketChecks {
  readonly checks: readonly Check[];
  /** An object of more is sent in parts, where there are parts. */
  readonly partBytes: () => Promise<number>;
}

/** Of folders, that need no parts. */
const folderBytes = 8 * 2 ** 20;

/** What only buckets have. */
export function bucketChecks(trial: StoreTrial): BucketChecks {
  const { config, surroundings, signal } = trial;
  const { store } = config;
  if (store.kind !== 's3') return { checks: [], partBytes: async () => folderBytes };
  let opened: Promise<S3Doctor> | null = null;
  const bucket = (): Promise<S3Doctor> => {
    opened ??= openS3Doctor(s3SettingsOf(store, surroundings));
    return opened;
  };
  const needs = ['store.reach'];
  const checks = [
    { id: 'store.versioning', needs, run: async () => (await bucket()).versioning(signal) },
    { id: 'store.lock', needs, run: async () => (await bucket()).lock(config.lock !== null, signal) },
    { id: 'store.lifecycle', needs, run: async () => (await bucket()).lifecycle(signal) },
    { id: 'store.privileges', needs: ['store.put'], run: async () => privileges(await bucket(), trial) },
    { id: 'store.clock', needs, run: async () => (await bucket()).clock(signal) },
  ];
  return { checks, partBytes: async () => (await bucket()).partBytes };
}

async function privileges(bucket: S3Doctor, { config, folder, made, signal }: StoreTrial): Promise<Finding> {
  const [there] = made;
  const key = there ?? `${folder}/privileges`;
  const object = { key, isThere: there !== undefined };
  const { allowed, refused, versioned, left } = await bucket.privileges(object, signal);
  if (!left) made.delete(key);
  const needed = neededFor(config);
  const extra = allowed.filter(
    (privilege) => privilege !== 'overwrite objects' && !needed.includes(privilege),
  );
  const overwrites = allowed.includes('overwrite objects');
  const stays = left ? ` ${key} stays.` : '';
  const cannot = refused.length === 0 ? '' : ` It may not ${refused.join(', ')}.`;
  const more = `${overText(versioned, overwrites)}${cannot}${stays}${untried}`;
  const least = `To an object of its own this key may do no more than a backup needs.${more}`;
  if (extra.length === 0) return overwrites ? doubtful(least, versionsHint) : good(least);
  const right = config.policy === null ? 'list, read and write' : 'list, read, write and delete';
  const hint = `Use a key of this bucket that may ${right} only (docs/security.md).`;
  return doubtful(
    `This key may do more than a backup needs, and so may whoever steals it: ${extra.join(', ')}.${more}`,
    overwrites ? `${hint} ${versionsHint}` : hint,
  );
}

const untried =
  ` Not tried, as that would put the bucket at risk: ${untriedPrivileges.join(', ')}. ` +
  'On AWS `aws iam simulate-principal-policy` tells, on Backblaze B2 `b2 account get` (docs/security.md).';

const versionsHint =
  'Turn on versions, and with `lock-days` locks: few stores can refuse to overwrite (docs/security.md).';

function overText(versioned: boolean, overwrites: boolean): string {
  if (versioned) return ' What it puts over a backup is a newer version: the backup stays.';
  if (!overwrites) return '';
  return ' It may put other content over a backup, which is gone then: the bucket keeps no versions.';
}

/** Pruning frees space only when it may delete versions. */
function neededFor({ policy }: ConfigOf<'doctor'>): readonly Privilege[] {
  return policy === null ? [] : ['delete objects', 'delete old versions'];
}
