import { ageRecipientsOf } from '../codecs/age.ts';
import { codecById } from '../codecs/registry.ts';
import type { RestoreConfig } from '../config/config.ts';
import type { Codec } from '../core/codec.ts';
import { ConfigError } from '../core/errors.ts';
import type { Manifest } from '../core/manifest.ts';
import { openEncryption, type Surroundings } from './open.ts';

/**
 * How a restore's safety backup is made: as encrypted as the backup that is restored, so that a restore never puts data in
 * the clear where it was not before. Without `encrypt-to`, for whoever can open that one.
 */
export async function safetyCodecs(
  { encryption, keys }: RestoreConfig,
  { databases }: Manifest,
  surroundings: Surroundings,
): Promise<Codec[]> {
  const compressing = [codecById('zstd')];
  const used = new Set(databases.flatMap(({ codecs }) => codecs));
  if (encryption !== null) return [...compressing, ...(await openEncryption(encryption, surroundings))];
  if (used.has('age') && keys.identities.length > 0) {
    const recipients = await ageRecipientsOf(keys.identities);
    return [...compressing, ...(await openEncryption({ kind: 'age', recipients }, surroundings))];
  }
  // Nothing of an age or OpenPGP backup can be restored without its key, which says so itself.
  if (!used.has('gpg') || keys.privateKeys.length === 0) return compressing;
  throw new ConfigError([
    {
      input: 'encrypt-to',
      message:
        'The backup is encrypted, but nothing says to whom the safety backup of what is replaced is to be.',
      hint: 'Set `encrypt-to` to the public key of your backups.',
    },
  ]);
}
