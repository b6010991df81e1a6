import type { ConfigOf } from '../config/config.ts';
import { bytesOf, collect, drain } from '../core/bytes.ts';
import { bad, type Check, doubtful, type Finding, good } from '../core/doctor.ts';
import { codecOpener, openEncryption, type Surroundings } from './open.ts';

const sample = 'Holdfast doctor: whoever can read this can read the backups.\n';

/** Whether what is encrypted for others can be opened again with what is at hand. */
export function encryptionCheck(config: ConfigOf<'doctor'>, surroundings: Surroundings): Check {
  return { id: 'encryption.round-trip', run: () => roundTrip(config, surroundings) };
}

async function roundTrip(
  { encryption, keys, verify }: ConfigOf<'doctor'>,
  surroundings: Surroundings,
): Promise<Finding> {
  const [codec] = await openEncryption(encryption, surroundings);
  if (codec === undefined) {
    return good('Backups are not encrypted: whoever may read the store can read them (`encrypt-to`).');
  }
  const opener = codecOpener(keys, surroundings)(codec.id);
  if (opener.locked && verify?.level === 'restore') {
    return bad(
      '`verify` is to restore each new backup, but no key to open it is here.',
      'Give the secret key as `identity`; or set `verify: hash`, and restore by the command `verify` elsewhere.',
      'identity',
    );
  }
  if (opener.locked) {
    await drain(codec.encode(bytesOf(sample)));
    return good(
      `A text was encrypted by ${codec.id}; no key to open it is here, which is right for a backup.`,
    );
  }
  const opened = await collect(opener.decode(codec.encode(bytesOf(sample))));
  if (opened.toString() === sample) return good(`A text was encrypted by ${codec.id} and opened again.`);
  return bad(`What ${codec.id} encrypted was opened as something else.`, 'Please report this.');
}

/** Whether the two halves belong together. */
export function signatureCheck({ signer, verifier }: ConfigOf<'doctor'>): Check {
  return {
    id: 'signature',
    async run() {
      if (signer === null && verifier === null) return good('Manifests are not signed (`sign-key`).');
      if (verifier === null) return good(`Manifests are signed by the key ${signer?.keyId}.`);
      if (signer === null) {
        return doubtful(
          'Signatures are asked for, but new manifests are not signed: prune and restore will refuse them.',
          'Set `sign-key` to the secret half of `verify-key`.',
        );
      }
      if (verifier.verify(sample, signer.sign(sample)))
        return good(`\`sign-key\` and \`verify-key\` belong together: ${signer.keyId}.`);
      return bad(
        `\`sign-key\` is ${signer.keyId}, but \`verify-key\` is ${verifier.keyId}: every new manifest would be refused.`,
        'Set both to the halves of one pair, as `holdfast keygen` prints them.',
        'verify-key',
      );
    },
  };
}

/** What only GitHub's schedules do to a backup. */
export function scheduleChecks({ env }: Surroundings): Check[] {
  if (env['GITHUB_ACTIONS'] !== 'true') return [];
  const bySchedule = env['GITHUB_EVENT_NAME'] === 'schedule';
  const run = async (): Promise<Finding> =>
    bySchedule
      ? doubtful(
          'GitHub switches a schedule off after 60 days without a commit, and starts those of the full hour late or not at all.',
          'Choose an odd minute in `cron`, and let `holdfast check` watch the age of the newest backup from another repository.',
        )
      : good('This run was not started by a schedule.');
  return [{ id: 'schedule', run }];
}
