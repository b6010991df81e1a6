import { posix } from 'node:path';
import type { LoadRequest } from '../../core/engine.ts';
import type { Exit, Host } from '../../core/host.ts';
import type { Staged, Target, TargetState } from '../../core/target.ts';
import { whoUses } from './in-use.ts';
import { inspectTarget, type TargetPlace } from './inspect-target.ts';
import { SqliteEngine } from './sqlite-engine.ts';
import { stageFile } from './stage-file.ts';

export interface SqliteTargetOptions {
  readonly host: Host;
  /** Absolute, below `~/`, or relative to the folder that programs start in; taken literally. A link is followed. */
  readonly path: string;
}

/** One SQLite file on a host. */
export class SqliteTarget implements Target {
  readonly engine = 'sqlite';
  readonly name: string;
  readonly label: string;
  readonly source: SqliteEngine;
  readonly #host: Host;
  readonly #path: string;

  constructor({ host, path }: SqliteTargetOptions) {
    this.#host = host;
    // It must not look like an option.
    this.#path = /^[/~]/.test(path) ? path : `./${path}`;
    this.name = posix.basename(path);
    this.label = `sqlite:${path} on ${host.label}`;
    this.source = new SqliteEngine({ host, paths: [path], exclude: [], literal: true });
  }

  async inspect({ signal }: { signal: AbortSignal }): Promise<TargetState> {
    const place = await this.#place(signal);
    // One after the other, or we would see ourselves.
    const inUse = await whoUses(this.#host, place.path, signal);
    return { state: await stateOf(this.#host, place, signal), inUse };
  }

  async stage(request: LoadRequest): Promise<Staged> {
    const place = await this.#place(request.signal);
    return stageFile({ host: this.#host, label: this.label, place }, request);
  }

  #place(signal: AbortSignal): Promise<TargetPlace> {
    return inspectTarget(this.#host, { path: this.#path, label: this.label }, signal);
  }
}

/** Opened as immutable, so that no side file is made; where that does not tell for sure, something is there. */
async function stateOf(
  host: Host,
  { exists, content, sideContent, path, tool }: TargetPlace,
  signal: AbortSignal,
): Promise<TargetState['state']> {
  if (!exists) return 'absent';
  if (content === 'none') return 'empty';
  if (content === 'foreign' || sideContent) return 'present';
  const fail = (exit: Exit): Error => new Unreadable(exit.stderr);
  try {
    const [tables] = await tool.query(host, path, [countTables], { signal, fail });
    return tables === '0' ? 'empty' : 'present';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return 'present';
  }
}

const countTables = "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view')";

class Unreadable extends Error {}
