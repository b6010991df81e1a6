import type { Option } from './option.ts';

const both = ['verify', 'restore'] as const;
const restore = ['restore'] as const;

/** How backups are proven, restored and watched. */
export const restoreOptions = [
  {
    name: 'verify',
    commands: ['backup', 'doctor'],
    kind: 'choice',
    values: ['stat', 'hash', 'restore', 'true', 'false'],
    default: 'false',
    help: 'Prove the new backup in the same run, before pruning: a level of `verify`; `true` is `restore`.',
  },
  {
    name: 'level',
    commands: ['verify'],
    kind: 'choice',
    values: ['stat', 'hash', 'restore'],
    default: 'restore',
    help: 'How much: `stat` sizes, `hash` all bytes, `restore` the content of a scratch database.',
  },
  {
    name: 'assert',
    commands: ['backup', 'verify', 'doctor'],
    kind: 'lines',
    default: 'none',
    help: 'Queries that must be true in the restored database, one per line: `app.sqlite3: SELECT count(*) > 0 FROM users`.',
  },
  {
    name: 'scratch-url',
    commands: ['backup', 'verify', 'doctor'],
    kind: 'secret-lines',
    default: 'a cluster of its own, made from the server programs of this machine',
    help: 'PostgreSQL server to verify in, such as a service container: a new database is made and dropped.',
  },
  {
    name: 'backup',
    commands: both,
    kind: 'text',
    default: 'latest',
    help: 'Which backup: an id, `latest`, or `before:2026-11-21T03:00:00Z`.',
  },
  {
    name: 'to',
    commands: restore,
    kind: 'secret-lines',
    default: 'none; required',
    help: 'What to restore to: `sqlite:/path/app.sqlite3`, `postgres://user:password@host/database`, or `file:folder` for the files alone.',
  },
  {
    name: 'confirm',
    commands: restore,
    kind: 'text',
    default: 'none',
    help: 'The name of the database that is replaced, typed: `app.sqlite3`, `app_production`.',
  },
  {
    name: 'only',
    commands: restore,
    kind: 'lines',
    default: 'the one that fits; all for a folder',
    help: 'Which database of a backup of several; for a folder one or more, one per line.',
  },
  {
    name: 'stop',
    commands: restore,
    kind: 'text',
    default: 'none',
    help: 'Command that stops the app, run on the machine of the database right before that is replaced.',
  },
  {
    name: 'start',
    commands: restore,
    kind: 'text',
    default: 'none',
    help: 'Command that starts the app again, run after the swap, also when that failed.',
  },
  {
    name: 'force',
    commands: restore,
    kind: 'boolean',
    default: 'false',
    help: 'Go on although the database is in use (PostgreSQL: end its sessions) or can not be backed up first, or the schema alone of the backup differs from its manifest.',
  },
  {
    name: 'jobs',
    commands: restore,
    kind: 'count',
    default: '1, in a single transaction',
    help: 'How many connections `pg_restore` uses at the same time.',
  },
  {
    name: 'all',
    commands: ['list'],
    kind: 'boolean',
    default: 'false',
    help: 'Also show what failed runs have left, and uploads that are not finished.',
  },
  {
    name: 'max-age',
    commands: ['check'],
    kind: 'text',
    default: '26h',
    help: 'The newest backup must be younger: `26h`, `7d`.',
  },
  {
    name: 'max-verified-age',
    commands: ['check'],
    kind: 'text',
    default: 'off',
    help: 'The newest backup verified by `restore` or `hash` must be younger: `8d`.',
  },
] as const satisfies readonly Option[];
