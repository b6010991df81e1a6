import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError, throwIfCancelled } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { runProgram } from '../../core/program.ts';
import type { Client } from './clients.ts';
import { type Connection, isLoopback } from './connection.ts';
import { postgresError } from './postgres-errors.ts';

/** A host with a client on it, and what the client needs to get into one database. Disposing removes the password file. */
export interface Access extends AsyncDisposable {
  readonly host: Host;
  readonly client: Client;
  readonly connection: Connection;
  /** A private folder on the host for as long as the access is open. */
  readonly folder: string;
  /** The argument list of one of the client's programs. */
  program(
    name: 'psql' | 'pg_dump' | 'pg_dumpall' | 'pg_restore',
    ...args: readonly string[]
  ): [string, ...string[]];
  /** To what was asked in passing when it was opened; absent where nothing was, or it could not be had like that. */
  readonly answer?: string | undefined;
  /** Why the host lets nobody through to the server; absent where nothing is forwarded. */
  readonly refusal?: () => Error | null;
  /** libpq's variables: no secret among them. */
  readonly env: Readonly<Record<string, string>>;
}

export interface AccessRequest {
  readonly host: Host;
  readonly client: Client;
  readonly connection: Connection;
  /** A port of this machine that leads to the server. */
  readonly forwardedPort: number | undefined;
  readonly signal: AbortSignal;
}

