import { HoldfastError } from '../core/errors.ts';

/** A failure that nobody foresaw: the program is wrong, not what it was given. */
export function internalError(cause: unknown): HoldfastError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError(`Something failed that should not: ${message}.`, {
    code: 'internal',
    hint: 'Please report this with the lines above it; run again with RUNNER_DEBUG=1 for more of them.',
    cause,
  });
}
