import { storeCommands as all, type Option } from './option.ts';
import { backupOptions } from './options-backup.ts';
import { keyOptions } from './options-keys.ts';
import { restoreOptions } from './options-restore.ts';
import { retentionOptions } from './options-retention.ts';

/**
 * The one table of options. Action inputs, flags, variables, `--help`, action.yml and the README's table come from it.
 */
export const options = [
  {
    name: 'name',
    commands: all,
    kind: 'text',
    default: "the repository's name; else the current folder's",
    help: 'What is backed up; a folder in the store.',
  },
  {
    name: 'store',
    commands: all,
    kind: 'text',
    default: '`file:backups` in the CLI; required in the Action',
    help: 'Where backups go: `s3://bucket[/prefix]` or `file:path`.',
  },
  {
    name: 's3-endpoint',
    commands: all,
    kind: 'text',
    default: 'AWS',
    help: 'URL of the S3 service of B2, R2, Spaces, MinIO, ….',
  },
  {
    name: 's3-region',
    commands: all,
    kind: 'text',
    default: 'told by the endpoint, or by the environment',
    help: "The bucket's region.",
  },
  {
    name: 's3-access-key-id',
    commands: all,
    kind: 'text',
    default: "the AWS SDK's own chain (OIDC role, environment)",
    help: 'Id of the storage key.',
  },
  {
    name: 's3-secret-access-key',
    commands: all,
    kind: 'secret',
    default: "the AWS SDK's own chain",
    help: 'The storage key itself.',
  },
  ...backupOptions,
  ...keyOptions,
  ...restoreOptions,
  ...retentionOptions,
  {
    name: 'stall-timeout',
    commands: all,
    kind: 'text',
    default: '60s',
    help: 'How long the store, the server or a transfer may be silent before it is given up: `30s`, `5min`. What is slow is waited for.',
  },
  {
    name: 'dry-run',
    commands: ['backup', 'restore', 'prune'],
    kind: 'boolean',
    default: 'false',
    help: 'Decide and show, change nothing.',
  },
] as const satisfies readonly Option[];

export type OptionName = (typeof options)[number]['name'];

/** The texts that the user gave, by option; none is empty. */
export type RawOptions = Partial<Record<OptionName, string>>;

/** The same of a command line, each as often as it was given. */
export type Flags = Partial<Record<OptionName, string | readonly string[]>>;

/** `HOLDFAST_KEEP_DAILY`. */
export function variableOf(name: string): string {
  return `HOLDFAST_${name.toUpperCase().replaceAll('-', '_')}`;
}
