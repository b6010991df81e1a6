/** The commands that work on a store. */
export const storeCommands = [
  'backup',
  'list',
  'verify',
  'restore',
  'prune',
  'check',
  'doctor',
  'lifecycle',
] as const;

/** Every command, in the order of help. */
export const commands = [...storeCommands, 'keygen'] as const;
export type Command = (typeof commands)[number];

export const commandHelp: Readonly<Record<Command, string>> = {
  backup: 'Back up the databases, then prune when a keep rule is set.',
  list: 'List the backups of one name.',
  verify: 'Prove that a backup restores, by restoring it into a scratch database.',
  restore: 'Put a backup in the place of a database, keeping what was there; or fetch its files.',
  prune: 'Remove the backups that the retention policy no longer wants.',
  check: 'Fail when the newest backup is too old.',
  keygen: 'Make keys for encrypting and signing backups, and say where each goes (only in a terminal).',
  lifecycle: 'Print bucket rules that do the pruning, for a storage key that may not delete.',
  doctor: 'Check everything that a backup needs, and say what to change; for before the first night.',
};

/**
 * How the text of an option is read. `text`, `secret` and `lines` may be several lines; `secret`, `secret-keys` and
 * `public-keys` may in the CLI be the path of a file; `lines` and `keys` may be given several times.
 */
type OptionKind =
  | 'text'
  | 'lines'
  | 'boolean'
  | 'count'
  | 'choice'
  | 'secret'
  | 'secret-lines'
  | 'secret-keys'
  | 'public-keys';

/** Of this kind a file may be given in the place of the text. */
export function isKey(kind: OptionKind): boolean {
  return kind === 'secret' || kind.endsWith('keys');
}

/** Of this kind one more flag adds to the others. */
export function isRepeatable(kind: OptionKind): boolean {
  return kind.endsWith('lines') || kind.endsWith('keys');
}

export interface Option {
  /** Its one name: `--keep-daily`, the input `keep-daily`, `HOLDFAST_KEEP_DAILY`. */
  readonly name: string;
  readonly commands: readonly Command[];
  readonly kind: OptionKind;
  /** What holds when it is absent, for people. */
  readonly default: string;
  readonly help: string;
  /** For `choice`. */
  readonly values?: readonly string[];
}
