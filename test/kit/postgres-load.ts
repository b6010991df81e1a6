import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import type { LoadRequest } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import type { Reporter } from '../../src/core/reporter.ts';
import { Secret } from '../../src/core/secret.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { PostgresTarget } from '../../src/engines/postgres/postgres-target.ts';
import { newestServer, type Postgres } from './postgres.ts';
import { quietReporter } from './quiet-reporter.ts';
import { signal } from './signal.ts';

/** A database with some of everything that is restored in a way of its own; the role `tenant` must be there. */
export const richSchema = `
  CREATE EXTENSION pg_trgm; CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL UNIQUE, m mood DEFAULT 'good', n positive);
  INSERT INTO people (name, n) SELECT 'person ' || i, i FROM generate_series(1, 1000) i;
  CREATE INDEX ON people USING gin (name gin_trgm_ops);
  CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person int REFERENCES people, note text);
  INSERT INTO orders (person, note) SELECT 1 + i % 1000, repeat(md5(i::text), 5) FROM generate_series(1, 5000) i;
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := upper(NEW.note); RETURN NEW; END';
  CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE VIEW busy AS SELECT person, count(*) FROM orders GROUP BY person;
  CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS c FROM orders;
  CREATE SCHEMA "Odd ""schema"""; CREATE TABLE "Odd ""schema"""."a.b" (t text); INSERT INTO "Odd ""schema"""."a.b" VALUES ('ünï'), (E'a\\nb');
  CREATE TABLE measures (at date, v int) PARTITION BY RANGE (at);
  CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO measures VALUES ('2026-05-05', 1);
  ALTER TABLE people ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON people TO tenant USING (true);
  GRANT SELECT ON orders TO tenant;
  SELECT lo_from_bytea(0, 'large');
`;

export interface LoadOptions {
  readonly host: Host;
  readonly scratchUrl?: string;
  /** Where server programs are looked for, besides PATH. */
  readonly folders?: readonly string[];
  readonly reporter?: Reporter;
}

/** An engine as `verify` makes it. */
export function scratchEngine({ host, scratchUrl, folders, reporter }: LoadOptions): PostgresEngine {
  return new PostgresEngine({
    host,
    runner: host,
    urls: [],
    globals: false,
    install: null,
    reporter: reporter ?? quietReporter(),
    ...(scratchUrl === undefined ? {} : { scratchUrl: new Secret(scratchUrl) }),
    ...(folders === undefined ? {} : { folders }),
  });
}

export interface TargetOptions {
  readonly host: Host;
  readonly reporter?: Reporter;
  readonly jobs?: number;
}

/** A database as `restore` replaces it. */
export function targetFor(url: string, { host, reporter, jobs = 1 }: TargetOptions): PostgresTarget {
  return new PostgresTarget({
    host,
    runner: host,
    install: null,
    reporter: reporter ?? quietReporter(),
    url: new Secret(url),
    jobs,
  });
}

/** A request to load these bytes, as `verify` and `restore` make it. */
export function dumpRequest(
  plain: Uint8Array | Bytes | string,
  more: Partial<LoadRequest> = {},
): LoadRequest {
  const content = typeof plain === 'string' ? readFileSync(plain) : plain;
  const bytes = content instanceof Uint8Array;
  return {
    plain: bytes ? bytesOf(content) : content,
    plainBytes: bytes ? content.byteLength : 4096,
    extension: 'dump',
    engineVersion: `${newestServer().major}.0`,
    signal,
    ...more,
  };
}

/** Names of databases, without the server's own. */
export function databasesOf(server: Postgres): string[] {
  const query =
    "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1";
  return server.sql('postgres', query).split('\n').slice(0, -1);
}

/** Segments that no process is attached to: `key shmid owner perms bytes nattch status`. */
function deadSegments(): string[] {
  const lines = execFileSync('ipcs', ['-m'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => /^0x\S+ +\d+ +\S+ +\d+ +\d+ +0\b/.test(line));
}
const deadBefore = deadSegments();

/** Folders, processes and shared memory of scratch clusters below a temporary folder. */
export function clusterTraces(temporary: string): string[] {
  const folders = readdirSync(temporary).filter((name) => name.startsWith('holdfast.'));
  const processes = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(temporary));
  const segments = deadSegments().filter((line) => !deadBefore.includes(line));
  return [...folders, ...processes, ...segments];
}
