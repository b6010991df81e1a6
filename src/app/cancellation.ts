import { CancelledError, exitCodes } from '../core/errors.ts';

/**
 * The one signal that ends everything: aborted by SIGINT and SIGTERM. A second one ends the process at once, cleaned up
 * or not.
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
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
