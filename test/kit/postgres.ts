import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Lines for postgresql.conf. */
  readonly settings?: readonly string[];
  /** Lines for pg_hba.conf in place of "everybody from here". */
  readonly access?: readonly string[];
  /** Serve TLS, with a certificate of a CA of its own for `localhost`. */
  readonly tls?: boolean;
}

export interface Postgres {
  readonly major: number;
  readonly port: number;
  /** Folder with the programs. */
  readonly bin: string;
  /** Folder of the socket. */
  readonly socket: string;
  /** The CA's certificate, with `tls`. */
  readonly ca: string;
  /** For the superuser, without a password. */
  url(database: string): string;
  /** Runs SQL as the superuser and gives its output. */
  sql(database: string, statements: string): string;
  restart(mode: 'fast' | 'immediate'): void;
  stop(): void;
}

/** The folder of the newest PostgreSQL server on this machine. */
export function newestServer(): { bin: string; major: number } {
  const majors = readdirSync('/usr/lib/postgresql')
    .map(Number)
    .sort((a, b) => b - a);
  const [major] = majors;
  if (major === undefined) throw new Error('the tests need the package postgresql');
  return { major, bin: `/usr/lib/postgresql/${major}/bin` };
}

/** A cluster of its own on a loopback port, run by the user postgres because root may not. */
export async function startPostgres({
  settings = [],
  access,
  tls = false,
}: PostgresOptions = {}): Promise<Postgres> {
  const { bin, major } = newestServer();
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-pg-'));
  const uid = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  const gid = Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' }));
  chownSync(dir, uid, gid);
  chmodSync(dir, 0o755);
  const data = join(dir, 'data');
  const asServer = (program: string, ...args: string[]): void => {
    execFileSync(join(bin, program), args, {
      uid,
      gid,
      cwd: dir,
      stdio: 'pipe',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
  };
  asServer('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8');
  const port = await freePort();
  if (tls) makeCertificates(dir, uid, gid);
  const lines = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${dir}'`,
    'fsync = off',
    'log_min_messages = warning',
    ...(tls ? ['ssl = on', `ssl_cert_file = '${dir}/server.pem'`, `ssl_key_file = '${dir}/server.key'`] : []),
    ...settings,
  ];
  writeFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  if (access !== undefined)
    writeFileSync(join(data, 'pg_hba.conf'), `local all postgres trust\n${access.join('\n')}\n`);
  const start = ['-D', data, '-l', join(dir, 'log'), '-w', 'start'];
  asServer('pg_ctl', ...start);
  const sql = (database: string, statements: string): string =>
    execFileSync(
      join(bin, 'psql'),
      ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', dir, '-p', `${port}`, '-U', 'postgres'],
      // Not an argument, where a name with `=` in it would be more than a name.
      { input: statements, encoding: 'utf8', stdio: 'pipe', env: { PGDATABASE: database } },
    );
  return {
    major,
    port,
    bin,
    socket: dir,
    ca: join(dir, 'ca.pem'),
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    sql,
    restart(mode) {
      asServer('pg_ctl', '-D', data, '-m', mode, '-w', 'stop');
      asServer('pg_ctl', ...start);
    },
    stop() {
      asServer('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function makeCertificates(dir: string, uid: number, gid: number): void {
  const make = (name: string, ...args: string[]): void => {
    const key = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    execFileSync('/usr/bin/openssl', [...key, ...files, ...args], { cwd: dir, stdio: 'pipe' });
  };
  make('ca', '-subj', '/CN=Test CA');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  make('server', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', ...signed);
  for (const name of ['server.key', 'server.pem']) chownSync(join(dir, name), uid, gid);
  chmodSync(join(dir, 'server.key'), 0o600);
}

/** Restores a custom-format dump into a new database, as a user would. */
export async function restoreDump(server: Postgres, dump: string, database: string): Promise<void> {
  server.sql('postgres', `CREATE DATABASE ${database}`);
  const readable = `${dump}.readable`;
  copyFileSync(dump, readable);
  await run(join(server.bin, 'pg_restore'), [
    '--exit-on-error',
    '--no-owner',
    `--dbname=${server.url(database)}`,
    readable,
  ]);
}
