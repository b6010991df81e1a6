/** Where a long transfer stands. */
export interface Progress {
  /** What is moving, for people: `app.sqlite3`. */
  readonly label: string;
  /** Plain bytes so far. */
  readonly bytes: number;
  /** Expected plain bytes; absent when nobody knows. */
  readonly totalBytes?: number | undefined;
}

/**
 * What people see while a command runs. Texts may hold what a remote machine said: an implementation
 * makes sure that none of it can act as a command of the terminal or of the workflow runner.
 */
export interface Reporter {
  /** Runs `work` under a heading; the lines inside belong to it. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  progress(progress: Progress): void;
  info(message: string): void;
  /** Also collected into the result document's `warnings`. */
  warn(message: string): void;
  debug(message: string): void;
}
