import type { Reporter } from './reporter.ts';

/** What still goes on when the work on a database is done: its snapshot goes from its host. */
export class Endings {
  readonly #going = new Set<Promise<void>>();
  readonly #reporter: Pick<Reporter, 'warn'>;

  constructor(reporter: Pick<Reporter, 'warn'>) {
    this.#reporter = reporter;
  }

  /** A failure is a warning: the backup is good, and the next run removes what is left. */
  add(ending: PromiseLike<void>): void {
    const noted = Promise.resolve(ending)
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#reporter.warn(
          `What a snapshot took on its host was not given back (${why}); a later run removes it.`,
        );
      })
      .finally(() => this.#going.delete(noted));
    this.#going.add(noted);
  }

  /** Resolves when all have ended. */
  async all(): Promise<void> {
    await Promise.all(this.#going);
  }
}
