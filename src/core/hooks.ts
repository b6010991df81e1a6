import { HoldfastError } from './errors.ts';
import type { Host } from './host.ts';
import { lastLine, runProgram } from './program.ts';
import type { Reporter } from './reporter.ts';

/** Shell commands of the user's, run on the machine around the swap. */
export interface Hooks {
  readonly host: Host;
  readonly stop: string | null;
  readonly start: string | null;
}

const hookTimeoutMs = 10 * 60_000;

/**
 * Runs one of them, where there is one.
 * @throws HoldfastError `restore.hook`, naming the option, when the command fails
 */
export async function runHook(hooks: Hooks, name: 'stop' | 'start', reporter: Reporter): Promise<void> {
  const { host, [name]: command } = hooks;
  if (command === null) return;
  await reporter.step(`Run ${name}: ${command}`, async () => {
    // Not the run's own signal: what was stopped must be started again, also after a cancellation.
    const signal = AbortSignal.timeout(hookTimeoutMs);
    const ended = await runProgram(host, ['sh', '-c', command], { signal, lingering: true });
    for (const line of `${ended.stdout}\n${ended.stderr}`.split('\n'))
      if (line.trim() !== '') reporter.info(line);
    if (ended.code === 0) return;
    const said = lastLine(ended.stderr) || `exit code ${ended.code}`;
    throw new HoldfastError(`The command of \`${name}\` failed on ${host.label} (${command}): ${said}.`, {
      code: 'restore.hook',
      input: name,
      hint: 'Correct the command; it is run by `sh -c`.',
    });
  });
}
