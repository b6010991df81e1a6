import type {
  Database,
  Engine,
  Loaded,
  LoadRequest,
  Probe,
  Snapshot,
  SnapshotOptions,
} from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { databasesOf, findFiles } from './discover.ts';
import { doubtsAbout, walResetNote } from './doubts.ts';
import { chooseTool, mebibytes } from './host-facts.ts';
import { type Inspection, inspect, type Look, lookAt, readInspection } from './inspect.ts';
import { loadBackup } from './load-backup.ts';
import { takeSmallSnapshot } from './small-snapshot.ts';
import { type SnapshotRequest, takeSnapshot } from './sqlite-snapshot.ts';

export interface SqliteEngineOptions {
  readonly host: Host;
  /** Paths and globs on the host. */
  readonly paths: readonly string[];
  /** Globs of files to leave out; one without a slash is held against the file's name alone. */
  readonly exclude: readonly string[];
  /** Takes `paths` as they are, without globs. */
  readonly literal?: boolean;
}

/** With more files than these, a small one is done by one program. */
const manyFiles = 8;
const smallBytes = 32_000_000;
/** For that long what a look found out is taken to hold. What must be right is looked at once more as the copying begins. */
const freshMs = 1000;

/** SQLite files on a host. */
export class SqliteEngine implements Engine {
  readonly id = 'sqlite';
  readonly #options: SqliteEngineOptions;
  #paths: ReadonlyMap<Database, string> = new Map();
  /** The first look at all of them, for the probes. */
  #looks: Promise<ReadonlyMap<string, Look>> | undefined;
  #lookedAtMs = 0;
  /** As they were when they were probed. */
  readonly #small = new Map<Database, Inspection>();
  #swept = false;

  constructor(options: SqliteEngineOptions) {
    this.#options = options;
  }

  async discover({ signal }: { signal: AbortSignal }): Promise<readonly Database[]> {
    const { host, paths, literal = false } = this.#options;
    const files = literal ? paths : await findFiles(host, this.#options, signal);
    this.#looks = undefined;
    this.#paths = databasesOf(files, host);
    return [...this.#paths.keys()];
  }

  async probe(database: Database, { signal }: { signal: AbortSignal }): Promise<Probe> {
    const found = await this.#firstLook(database, signal);
    const needed = neededBytes(found);
    const tool = chooseTool(found, `${database.source} can't be snapshotted`);
    const under = chooseScratch(found, database);
    const small = this.#paths.size > manyFiles && needed <= smallBytes && found.shellVersion !== null;
    if (small) this.#small.set(database, found);
    const path = this.#path(database);
    const moved = path.startsWith('/') && path !== found.path;
    return {
      expectedBytes: needed,
      detail: `${found.wal ? 'WAL' : 'rollback journal'}, by ${tool.label} with a copy in ${under}`,
      warnings: [
        ...(moved ? [`${path} is a link; the database is ${found.path}.`] : []),
        ...doubtsAbout(found),
      ],
      notes: walResetNote(tool.sqliteVersion, found.wal),
      ...(small ? { programs: 1 } : {}),
    };
  }

  async snapshot(database: Database, options: SnapshotOptions): Promise<Snapshot> {
    const { signal } = options;
    const probed = this.#small.get(database);
    if (probed !== undefined) {
      const sweeps = !this.#swept;
      this.#swept = true;
      const taken = await takeSmallSnapshot(this.#request(database, probed, options), sweeps);
      if (taken !== null) return taken;
    }
    const isFresh = probed === undefined && performance.now() - this.#lookedAtMs < freshMs;
    const take = (found: Inspection) => takeSnapshot(this.#request(database, found, options));
    if (!isFresh) return take(await this.#lookAgain(database, signal));
    const found = await this.#firstLook(database, signal);
    try {
      return await take(found);
    } catch (error) {
      if (!(error instanceof HoldfastError && error.code.startsWith('sqlite.'))) throw error;
      // What is there now may be a better answer, or a database.
      const later = await this.#lookAgain(database, signal);
      if (error.code !== 'sqlite.changed') throw error;
      return await take(later);
    }
  }

  #request(database: Database, found: Inspection, { signal, pack }: SnapshotOptions): SnapshotRequest {
    const { host } = this.#options;
    return {
      host,
      source: database.source,
      tool: chooseTool(found, `${database.source} can't be snapshotted`),
      live: found.path,
      wal: found.wal,
      scratchUnder: chooseScratch(found, database),
      expectedBytes: neededBytes(found),
      packer: async () => await pack?.(host),
      signal,
    };
  }

  load(request: LoadRequest): Promise<Loaded> {
    return loadBackup(this.#options.host, request);
  }

  recoverCommand(file: string): string {
    return `sqlite3 ${file} 'PRAGMA integrity_check;'`;
  }

  async #firstLook(database: Database, signal: AbortSignal): Promise<Inspection> {
    const { host } = this.#options;
    if (this.#looks === undefined) {
      this.#lookedAtMs = performance.now();
      const paths = [...this.#paths.keys()].map((one) => this.#path(one));
      this.#looks = lookAt(host, paths, signal);
    }
    const path = this.#path(database);
    return readInspection((await this.#looks).get(path), path, host);
  }

  #lookAgain(database: Database, signal: AbortSignal): Promise<Inspection> {
    return inspect(this.#options.host, this.#path(database), signal);
  }

  #path(database: Database): string {
    const path = this.#paths.get(database);
    if (path === undefined) throw new TypeError(`${database.source} was not discovered by this engine`);
    // A relative path is one below the user's home folder; it must not look like an option.
    return /^[/~]/.test(path) ? path : `./${path}`;
  }
}

/** What a copy takes. */
export function neededBytes({ fileBytes, walBytes }: Inspection): number {
  return fileBytes + (walBytes ?? 0);
}

/** The first folder with twice the room that the copy takes, so that the app can go on writing meanwhile. */
export function chooseScratch(found: Inspection, { source }: Database): string {
  const wanted = 2 * neededBytes(found);
  const roomy = found.scratchFolders.find(({ freeBytes }) => freeBytes >= wanted);
  if (roomy !== undefined) return roomy.path;
  const seen = found.scratchFolders.map(({ path, freeBytes }) => `${path} has ${mebibytes(freeBytes)}`);
  throw new HoldfastError(
    `${source} can't be snapshotted: twice its size with the WAL, ${mebibytes(wanted)}, must be free for the copy, ` +
      `but ${seen.length === 0 ? 'no temporary folder is writable' : seen.join(', ')}.`,
    {
      code: 'sqlite.no-space',
      hint: 'Free some space on the host, or set TMPDIR there to a folder with room.',
    },
  );
}
