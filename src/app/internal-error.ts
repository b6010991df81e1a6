import { CancelledError, HoldfastError } from '../core/errors.ts';

/** A failure that nobody foresaw: the program is wrong, not what it was given. */
export function internalError(cause: unknown): HoldfastError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError(`Something failed that should not: ${message}.`, {
    code: 'internal',
    hint: 'Please report this with the lines above it; run again with RUNNER_DEBUG=1 for more of them.',
    cause,
  });
}

/** Whatever it was that failed: after a cancellation, that is what it was. */
export function asHoldfastError(cause: unknown, signal: AbortSignal): HoldfastError {
  if (cause instanceof CancelledError) return cause;
  if (signal.aborted) return signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
  if (cause instanceof HoldfastError) return cause;
  // What failed first is what is to be told, not what failed in its wake.
  if (cause instanceof SuppressedError) return asHoldfastError(cause.suppressed, signal);
  return internalError(cause);
}
