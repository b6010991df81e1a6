import type { ChildProcess } from 'node:child_process';
import type { ActionRun, RunOptions } from '../../kit/run-action.ts';

/** Resolves once the program has printed a line that matches, or has ended. */
export async function said(child: ChildProcess, line: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (line.test(text)) resolve();
    });
    child.once('exit', () => resolve());
  });
}

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
