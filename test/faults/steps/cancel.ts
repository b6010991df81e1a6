import type { ChildProcess } from 'node:child_process';
import type { ActionRun, RunOptions } from '../../kit/run-action.ts';

/** Runs it, sends the signal once `ready` resolved, and says how long the end took after that. */
export async function signalled(
  start: (options: RunOptions) => Promise<ActionRun>,
  ready: (child: ChildProcess) => Promise<void>,
  signal: NodeJS.Signals,
): Promise<{ readonly run: ActionRun; readonly endedAfterMs: number }> {
  let sentMs = 0;
  const run = await start({
    during: async (child) => {
      await ready(child);
      sentMs = performance.now();
      child.kill(signal);
    },
  });
  return { run, endedAfterMs: performance.now() - sentMs };
}
