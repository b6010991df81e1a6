import { parseConfig } from '../config/parse.ts';
import type { Environment, Read } from '../config/read.ts';
import { type CleanUpResult, cleanUp } from '../core/clean-up.ts';
import { HoldfastError } from '../core/errors.ts';
import { noJournal } from '../core/journal.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Unfinished } from '../core/store.ts';
import { openStore } from './open.ts';

export interface AfterKillRequest {
  readonly read: Read;
  readonly env: Environment;
  readonly cwd: string;
  /** Id of the backup that the run had begun; `null`: none. */
  readonly backup: string | null;
  readonly uploads: readonly Pick<Unfinished, 'key' | 'id'>[];
  readonly reporter: Reporter;
}

export interface AfterKill {
  /** What became of what the killed run had begun, in sentences. */
  readonly told: readonly string[];
  /** It had to take something back, or could not. */
  readonly found: boolean;
}

/** Long enough for a slow store, and short enough for a job that is being ended. */
const limitMs = 60_000;

/** Cleans up after a run that could not do it itself. Never throws: what fails is told. */
export async function afterKill(request: AfterKillRequest): Promise<AfterKill> {
  const { read, env, cwd, backup, uploads, reporter } = request;
  if (backup === null && uploads.length === 0) {
    return { told: [...restoreHint(read), 'It had stored nothing.'], found: false };
  }
  try {
    const config = parseConfig(read.command, read.raw, { face: 'action', env, cwd }, read.problems);
    if (!('store' in config)) return { told: [], found: false };
    const signal = AbortSignal.timeout(limitMs);
    const { name, stallMs } = config;
    const store = await openStore(config.store, { env, reporter, signal, stallMs, journal: noJournal });
    const result = await cleanUp({ store, name, backup, uploads, signal });
    const found = result.removed > 0 || result.kept.length > 0;
    return { told: [...restoreHint(read), ...describe(backup, result)], found };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const hint = error instanceof HoldfastError ? (error.hint ?? '') : '';
    const stays = 'What it had stored could not be removed now, and a prune removes it after a day';
    return { told: [...restoreHint(read), `${stays}: ${said} ${hint}`.trim()], found: true };
  }
}

function describe(backup: string | null, { complete, removed, kept }: CleanUpResult): string[] {
  const of = backup === null ? '' : ` of backup ${backup}`;
  if (complete) return [`Backup ${backup} is complete, and was not touched.`];
  if (removed === 0 && kept.length === 0) return [`Nothing${of} is in the store.`];
  const lines: string[] = [];
  if (removed > 0)
    lines.push(
      `Removed${of}: ${removed} ${removed === 1 ? 'object' : 'objects'}, unfinished uploads included.`,
    );
  if (kept.length > 0) {
    const reasons = [...new Set(kept.map(({ reason }) => reason))].join(', ');
    lines.push(
      `Left for now${of}: ${kept.length} (${reasons}); a prune by a key that may delete removes it after a day, or lifecycle rules of the bucket do.`,
    );
  }
  return lines;
}

/** The one command that changes something beside the store. */
function restoreHint({ command, raw }: Read): string[] {
  if (command !== 'restore') return [];
  const started =
    raw.start === undefined ? '' : ' Its `start` command may not have run: look whether the app is up.';
  return [`What it restores to is what it was, or the restored one, whole.${started}`];
}
