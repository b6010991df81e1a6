import type {
  Database,
  Engine,
  Loaded,
  LoadRequest,
  Probe,
  ProbeOptions,
  Snapshot,
  SnapshotOptions,
} from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Secret } from '../../core/secret.ts';
import { type Access, query } from './access.ts';
import { openMatching, type PostgresHosts } from './choose-client.ts';
import { type Connection, labelOf, parseConnection } from './connection.ts';
import { tableCount } from './fingerprint.ts';
import { loadBackup } from './load-backup.ts';
import { takeGlobals, takeSnapshot } from './postgres-snapshot.ts';

export interface PostgresEngineOptions extends PostgresHosts {
  readonly urls: readonly Secret[];
  /** Also the roles and tablespaces of each server. */
  readonly globals: boolean;
  /** Also a database without a table, as it is; default: that is most likely the wrong one. */
  readonly evenEmpty?: boolean;
  readonly reporter: Reporter;
  /** How long a lock of another session, such as a migration's, is waited for. */
  readonly lockWaitMs?: number;
  /** A server to load backups into, in a database that is made for it; absent: a cluster of its own on the host. */
  readonly scratchUrl?: Secret;
}

interface Source {
  readonly connection: Connection;
  readonly kind: 'database' | 'globals';
}

interface Facts {
  readonly version: string;
  readonly bytes: number;
  readonly mayReadPasswords: boolean;
  readonly tables: number;
}

/** Every role that may dump anything may ask these. All in one line, or none. */
const factsQuery = `SELECT ${tableCount}, has_table_privilege('pg_catalog.pg_authid', 'SELECT'), coalesce(pg_database_size(current_database()), 0), current_setting('server_version');`;

/** PostgreSQL databases, by URL. */
export class PostgresEngine implements Engine {
  readonly id = 'postgres';
  readonly #options: PostgresEngineOptions;
  readonly #sources = new Map<Database, Source>();
  /** As the probes found them. */
  readonly #probed = new Map<Database, Facts>();
  /** Left open by the probes. */
  readonly #kept = new Map<Database, Access>();

  constructor(options: PostgresEngineOptions) {
    this.#options = options;
  }

  async discover(): Promise<readonly Database[]> {
    const { urls, globals, host } = this.#options;
    const servers = new Set<string>();
    this.#sources.clear();
    for (const connection of urls.map(parseConnection)) {
      const source = labelOf(connection, host.label);
      this.#sources.set({ name: connection.database, source }, { connection, kind: 'database' });
      const server = `${connection.host}:${connection.port}`;
      if (!globals || servers.has(server)) continue;
      servers.add(server);
      this.#sources.set({ name: 'globals', source: `roles of ${source}` }, { connection, kind: 'globals' });
    }
    return [...this.#sources.keys()];
  }

  async probe(database: Database, { signal, held }: ProbeOptions): Promise<Probe> {
    await using stack = new AsyncDisposableStack();
    const access = stack.use(await this.#open(database, signal));
    const facts = await this.#facts(access, database, signal);
    const probe = this.#judge(database, access, facts);
    this.#probed.set(database, facts);
    // Of several each would take one of the programs that a server allows at a time.
    if (held?.disposed === false && this.#sources.size === 1) {
      held.use(stack.move());
      this.#kept.set(database, access);
    }
    return probe;
  }

  #judge(database: Database, { client, host }: Access, facts: Facts): Probe {
    const detail = `PostgreSQL ${facts.version}, by pg_dump ${client.version} of ${host.label}`;
    if (this.#source(database).kind === 'globals') {
      const partial = `The passwords of roles are not backed up: this user may not read them (${database.source}).`;
      return { expectedBytes: 0, detail, warnings: facts.mayReadPasswords ? [] : [partial] };
    }
    if (facts.tables === 0 && this.#options.evenEmpty !== true) {
      throw new HoldfastError(`${database.source} can't be backed up: it holds no table.`, {
        code: 'postgres.empty',
        input: 'database',
        hint: 'Correct the database in the URL: the app most likely uses another one.',
      });
    }
    return { expectedBytes: facts.bytes, detail, warnings: [] };
  }

  async snapshot(database: Database, { signal, pack }: SnapshotOptions): Promise<Snapshot> {
    await using stack = new AsyncDisposableStack();
    const access = stack.use(this.#kept.get(database) ?? (await this.#open(database, signal)));
    this.#kept.delete(database);
    const facts = this.#probed.get(database) ?? (await this.#facts(access, database, signal));
    const packer = await pack?.(access.host);
    const { reporter, lockWaitMs = 60_000 } = this.#options;
    const { source } = database;
    stack.move();
    const request = { access, source, reporter, packer, signal, serverVersion: facts.version };
    if (this.#source(database).kind === 'database')
      return takeSnapshot({ ...request, expectedBytes: facts.bytes, lockWaitMs });
    return takeGlobals({ ...request, expectedBytes: 0, withPasswords: facts.mayReadPasswords });
  }

  load(request: LoadRequest): Promise<Loaded> {
    return loadBackup(this.#options, request);
  }

  recoverCommand(file: string): string {
    if (file.replace(/'$/, '').endsWith('.sql'))
      return `psql --no-psqlrc --dbname="$TARGET_URL" --file=${file}`;
    return `pg_restore --exit-on-error --no-owner --no-privileges --dbname="$TARGET_URL" ${file}`;
  }

  #open(database: Database, signal: AbortSignal): Promise<Access> {
    const hosts = { ...this.#options, alsoAsk: factsQuery };
    return openMatching(hosts, this.#source(database).connection, signal);
  }

  async #facts(access: Access, { source }: Database, signal: AbortSignal): Promise<Facts> {
    const inPassing = factsIn(access.answer);
    if (inPassing !== null) return inPassing;
    const [line] = await query(access, `Connecting to ${source}`, factsQuery, signal);
    const facts = factsIn(line);
    if (facts === null) throw new TypeError(`${source} answered ${line}`);
    return facts;
  }

  #source(database: Database): Source {
    const source = this.#sources.get(database);
    if (source === undefined) throw new TypeError(`${database.source} was not discovered by this engine`);
    return source;
  }
}

function factsIn(line: string | undefined): Facts | null {
  const [, tables, mayReadPasswords, bytes, version = ''] =
    /^(\d+)\|([tf])\|(\d+)\|(.*)$/.exec(line ?? '') ?? [];
  if (bytes === undefined) return null;
  return {
    version: version.split(' ')[0] ?? version,
    bytes: Number(bytes),
    mayReadPasswords: mayReadPasswords === 't',
    tables: Number(tables),
  };
}
