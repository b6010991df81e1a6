import type { Bytes } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { CommandError, HoldfastError, IntegrityError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { guardDecoded } from './damage.ts';
import { GpgHome, type GpgRun } from './gpg-home.ts';

export interface GpgKeys {
  /** Symmetric encryption, or the passphrase of a private key. */
  readonly passphrase: Secret | null;
  /** Armored public keys; with none, encryption is symmetric. */
  readonly publicKeys: readonly string[];
  /** Armored private keys, for decryption. */
  readonly privateKeys: readonly Secret[];
  /** Where gpg is looked for, as in PATH. */
  readonly searchPath: string;
}

/**
 * OpenPGP by this machine's `gpg`, in a home folder of its own: AES-256, by passphrase or to public keys. gpg gives out plain
 * bytes before it knows that they are right: only the end of the stream says so.
 */
export function gpgCodec(keys: GpgKeys): Codec {
  return {
    id: 'gpg',
    extension: 'gpg',
    decodeCommand: 'gpg --decrypt',
    locked: keys.passphrase === null && keys.privateKeys.length === 0,
    encode: (plain) => encode(plain, keys),
    decode: (encoded, options) => guardDecoded('gpg', decode(encoded, keys), options),
  };
}

/** The slowest key derivation that the format has (RFC 4880, 3.7.1.3), so that guessing is slow too. */
const symmetric = [
  '--symmetric',
  '--s2k-mode',
  '3',
  '--s2k-digest-algo',
  'SHA512',
  '--s2k-count',
  '65011712',
];

async function* encode(plain: Bytes, { passphrase, publicKeys, searchPath }: GpgKeys): Bytes {
  await using home = await GpgHome.open(searchPath);
  const recipients = await home.writeAll(publicKeys);
  const how =
    recipients.length === 0
      ? symmetric
      : ['--encrypt', '--trust-model', 'always', ...recipients.flatMap((file) => ['--recipient-file', file])];
  const argv = ['--cipher-algo', 'AES256', '--compress-algo', 'none', ...how, '--output', '-'];
  const running = home.start(argv, plain, recipients.length === 0 ? passphrase : null);
  yield* running.stdout;
  const ended = await running.ended;
  if (ended.code === 0 && ended.status.includes('END_ENCRYPTION')) return;
  throw new HoldfastError(`Encrypting with gpg failed: ${reasonOf(ended)}.`, {
    code: 'gpg.encrypt',
    input: recipients.length === 0 ? 'passphrase' : 'encrypt-to',
    hint: 'Check that the public key is whole, neither expired nor revoked, and may encrypt.',
  });
}

async function* decode(encoded: Bytes, { passphrase, privateKeys, searchPath }: GpgKeys): Bytes {
  if (passphrase === null && privateKeys.length === 0) throw noKey();
  await using home = await GpgHome.open(searchPath);
  for (const key of privateKeys) await home.importKey(key, passphrase);
  const running = home.start(['--decrypt', '--output', '-'], encoded, passphrase);
  yield* running.stdout;
  const ended = await running.ended;
  const { code, status } = ended;
  const whole =
    status.includes('DECRYPTION_OKAY') &&
    (status.includes('GOODMDC') || /DECRYPTION_INFO 0 \d+ [1-9]/.test(status));
  if (code === 0 && whole) return;
  throw decodeFailed(ended);
}

function decodeFailed(ended: GpgRun): HoldfastError {
  const { status, stderr } = ended;
  if (/BAD_PASSPHRASE|NO_SECKEY|Bad session key/i.test(status + stderr)) {
    return new HoldfastError('The backup is encrypted with OpenPGP, and no passphrase or key matched.', {
      code: 'gpg.wrong-key',
      input: 'passphrase',
      hint: 'Give the `passphrase`, or the private key as `identity`, that the backup was made with.',
    });
  }
  if (ended.code === null)
    return new CommandError(`gpg was ended: ${reasonOf(ended)}.`, { code: 'gpg.ended' });
  return new IntegrityError(`The gpg data is damaged: ${reasonOf(ended)}.`, { code: 'codec.damaged' });
}

function reasonOf({ stderr, code }: GpgRun): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('gpg: '));
  return lines.at(-1)?.slice('gpg: '.length).replace(/\.$/, '') ?? `exit code ${code}`;
}

function noKey(): HoldfastError {
  return new HoldfastError('The backup is encrypted with OpenPGP, and there is nothing to open it with.', {
    code: 'gpg.no-key',
    input: 'passphrase',
    hint: 'Give the `passphrase`, or the private key as `identity`.',
  });
}
