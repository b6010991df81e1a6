import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteContent } from './content.ts';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';
import { appSchema } from './postgres-dump.ts';
import { makeAppDatabase } from './sqlite.ts';

/** The database that is backed up. */
export interface FaultSource {
  /** For the input `database`. */
  readonly url: string;
  /** A hash of everything in it. */
  content(): string;
  /** The same of what a restore has put into a folder. */
  contentOf(folder: string): string;
  /** What a run has left in the server of the database. */
  left(): string[];
  stop(): void;
}

export function sqliteSource(path: string, megabytes: number): FaultSource {
  makeAppDatabase(path, { megabytes });
  return {
    url: `sqlite:${path}`,
    content: () => sqliteContent(path),
    contentOf: (folder) => sqliteContent(join(folder, 'app.sqlite3')),
    left: () => [],
    stop: () => {},
  };
}

export interface PostgresSource extends FaultSource {
  readonly server: Postgres;
  /** For a user of the server who needs no password. */
  urlOf(user: string, database?: string): string;
  /** A hash of everything in another database of the server. */
  contentIn(database: string): string;
}

/** A server of its own with the database `app`, `megabytes` large. */
export async function postgresSource(megabytes: number, options: PostgresOptions): Promise<PostgresSource> {
  const server = await startPostgres(options);
  server.sql('postgres', 'CREATE DATABASE app');
  server.sql('app', appSchema);
  server.sql(
    'app',
    `CREATE TABLE pages AS SELECT i AS id, repeat(md5(i::text), 30) AS body FROM generate_series(1, ${megabytes * 1000}) i`,
  );
  return {
    server,
    url: server.url('app'),
    urlOf: (user, database = 'app') => server.url(database).replace('postgres@', `${user}@`),
    content: () => postgresContent(server, 'app'),
    contentIn: (database) => postgresContent(server, database),
    contentOf(folder) {
      const name = `restored_${Math.random().toString(36).slice(2)}`;
      server.sql('postgres', `CREATE DATABASE ${name}`);
      const file = join(folder, 'app.dump');
      chmodSync(file, 0o644);
      execFileSync(join(server.bin, 'pg_restore'), ['--exit-on-error', `--dbname=${server.url(name)}`, file]);
      const content = postgresContent(server, name);
      server.sql('postgres', `DROP DATABASE ${name}`);
      return content;
    },
    left: () => [
      ...linesOf(
        server,
        "SELECT pid || ' ' || query FROM pg_stat_activity WHERE application_name IN ('holdfast', 'pg_dump')",
      ),
      ...linesOf(
        server,
        String.raw`SELECT datname FROM pg_database WHERE datname LIKE 'holdfast\_%' OR datname LIKE '%\_new\_%'`,
      ),
    ],
    stop: () => server.stop(),
  };
}

function linesOf(server: Postgres, query: string): string[] {
  return server
    .sql('postgres', query)
    .split('\n')
    .filter((line) => line !== '');
}

/** A hash of everything in a database, as its own dump says it. */
function postgresContent(server: Postgres, database: string): string {
  const dump = execFileSync(join(server.bin, 'pg_dump'), ['--no-owner', server.url(database)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  // Newer versions of pg_dump draw a new key for these lines each time.
  return createHash('sha256')
    .update(dump.replace(/^\\(?:un)?restrict .*$/gm, ''))
    .digest('hex');
}
