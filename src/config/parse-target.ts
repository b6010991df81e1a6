import { resolve } from 'node:path';
import { Secret } from '../core/secret.ts';
import type { TargetConfig } from './config.ts';
import type { Fields } from './fields.ts';
import type { OptionName } from './options.ts';
import type { ParseContext } from './parse.ts';
import { parseHost, sqlitePath } from './parse-source.ts';
import { unreadUrl } from './unread-url.ts';

const forms =
  'Write `sqlite:/path/to/app.sqlite3`, `postgres://user:password@host/database`, or `file:folder` for the files alone.';

/** Where a restore goes: a database, by the same words as in `database`, or a folder of this machine. */
export function parseTarget(fields: Fields, context: ParseContext): TargetConfig {
  const text = fields.text('to') ?? '';
  const folder = folderOf(text);
  if (folder !== null) return parseFolder(fields, resolve(context.cwd, folder));
  return {
    kind: 'database',
    host: parseHost(fields),
    database: parseDatabase(fields, text, context),
    only: parseOnly(fields),
    confirm: fields.text('confirm') ?? null,
    stop: fields.text('stop') ?? null,
    start: fields.text('start') ?? null,
    force: fields.boolean('force'),
  };
}

/** `file:folder`, or what can only be a path. */
function folderOf(text: string): string | null {
  if (text.startsWith('file:')) return text.slice('file:'.length).replace(/^\/\/(?=\/)/, '') || null;
  // `//user:password@host` is a URL that lost its scheme.
  if (/^\/\/.*@/.test(text)) return null;
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(text) ? text : null;
}

/** Of no use where no database is replaced. */
const ofDatabases = [
  ...['ssh', 'ssh-key', 'ssh-key-passphrase', 'ssh-known-hosts', 'container', 'sudo'],
  ...['confirm', 'stop', 'start', 'force', 'jobs'],
] as readonly OptionName[];

function parseFolder(fields: Fields, path: string): TargetConfig {
  for (const name of ofDatabases.filter((candidate) => fields.has(candidate))) {
    const message = `\`${name}\` is set, but \`to\` is a folder of this machine.`;
    fields.problem(name, message, 'Leave it out, or name a database in `to`.');
  }
  return { kind: 'folder', path, only: fields.lines('only') };
}

function parseDatabase(
  fields: Fields,
  text: string,
  context: ParseContext,
): Extract<TargetConfig, { kind: 'database' }>['database'] {
  const installClient = fields.boolean('install-client', context.face === 'action');
  const jobs = fields.count('jobs', 1, 1, 64);
  const local = !fields.has('ssh') && !fields.has('container');
  if (/^postgres(?:ql)?:\/\/\S+$/.test(text)) {
    return { engine: 'postgres', url: new Secret(text), jobs, installClient };
  }
  if (fields.has('jobs')) {
    fields.problem('jobs', '`jobs` is set, but `to` is no PostgreSQL database.', 'Leave it out.');
  }
  const oneLine = !/[\r\n]/.test(text);
  if (/^sqlite3?:./.test(text) && oneLine)
    return { engine: 'sqlite', path: sqlitePath(text, local, context) };
  fields.problem('to', text === '' ? '`to` is not set.' : unreadUrl('`to`', text), forms);
  return { engine: 'sqlite', path: '' };
}

function parseOnly(fields: Fields): string | null {
  const [only = null, ...more] = fields.lines('only');
  if (more.length > 0) {
    fields.problem('only', '`only` names several databases, but `to` is one.', 'Name one of them.');
  }
  return only;
}
