import { resolve } from 'node:path';
import { Secret } from '../core/secret.ts';
import type { HostConfig, SourcesConfig, SshConfig } from './config.ts';
import { type Fields, show } from './fields.ts';
import type { ParseContext } from './parse.ts';
import { unreadUrl } from './unread-url.ts';

export function parseHost(fields: Fields): HostConfig {
  return {
    ssh: parseSsh(fields),
    container: parseContainer(fields),
    sudo: fields.boolean('sudo'),
    gated: parseGate(fields),
  };
}

function parseGate(fields: Fields): boolean {
  const gated = fields.boolean('ssh-gate');
  if (!gated) return false;
  if (!fields.has('ssh')) {
    fields.problem(
      'ssh-gate',
      '`ssh-gate` is set, but `ssh` is not.',
      'Set `ssh: user@host`, or leave it out.',
    );
  }
  for (const name of ['container', 'sudo'] as const) {
    if (!fields.has(name) || fields.text(name) === 'false') continue;
    const hint = 'Let the key belong to the user who owns the files, or leave `ssh-gate` out.';
    fields.problem(name, `\`${name}\` is set, but a key with \`ssh-gate\` runs no other program.`, hint);
  }
  return true;
}

const sshDetails = ['ssh-key', 'ssh-key-passphrase', 'ssh-known-hosts'] as const;

function parseSsh(fields: Fields): SshConfig | null {
  const target = fields.text('ssh');
  if (target === undefined) {
    for (const name of sshDetails.filter((detail) => fields.has(detail))) {
      fields.problem(
        name,
        `\`${name}\` is set, but \`ssh\` is not.`,
        'Set `ssh: user@host`, or leave it out.',
      );
    }
    return null;
  }
  const { user, host, port } = parseTarget(fields, target);
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
  const keyHint = 'Set it to a private key whose public half is in ~/.ssh/authorized_keys of that user.';
  const hostsHint = `Set it to the lines that \`${scan}\` prints, after comparing the fingerprint on the server.`;
  return {
    user,
    host,
    port,
    privateKey: fields.secret('ssh-key') ?? required(fields, 'ssh-key', keyHint),
    passphrase: fields.secret('ssh-key-passphrase'),
    knownHosts: fields.text('ssh-known-hosts') ?? required(fields, 'ssh-known-hosts', hostsHint).reveal(),
  };
}

/** `user@host[:port]`, an IPv6 address in brackets. */
function parseTarget(fields: Fields, target: string): Pick<SshConfig, 'user' | 'host' | 'port'> {
  const form =
    /^(?<user>[^@:\s-][^@:\s]*)@(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^@:\s[\]-][^@:\s[\]]*))(?::(?<port>\d{1,5}))?$/;
  const { user, v6, name, port = '22' } = form.exec(target)?.groups ?? {};
  const host = v6 ?? name;
  if (user !== undefined && host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
    return { user, host, port: Number(port) };
  }
  const hint = 'Write `user@host` or `user@host:port`; IPv6 as `user@[::1]:22`.';
  // It may be a password that stands there.
  const what = /:.*@/.test(target) ? 'has a colon before the @' : `is ${show(target)}`;
  fields.problem('ssh', `\`ssh\` ${what}.`, hint);
  return { user: '', host: 'HOST', port: 22 };
}

function required(fields: Fields, name: 'ssh-key' | 'ssh-known-hosts', hint: string): Secret {
  const message = `\`${name}\` is empty, but \`ssh\` needs it`;
  fields.problem(name, `${message} (in a pull request from a fork every secret is empty).`, hint);
  return new Secret('');
}

function parseContainer(fields: Fields): string | null {
  const name = fields.text('container');
  if (name === undefined) return null;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    fields.problem(
      'container',
      `\`container\` is ${show(name)}, which can't be a container's name.`,
      'Take it from the last column of `docker ps`.',
    );
  }
  return name;
}

export function parseSources(fields: Fields, host: HostConfig, context: ParseContext): SourcesConfig {
  const sqlite: string[] = [];
  const postgres: Secret[] = [];
  const lines = databaseLines(fields, context);
  const local = host.ssh === null && host.container === null;
  for (const { line, where } of lines) {
    if (/^postgres(?:ql)?:\/\//.test(line)) postgres.push(new Secret(line));
    else if (/^sqlite3?:./.test(line)) sqlite.push(sqlitePath(line, local, context));
    else fields.problem('database', unreadUrl(where, line), databaseHint(line));
  }
  if (lines.length === 0) {
    fields.problem('database', '`database` is not set.', databaseForms);
  }
  if (host.gated && postgres.length > 0) {
    fields.problem(
      'database',
      '`database` has a PostgreSQL URL, but a key with `ssh-gate` takes SQLite files only.',
      'Back it up in a run of its own without `ssh-gate`: straight from the server, or with another key.',
    );
  }
  const exclude = fields.lines('exclude');
  return {
    sqlite,
    exclude,
    postgres,
    globals: fields.boolean('globals'),
    installClient: fields.boolean('install-client', context.face === 'action'),
  };
}

function databaseLines(fields: Fields, { env }: ParseContext): { line: string; where: string }[] {
  const fallback = env['DATABASE_URL']?.trim();
  if (!fields.has('database') && fallback) return [{ line: fallback, where: '`DATABASE_URL`' }];
  return fields
    .numberedLines('database')
    .map(({ line, number }) => ({ line, where: `Line ${number} of \`database\`` }));
}

/** `sqlite:relative`, `sqlite:/absolute`, and Rails' `sqlite3:///absolute`. */
export function sqlitePath(line: string, local: boolean, { cwd }: ParseContext): string {
  const path = line.slice(line.indexOf(':') + 1).replace(/^\/\/(?=\/)/, '');
  return local && !path.startsWith('~/') ? resolve(cwd, path) : path;
}

const databaseForms = 'Write `sqlite:/path/to/file.sqlite3` or `postgres://user:password@host/database`.';

function databaseHint(line: string): string {
  const isPath = /^(?:~|\.{0,2})\//.test(line) || /\.(?:db|sqlite3?)$/.test(line);
  return isPath ? 'Write `sqlite:` before the path of a SQLite file.' : databaseForms;
}
