import { HoldfastError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { refusePoolerUrl } from './pooler-url.ts';

/** A `postgres://` URL, taken apart. What is absent is libpq's default. */
export interface Connection {
  /** A name, an address, or the folder of a socket. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: Secret;
  readonly database: string;
  /** As the URL says it; absent means that Holdfast decides. */
  readonly sslmode: string | undefined;
  /** libpq's variables for the other parameters of the URL that are allowed. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Parameters that change where or how safely we connect, and nothing else, with libpq's variables for them. */
const allowed: Readonly<Record<string, string>> = {
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
  channel_binding: 'PGCHANNELBINDING',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  gssencmode: 'PGGSSENCMODE',
};

const sslmodes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * @throws HoldfastError `postgres.url` or `postgres.pooler`, naming `database`; neither the URL nor its password is in the message
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseConnection(url: Secret): Connection {
  const { parts, query } = takeApart(url.reveal());
  const value = (name: string, part: string | undefined): string | undefined => query.get(name) ?? part;
  const user = value('user', parts.user);
  const database = value('dbname', parts.database) ?? user;
  if (database === undefined) {
    throw refused('it names no database', 'Write `postgres://user:password@host/database`.');
  }
  const host = value('host', parts.host);
  if (host?.includes(',')) throw refused('it names several hosts', 'Name the one to back up from.');
  const port = parsePort(value('port', parts.port));
  refusePoolerUrl({ host, port, pgbouncer: query.get('pgbouncer') });
  return {
    host,
    port,
    user,
    password: new Secret(value('password', parts.password) ?? ''),
    database,
    sslmode: parseSslmode(query.get('sslmode')),
    settings: settingsOf(query),
  };
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw refused(`its port is ${JSON.stringify(text)}`, 'Write a number.');
  return Number(text);
}

function parseSslmode(text: string | undefined): string | undefined {
  if (text === undefined || sslmodes.includes(text)) return text;
  throw refused(`it has sslmode=${text}`, `Write one of ${sslmodes.join(', ')}.`);
}

function settingsOf(query: ReadonlyMap<string, string>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, text] of query) {
    if (own.includes(name)) continue;
    const variable = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (variable === undefined)
      throw refused(`its parameter \`${name}\` is not allowed`, 'Leave the parameter out.');
    settings[variable] = text;
  }
  return settings;
}

/** Parameters that say again what the URL's own parts say; they win, as in libpq. */
const own = ['host', 'port', 'user', 'password', 'dbname', 'sslmode'];

type PartName = 'user' | 'password' | 'host' | 'port' | 'database';

/** An `@` after the host is refused: most likely it ends a password with a character that should have been encoded. */
function takeApart(url: string): { parts: Partial<Record<PartName, string>>; query: Map<string, string> } {
  const form =
    /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/?#,@]*))(?::(?<port>\d*))?(?:\/(?<database>[^?#@]*))?(?:\?(?<query>[^#@]*))?$/;
  const groups = form.exec(url)?.groups;
  if (groups === undefined) {
    throw refused(
      'it can not be taken apart',
      'Write `postgres://user:password@host:port/database`, with special characters of the password percent-encoded.',
    );
  }
  const parts: Partial<Record<PartName, string>> = {};
  for (const name of ['user', 'password', 'host', 'port', 'database'] as const) {
    const text = decode(groups[name] || (name === 'host' ? groups['v6'] : undefined) || '');
    if (text !== '') parts[name] = text;
  }
  const query = new Map<string, string>();
  for (const pair of (groups['query'] ?? '').split('&').filter((text) => text !== '')) {
    const [name = '', text = ''] = pair.split(/=(.*)/s, 2).map(decode);
    query.set(name, text);
  }
  return { parts, query };
}

function decode(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    if (!/[\0\r\n]/.test(plain)) return plain;
  } catch {
    // Told below.
  }
  throw refused('it has a percent-encoding that stands for no text', 'Encode `%` itself as `%25`.');
}

function refused(why: string, hint: string): HoldfastError {
  return new HoldfastError(`The PostgreSQL URL in \`database\` can't be used: ${why}.`, {
    code: 'postgres.url',
    input: 'database',
    hint,
  });
}

/** For people and manifests: `postgres:app on db.example.com`. */
export function labelOf({ database, host }: Connection, hostLabel: string): string {
  const where = host === undefined || isLoopback(host) ? hostLabel : host;
  return `postgres:${database} on ${where}`;
}

/** A socket's folder, or an address of the same machine: the bytes do not cross a network. */
export function isLoopback(host: string | undefined): boolean {
  return host === undefined || host.startsWith('/') || /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);
}
