/** Every command, in the order of help. */
export const commands = ['backup', 'list', 'prune'] as const;
export type Command = (typeof commands)[number];

export const commandHelp: Readonly<Record<Command, string>> = {
  backup: 'Back up the databases, then prune when a keep rule is set.',
  list: 'List the backups of one name.',
  prune: 'Remove the backups that the retention policy no longer wants.',
};

/**
 * How the text of an option is read. `text`, `secret` and `lines` may be several lines; `secret` and `host-keys` may in
 * the CLI be the path of a file.
 */
type OptionKind = 'text' | 'lines' | 'boolean' | 'count' | 'choice' | 'secret' | 'secret-lines' | 'host-keys';

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

const all = commands;
const backup = ['backup'] as const;
const retention = ['backup', 'prune'] as const;

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
  {
    name: 'database',
    commands: backup,
    kind: 'secret-lines',
    default: '`DATABASE_URL`',
    help: 'What to back up, one per line: `sqlite:/path/or/*.sqlite3`, `postgres://user:password@host/database`.',
  },
  {
    name: 'exclude',
    commands: backup,
    kind: 'lines',
    default: 'none',
    help: 'Globs of SQLite files to leave out, one per line: `*_cache.sqlite3`.',
  },
  {
    name: 'globals',
    commands: backup,
    kind: 'boolean',
    default: 'false',
    help: "Also back up PostgreSQL's roles and tablespaces.",
  },
  {
    name: 'install-client',
    commands: backup,
    kind: 'boolean',
    default: 'true in the Action, false in the CLI',
    help: "Fetch the distribution's PostgreSQL client when none of the server's version is there.",
  },
  {
    name: 'ssh',
    commands: backup,
    kind: 'text',
    default: 'this machine',
    help: 'The server with the database: `user@host[:port]`.',
  },
  {
    name: 'ssh-key',
    commands: backup,
    kind: 'secret',
    default: 'none',
    help: 'Private key for `ssh`.',
  },
  {
    name: 'ssh-key-passphrase',
    commands: backup,
    kind: 'secret',
    default: 'none',
    help: 'Passphrase of `ssh-key`.',
  },
  {
    name: 'ssh-known-hosts',
    commands: backup,
    kind: 'host-keys',
    default: 'none',
    help: 'known_hosts lines of the server, as `ssh-keyscan` prints them. Required with `ssh`.',
  },
  {
    name: 'container',
    commands: backup,
    kind: 'text',
    default: 'none',
    help: "Run the database's tools inside this container of the host.",
  },
  {
    name: 'sudo',
    commands: backup,
    kind: 'boolean',
    default: 'false',
    help: "Run them by `sudo -n`: for another user's files, docker volumes.",
  },
  {
    name: 'compression',
    commands: backup,
    kind: 'choice',
    values: ['zstd', 'gzip', 'none'],
    default: 'zstd',
    help: 'How objects are compressed.',
  },
  {
    name: 'compression-level',
    commands: backup,
    kind: 'count',
    default: '3 for zstd, 6 for gzip',
    help: 'zstd 1 to 19, gzip 1 to 9.',
  },
  {
    name: 'compress-on',
    commands: backup,
    kind: 'choice',
    values: ['auto', 'host', 'runner'],
    default: 'auto',
    help: "Where: on the database's `host`, on the `runner`, or `auto`: on the server where it has the tool.",
  },
  { name: 'keep-last', commands: retention, kind: 'count', default: 'off', help: 'Keep the newest N.' },
  {
    name: 'keep-within',
    commands: retention,
    kind: 'text',
    default: 'off',
    help: 'Keep everything younger: `48h`, `7d`, `4w`, `6m`, `1y`.',
  },
  {
    name: 'keep-hourly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N hours.',
  },
  {
    name: 'keep-daily',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N days.',
  },
  {
    name: 'keep-weekly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N ISO weeks.',
  },
  {
    name: 'keep-monthly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N months.',
  },
  {
    name: 'keep-yearly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N years.',
  },
  {
    name: 'keep-min',
    commands: retention,
    kind: 'count',
    default: '3',
    help: 'Always keep so many of the newest, whatever the rules say. At least 1.',
  },
  {
    name: 'time-zone',
    commands: retention,
    kind: 'text',
    default: 'UTC',
    help: 'IANA name of the zone in which hours, days and weeks are cut.',
  },
  {
    name: 'dry-run',
    commands: retention,
    kind: 'boolean',
    default: 'false',
    help: 'Decide and show, change nothing.',
  },
] as const satisfies readonly Option[];

export type OptionName = (typeof options)[number]['name'];

/** The texts that the user gave, by option; an empty text counts as absent. */
export type RawOptions = Partial<Record<OptionName, string>>;

/** `HOLDFAST_KEEP_DAILY`. */
export function variableOf(name: string): string {
  return `HOLDFAST_${name.toUpperCase().replaceAll('-', '_')}`;
}
