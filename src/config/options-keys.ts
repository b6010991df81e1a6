import type { Option } from './option.ts';

/** Who can read the backups, and who made them. */
export const keyOptions = [
  {
    name: 'encrypt-to',
    commands: ['backup', 'restore', 'doctor'],
    kind: 'public-keys',
    default: 'none; in a restore, those of `identity`',
    help: 'Who can read the backup: age recipients (`age1…`), one per line, or armored OpenPGP public keys. `none` where earlier backups were encrypted and this is not to be.',
  },
  {
    name: 'passphrase',
    commands: ['backup', 'verify', 'restore', 'doctor'],
    kind: 'secret',
    default: 'none',
    help: 'OpenPGP encryption by passphrase (AES-256), readable by `gpg`; better: `encrypt-to`.',
  },
  {
    name: 'identity',
    commands: ['backup', 'verify', 'restore', 'doctor'],
    kind: 'secret-keys',
    default: 'none',
    help: 'Secret keys that open encrypted backups: `AGE-SECRET-KEY-…`, or armored OpenPGP private keys. Not for making them.',
  },
  {
    name: 'sign-key',
    commands: ['backup', 'restore', 'doctor'],
    kind: 'secret',
    default: 'none: manifests are not signed',
    help: 'Ed25519 key that signs manifests, as `holdfast keygen` makes it.',
  },
  {
    name: 'verify-key',
    commands: ['backup', 'verify', 'restore', 'prune', 'doctor'],
    kind: 'public-keys',
    default: 'none: signatures are not asked for',
    help: 'Public half of `sign-key`, or several: manifests that none of them signed are refused.',
  },
] as const satisfies readonly Option[];
