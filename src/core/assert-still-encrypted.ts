import type { CatalogBackup } from './catalog.ts';
import type { Codec } from './codec.ts';
import { ConfigError } from './errors.ts';
import { isEncryptedFile } from './keys.ts';

/**
 * Whether encryption has been lost on the way: in a workflow a secret that is not set is as empty as an option that is left
 * out. That the backup before was encrypted tells the two apart; a safety backup follows the backup that is restored instead.
 * @throws ConfigError when the backup before is encrypted, and this one would not be although nobody said so
 */
export function assertStillEncrypted(
  request: { readonly codecs: readonly Codec[]; readonly inTheClear?: boolean; readonly purpose?: string },
  previous: Pick<CatalogBackup, 'id' | 'objects'> | null,
): void {
  const { codecs, inTheClear = false, purpose } = request;
  if (previous === null || inTheClear || purpose !== undefined) return;
  if (!previous.objects.some(({ file }) => isEncryptedFile(file))) return;
  if (codecs.some(({ extension }) => isEncryptedFile(`app.sqlite3.${extension}`))) return;
  throw new ConfigError([
    {
      input: 'encrypt-to',
      message: `The backup ${previous.id} before this one is encrypted, but this one would not be: neither \`encrypt-to\` nor \`passphrase\` is set.`,
      hint: 'Set it again (a secret that is not set is empty), or write `encrypt-to: none` to go on without encryption.',
    },
  ]);
}
