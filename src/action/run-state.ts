import * as core from '@actions/core';
import type { Environment } from '../config/read.ts';
import type { Journal } from '../core/journal.ts';
import type { Unfinished } from '../core/store.ts';

/** What main tells the post step, which gets the same inputs and secrets anew: none of them is in it. */
export class RunState implements Journal {
  #uploads = 0;

  backup(id: string): void {
    core.saveState('backup', id);
  }

  upload({ key, id }: Pick<Unfinished, 'key' | 'id'>): void {
    this.#uploads += 1;
    core.saveState(`upload-${this.#uploads}`, JSON.stringify({ key, id }));
  }

  /** @param how `itself`: there is nothing left to do. */
  ended(how: 'itself' | 'cancelled'): void {
    core.saveState('ended', how);
  }
}

/** What main has told, as the runner hands it over. */
export function readState(env: Environment): {
  readonly ended: string | null;
  readonly backup: string | null;
  readonly uploads: readonly Pick<Unfinished, 'key' | 'id'>[];
} {
  const uploads = Object.entries(env).flatMap(([name, text = '']) =>
    /^STATE_upload-\d+$/.test(name) ? [JSON.parse(text) as Pick<Unfinished, 'key' | 'id'>] : [],
  );
  return { ended: env['STATE_ended'] ?? null, backup: env['STATE_backup'] ?? null, uploads };
}
