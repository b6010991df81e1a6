/** The Action's outputs beside the whole `result`, with what they hold. */
export const outputs = [
  {
    name: 'backup-id',
    help: 'Id of the backup that was made, verified or restored; of the newest one for `check`.',
  },
  { name: 'manifest-key', help: 'Key of its manifest, relative to the store.' },
  { name: 'stored-bytes', help: 'Bytes stored for it, all databases together.' },
  { name: 'plain-bytes', help: 'Bytes before compression.' },
  {
    name: 'sha256',
    help: 'SHA-256 of the stored object; with several databases one `sha256  key` per line.',
  },
  { name: 'duration-ms', help: 'How long the command took, in milliseconds.' },
  { name: 'kept', help: 'How many older and newer backups the retention policy keeps.' },
  { name: 'pruned', help: 'How many it removed.' },
  { name: 'verdict', help: 'What a verify found: `ok`, `damaged` or `unknown`.' },
  { name: 'safety-backup', help: 'Id of the backup of what a restore replaced.' },
  { name: 'previous', help: 'Where a restore keeps what it replaced: a path or a database.' },
  { name: 'stale', help: 'Whether `check` found the backups too old.' },
  { name: 'result', help: 'The whole result as one JSON document.' },
] as const;
