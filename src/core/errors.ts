/** Exit codes of every command; they never change their meaning. */
export const exitCodes = { done: 0, failed: 1, config: 2, integrity: 3, stale: 4, cancelled: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface ErrorDetails {
  /** Permanent: `sqlite.missing`. */
  readonly code: string;
  /** What to change: the exact input, flag or command. */
  readonly hint?: string | undefined;
  /** The option at fault, by its one name (`keep-daily`). */
  readonly input?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure that a user sees: a permanent `code`, an exit code, one sentence that says what could
 * not be done, to what, and why, and where it helps a hint with the remedy. No secret may be in either.
 */
export class HoldfastError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode = exitCodes.failed;
  readonly hint: string | undefined;
  readonly input: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.input = details.input;
  }
}

/** One thing that is wrong with one option. */
export interface Problem {
  readonly input: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The settings are wrong. Holds every problem found, not only the first. */
export class ConfigError extends HoldfastError {
  override readonly exitCode = exitCodes.config;
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problems: readonly [Problem, ...Problem[]], cause?: unknown) {
    const [first] = problems;
    const message = problems.map((problem) => problem.message).join('\n');
    super(message, { code: 'config', hint: first.hint, input: first.input, cause });
    this.problems = problems;
  }
}

/** A program on a host ended badly. */
export class CommandError extends HoldfastError {}

/** The store refused, failed or could not be reached. */
export class StoreError extends HoldfastError {}

/** The newest backup is older than it may be. */
export class StaleError extends HoldfastError {
  override readonly exitCode = exitCodes.stale;
}

/** Bytes or rows are not what they must be: the source, a copy or a backup is damaged. */
export class IntegrityError extends HoldfastError {
  override readonly exitCode = exitCodes.integrity;
}

/** The user, or the platform, asked us to stop. */
export class CancelledError extends HoldfastError {
  override readonly exitCode = exitCodes.cancelled;
  constructor(message = 'Cancelled before it was complete.') {
    super(message, { code: 'cancelled' });
  }
}

/** Throws {@link CancelledError} once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
}

/** The same failure in other words: class, code, remedy and exit code stay. */
export function retold(error: HoldfastError, message: string): HoldfastError {
  if (error instanceof CancelledError) return new CancelledError(message);
  if (error instanceof ConfigError) {
    const [first, ...more] = error.problems;
    return new ConfigError([{ ...first, message }, ...more], error);
  }
  const classes = [IntegrityError, StaleError, StoreError, CommandError];
  const Same = classes.find((its) => error instanceof its) ?? HoldfastError;
  return new Same(message, { code: error.code, hint: error.hint, input: error.input, cause: error });
}
