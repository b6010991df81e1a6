import type { Option } from './option.ts';

const backup = ['backup', 'doctor'] as const;
const hosts = ['backup', 'restore', 'doctor'] as const;

/** What is backed up, where it is, and how its bytes are made. */
export const backupOptions = [
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
    commands: ['backup', 'verify', 'restore', 'doctor'],
    kind: 'boolean',
    default: 'true in the Action, false in the CLI',
    help: "Fetch the distribution's PostgreSQL client when none of the server's version is there.",
  },
  {
    name: 'ssh',
    commands: hosts,
    kind: 'text',
    default: 'this machine',
    help: 'The server with the database: `user@host[:port]`.',
  },
  {
    name: 'ssh-key',
    commands: hosts,
    kind: 'secret',
    default: 'none',
    help: 'Private key for `ssh`.',
  },
  {
    name: 'ssh-key-passphrase',
    commands: hosts,
    kind: 'secret',
    default: 'none',
    help: 'Passphrase of `ssh-key`.',
  },
  {
    name: 'ssh-known-hosts',
    commands: hosts,
    kind: 'public-keys',
    default: 'none',
    help: 'known_hosts lines of the server, as `ssh-keyscan` prints them. Required with `ssh`.',
  },
  {
    name: 'ssh-gate',
    commands: backup,
    kind: 'boolean',
    default: 'false',
    help: 'The key may do nothing but this backup: its line in authorized_keys is what `doctor --print-authorized-key` prints.',
  },
  {
    name: 'container',
    commands: hosts,
    kind: 'text',
    default: 'none',
    help: "Run the database's tools inside this container of the host.",
  },
  {
    name: 'sudo',
    commands: hosts,
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
  {
    name: 'lock-days',
    commands: backup,
    kind: 'count',
    default: 'off',
    help: 'Lock each stored object for so many days (S3 Object Lock): nobody can delete or replace it earlier.',
  },
  {
    name: 'lock-mode',
    commands: backup,
    kind: 'choice',
    values: ['governance', 'compliance'],
    default: 'governance',
    help: 'Who may unlock: whoever has a right of its own (`governance`), or nobody (`compliance`).',
  },
] as const satisfies readonly Option[];
