import { test } from 'vitest';

/** One fault of the pipeline: how it is made to happen, and what must follow. A row of docs/faults.md. */
export interface Fault {
  /** A letter for the stage and a number: `S1`. */
  readonly id: string;
  /** What goes wrong, in the words of whoever sees it happen. */
  readonly fault: string;
  /** What follows. */
  readonly outcome: string;
  /** With what it is made to happen. */
  readonly how: string;
  /** Where this machine can't have the thing itself: what stands for it, and why that is near enough. */
  readonly nearest?: string;
  /** Makes it happen through the bundled program, and judges what follows. */
  readonly run: () => Promise<void>;
}

/** What the reporter makes a row of the table of. */
export type FaultRow = Omit<Fault, 'run'>;

declare module 'vitest' {
  interface TaskMeta {
    fault?: FaultRow;
    /** How many runs of the program a sweep made, by what was swept. */
    sweep?: { readonly what: string; readonly runs: number };
  }
}

/** A test for each fault, named by its id. */
export function faults(rows: readonly Fault[]): void {
  for (const { run, ...row } of rows) {
    test(`${row.id} ${row.fault}`, async ({ task }) => {
      task.meta.fault = row;
      await run();
    });
  }
}
