import { CancelledError, exitCodes } from '../core/errors.ts';
import { internalError } from './internal-error.ts';

/**
 * The one signal that ends everything: aborted by SIGINT and SIGTERM. A second one ends the process at once, cleaned up
 * or not. An exception that nobody caught aborts it too.
 */
export function cancellation(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      process.stderr.write(
        `Ended at once by ${name}: what was not cleaned up stays for now, and is removed by a prune after a day.\n`,
      );
      process.exit(exitCodes.cancelled);
    }
    controller.abort(new CancelledError(`Cancelled by ${name} before it was complete.`));
  };
  // What nobody caught ends the run as a cancellation does: with everything cleaned up, and never with success.
  process.on('uncaughtException', (cause) => {
    process.once('exit', (code) => {
      if (code === exitCodes.done) process.exitCode = exitCodes.failed;
    });
    controller.abort(internalError(cause));
  });
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