/** Puts the password, where there is one, into a private file on the host, sent over stdin. */
export async function openAccess(request: AccessRequest): Promise<Access> {
  const { host, client, connection, signal } = request;
  await using stack = new AsyncDisposableStack();
  const text = passwordLine(connection);
  const file = { name: 'pgpass', text };
  const scratch = stack.use(await host.scratch({ signal, ...(text === '' ? {} : { file }) }));
  const env = {
    ...client.env,
    ...(await variablesOf(request)),
    // Named in any case, so that no other one is looked for.
    PGPASSFILE: `${scratch.path}/${file.name}`,
  };
  const cleared = libpqVariables.filter((name) => !(name in env)).flatMap((name) => ['-u', name]);
  // pg_dump must keep the database's own encoding: not every text of another one can be converted. An archive names its own.
  const encoding = { psql: ['PGCLIENTENCODING=UTF8'], pg_dump: [], pg_dumpall: [], pg_restore: [] };
  const held = stack.move();
  return {
    host,
    client,
    connection,
    folder: scratch.path,
    env,
    program: (name, ...args) => {
      const prefix = ['env', ...cleared, ...encoding[name]] as ['env', ...string[]];
      return [...prefix, `${client.folder}/${name}`, keepalive(host), ...args];
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The same way in, to another database of the server; it ends with the first. */
export function inDatabase(access: Access, database: string): Access {
  return {
    ...access,
    connection: { ...access.connection, database },
    env: { ...access.env, PGDATABASE: database },
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * A server that is gone without a word is noticed, and no firewall forgets a connection that is silent for minutes, as that
 * of the snapshot is during a long dump. libpq counts in whole seconds.
 */
function keepalive({ stallMs }: Host): string {
  const seconds = Math.max(1, Math.floor(stallMs / 4000));
  return `--dbname=keepalives_idle=${seconds} keepalives_interval=${seconds} keepalives_count=3`;
}

/**
 * What an administrator of the host has set for sessions of his own must not steer ours: not where they go, nor as whom.
 * https://www.postgresql.org/docs/current/libpq-envars.html
 */
const libpqVariables = [
  ...['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'PGPASSFILE', 'PGREQUIREAUTH'],
  ...[
    'PGCHANNELBINDING',
    'PGSERVICE',
    'PGSERVICEFILE',
    'PGOPTIONS',
    'PGAPPNAME',
    'PGSSLMODE',
    'PGREQUIRESSL',
  ],
  ...[
    'PGSSLCOMPRESSION',
    'PGSSLCERT',
    'PGSSLKEY',
    'PGSSLCERTMODE',
    'PGSSLROOTCERT',
    'PGSSLCRL',
    'PGSSLCRLDIR',
  ],
  ...['PGSSLSNI', 'PGREQUIREPEER', 'PGSSLNEGOTIATION', 'PGSSLMINPROTOCOLVERSION', 'PGSSLMAXPROTOCOLVERSION'],
  ...['PGMINPROTOCOLVERSION', 'PGMAXPROTOCOLVERSION', 'PGGSSENCMODE', 'PGGSSDELEGATION', 'PGGSSLIB'],
  ...['PGKRBSRVNAME', 'PGCONNECT_TIMEOUT', 'PGCLIENTENCODING', 'PGTARGETSESSIONATTRS', 'PGLOADBALANCEHOSTS'],
  ...['PGDATESTYLE', 'PGTZ', 'PGGEQO', 'PGSYSCONFDIR', 'PGLOCALEDIR', 'PGCLUSTER'],
];

/** https://www.postgresql.org/docs/current/libpq-pgpass.html */
function passwordLine({ password }: Connection): string {
  const text = password.reveal();
  return text === '' ? '' : `*:*:*:*:${text.replace(/[\\:]/g, '\\$&')}\n`;
}

async function variablesOf({ host, client, connection, forwardedPort, signal }: AccessRequest) {
  const { user, database, sslmode, settings } = connection;
  const where =
    forwardedPort === undefined
      ? {
          ...(connection.host === undefined ? {} : { PGHOST: connection.host }),
          ...(connection.port === undefined ? {} : { PGPORT: `${connection.port}` }),
        }
      : { PGHOST: nameForCertificate(connection), PGHOSTADDR: '127.0.0.1', PGPORT: `${forwardedPort}` };
  const mode = sslmode ?? (isLoopback(connection.host) ? 'prefer' : 'verify-full');
  const { PGSSLROOTCERT: root = mode === 'verify-full' ? 'system' : undefined, ...others } = settings;
  return {
    ...where,
    ...(user === undefined ? {} : { PGUSER: user }),
    PGDATABASE: database,
    PGSSLMODE: mode,
    PGAPPNAME: 'holdfast',
    PGCONNECT_TIMEOUT: '15',
    PGOPTIONS: '',
    ...others,
    ...(root === 'system' ? await systemCertificates(host, client, signal) : asRoot(root)),
  };
}

function nameForCertificate({ host }: Connection): string {
  return host === undefined || host.startsWith('/') ? 'localhost' : host;
}

const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** libpq looks for a CA in a file of its own; the system's is what people mean. From 16 on it has a word for that. */
async function systemCertificates(
  host: Host,
  { major }: Client,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (major >= 16) return asRoot('system');
  const script = 'for f in "$@"; do [ ! -r "$f" ] || { printf %s "$f"; exit 0; }; done; exit 1';
  const found = await runProgram(host, ['sh', '-c', script, 'sh', ...bundles], { signal });
  return found.code === 0 ? asRoot(found.stdout) : {};
}

function asRoot(file: string | undefined): Record<string, string> {
  return file === undefined ? {} : { PGSSLROOTCERT: file };
}

export const quietPsql = [
  '--no-psqlrc',
  '--no-align',
  '--tuples-only',
  '--quiet',
  '--no-password',
  '-v',
  'ON_ERROR_STOP=1',
];

/** Runs statements in a session of their own and gives the lines; a full server is asked up to three times. */
export function query(
  access: Access,
  what: string,
  statements: string,
  signal: AbortSignal,
): Promise<string[]> {
  // A role's own limit may be shorter than these questions take.
  return queryAsIs(access, what, `SET statement_timeout = 0;\n${statements}`, signal);
}

/** The same in a session as the server gives it, with nothing set. */
export async function queryAsIs(
  access: Access,
  what: string,
  stdin: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { host, env } = access;
  for (let attempt = 1; ; attempt += 1) {
    const done = await runProgram(host, access.program('psql', ...quietPsql), { signal, env, stdin });
    if (done.code === 0) return done.stdout.split('\n').slice(0, -1);
    const error = postgresError(what, done);
    if (attempt === 3 || !(error instanceof HoldfastError && error.code === 'postgres.busy')) throw error;
    await sleep(attempt * 2000, undefined, { signal }).catch(() => throwIfCancelled(signal));
  }
}
