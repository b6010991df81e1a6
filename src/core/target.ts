import type { Engine, Loaded, LoadRequest } from './engine.ts';
import { HoldfastError } from './errors.ts';

/** What is at the place that a restore is to fill. */
export interface TargetState {
  /** `empty`: it is there, but holds no table. */
  readonly state: 'absent' | 'empty' | 'present';
  /** Who has it open, in words (`process 4711 (puma)`, `3 sessions of the role app`); `null`: nobody that can be seen. */
  readonly inUse: string | null;
}

/** What became of the old database. */
export interface Swapped {
  /** Where the old one is kept; `null` when there was none. */
  readonly previous: string | null;
  /** Shell or SQL commands that put the old one back, for people; empty when there was none. */
  readonly goBack: readonly string[];
}

/** The new database, whole, beside the target and invisible to the app. Disposing removes it unless it was swapped in. */
export interface Staged extends Loaded {
  /**
   * Puts the new database in the target's place and keeps the old one under a name that ends in `id`. To be called once.
   * When it throws, the target is what it was; a death at any moment leaves the old database or the new one, whole.
   * @param force go on although somebody has the target open (PostgreSQL: end their sessions)
   * @throws HoldfastError `restore.in-use` when somebody has it open; `restore.unknown` when the link broke in the last
   * moment, so that only a look at the host can tell which of the two it is
   */
  swap(options: { readonly id: string; readonly force: boolean }): Promise<Swapped>;
}

/**
 * One database that a restore replaces.
 *
 * - `inspect` looks and changes nothing; it throws when the target can't be restored to at all.
 * - `stage` is an engine's `load`, at a place from where a swap takes no copy. Until it is disposed of, no other restore can
 *   stage for the same target: that one throws `restore.locked`. A process that dies leaves no lock that needs a hand.
 */
export interface Target {
  /** Id of its engine: a backup of another one is refused. */
  readonly engine: string;
  /** What the user types to confirm: the name of the file, or of the PostgreSQL database. */
  readonly name: string;
  /** For people, without secrets: `sqlite:/srv/app.sqlite3 on deploy@example.com`. */
  readonly label: string;
  /** Backs up what is there, before it is replaced. */
  readonly source: Engine;
  inspect(options: { readonly signal: AbortSignal }): Promise<TargetState>;
  stage(request: LoadRequest): Promise<Staged>;
}

/** The error of a target that another restore is filling. */
export function otherRestore(label: string): HoldfastError {
  return new HoldfastError(
    `${label} is being restored by another run at this moment; this one changed nothing.`,
    {
      code: 'restore.locked',
      input: 'to',
      hint: 'Wait until that has ended, and look at what it restored; one that died is out of the way after five minutes.',
    },
  );
}
