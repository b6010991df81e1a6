import type { Database, Engine, Loaded, Probe, Snapshot, SnapshotOptions } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { programFailed, runProgram } from '../../core/program.ts';
import { foldersClosed } from './closed-folders.ts';
import { databasesOf } from './discover.ts';
import { gatePatterns } from './gate-patterns.ts';
import { closedMark } from './gate-script.ts';
import { takeGatedSnapshot } from './gated-snapshot.ts';
import { type Inspection, readInspection } from './inspect.ts';
import { chooseScratch, neededBytes } from './sqlite-engine.ts';

export interface GatedSqliteOptions {
  /** Its `spawn` takes requests to a gate. */
  readonly host: Host;
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
}

const closedHint =
  'Give the key to the user who runs the app, or make the glob narrower and print the line of the key again.';

/** SQLite files behind a gate: which ones is in the key's line, and that must be what the options say. */
export class GatedSqliteEngine implements Engine {
  readonly id = 'sqlite';
  readonly #options: GatedSqliteOptions;
  #paths: ReadonlyMap<Database, string> = new Map();

  constructor(options: GatedSqliteOptions) {
    this.#options = options;
  }

  async discover({ signal }: { signal: AbortSignal }): Promise<readonly Database[]> {
    const { host } = this.#options;
    const files = [...new Set(await this.#list(signal))].sort();
    if (files.length === 0) {
      throw new HoldfastError(`No file on ${host.label} matches \`database\` without \`exclude\`.`, {
        code: 'sqlite.none',
        input: 'database',
        hint: 'Correct the globs, and print the line of the key again.',
      });
    }
    this.#paths = databasesOf(files, host);
    return [...this.#paths.keys()];
  }

  async probe(database: Database, { signal }: { signal: AbortSignal }): Promise<Probe> {
    const path = this.#path(database);
    const found = await this.#inspect(database, signal);
    chooseScratch(found, database);
    const warnings = path === found.path ? [] : [`${path} is a link; the database is ${found.path}.`];
    return { expectedBytes: neededBytes(found), warnings };
  }

  async snapshot(database: Database, { signal, pack }: SnapshotOptions): Promise<Snapshot> {
    const { host } = this.#options;
    const found = await this.#inspect(database, signal);
    const path = this.#path(database);
    return takeGatedSnapshot({
      host,
      source: database.source,
      path,
      request: await this.#request('snapshot', path, signal),
      sqliteVersion: versionOf(found, database),
      expectedBytes: neededBytes(found),
      packer: await pack?.(host),
      signal,
    });
  }

  async load(): Promise<Loaded> {
    throw new TypeError('a gate loads no backups');
  }

  recoverCommand(file: string): string {
    return `sqlite3 ${file} 'PRAGMA integrity_check;'`;
  }

  async #inspect(database: Database, signal: AbortSignal): Promise<Inspection> {
    const { host } = this.#options;
    const path = this.#path(database);
    const run = await runProgram(host, await this.#request('facts', path, signal), { signal });
    const found = readInspection(run, path, host);
    versionOf(found, database);
    return found;
  }

  /** The number of a file is its place in the list, which may have changed: whoever uses it compares the path. */
  async #request(
    verb: 'facts' | 'snapshot',
    path: string,
    signal: AbortSignal,
  ): Promise<[string, ...string[]]> {
    const index = (await this.#list(signal)).indexOf(path);
    if (index >= 0) return ['holdfast', '1', verb, `${index}`];
    throw new HoldfastError(
      `sqlite:${path} on ${this.#options.host.label} was there a moment ago, and is gone.`,
      {
        code: 'sqlite.missing',
        hint: 'Run the backup again.',
      },
    );
  }

  /** The files that the key may copy. */
  async #list(signal: AbortSignal): Promise<string[]> {
    const { host } = this.#options;
    const run = await runProgram(host, ['holdfast', '1', 'list'], { signal });
    const closed = run.stderr.split('\n').filter((line) => line.startsWith(closedMark));
    if (closed.length > 0)
      throw foldersClosed(
        host,
        'What the key may copy',
        closed.map((line) => line.slice(closedMark.length)),
        closedHint,
      );
    if (run.code !== 0) throw programFailed('Listing the files of the key', host, run);
    const texts = run.stdout.split('\0').slice(0, -1);
    const end = texts.indexOf('');
    const wanted = gatePatterns(this.#options);
    const baked = texts.slice(0, end);
    if (JSON.stringify(baked) !== JSON.stringify(wanted)) throw outdated(host, baked, wanted);
    return texts.slice(end + 1);
  }

  #path(database: Database): string {
    const path = this.#paths.get(database);
    if (path === undefined) throw new TypeError(`${database.source} was not discovered by this engine`);
    return path;
  }
}

function versionOf({ shellVersion }: Inspection, { source }: Database): string {
  if (shellVersion !== null) return shellVersion;
  throw new HoldfastError(`${source} can't be snapshotted: the host has no sqlite3 program.`, {
    code: 'sqlite.no-tool',
    hint: 'Install the package `sqlite3` there; with `ssh-gate`, python3 is not enough.',
  });
}

function outdated(host: Host, baked: readonly string[], wanted: readonly string[]): HoldfastError {
  return new HoldfastError(
    `The key's line in authorized_keys on ${host.label} is for ${baked.join(', ')}, but \`database\` and \`exclude\` say ${wanted.join(', ')}.`,
    {
      code: 'ssh.gate-outdated',
      input: 'database',
      hint: 'Replace the line by what `holdfast doctor --print-authorized-key` prints.',
    },
  );
}
