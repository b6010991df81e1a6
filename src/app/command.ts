import type { Command } from '../config/option.ts';
import type { HoldfastError } from '../core/errors.ts';
import type { Documents } from './result.ts';

type Shared = 'ok' | 'name' | 'store' | 'startedAt' | 'durationMs' | 'warnings' | 'error';
type Own = { [C in Command]: Omit<Documents[C], Shared> }[Command];

/** What a command did. */
export interface Ran {
  /** Its own fields of the result document. */
  readonly own: Own;
  /** What failed although there is something to tell; `null` when nothing did. */
  readonly failure: HoldfastError | null;
}
