import type { Bytes } from './bytes.ts';
import { HoldfastError } from './errors.ts';
import type { Exit, Host } from './host.ts';
import { lastLine } from './program.ts';
import type { Reporter } from './reporter.ts';

/** Shell commands of the user's, run on the machine around the swap. */
export interface Hooks {
  readonly host: Host;
  readonly stop: string | null;
  readonly start: string | null;
  /** How long each may take, in milliseconds; ten minutes when absent. */
  readonly limitMs?: number;
}

const tenMinutesMs = 10 * 60_000;
/** What is shown of the end of a hook's output. */
const shownBytes = 16 * 1024;

/** Runs the command, where there is one, until its shell ends; what that has left in the background goes on. */
export async function runHook(hooks: Hooks, name: 'stop' | 'start', reporter: Reporter): Promise<void> {
  const command = hooks[name];
  if (command === null) return;
  await reporter.step(`Run ${name}: ${command}`, async () => {
    const ended = await runWithin(hooks, name, command);
    for (const line of `${ended.stdout}\n${ended.stderr}`.split('\n'))
      if (line.trim() !== '') reporter.info(line);
    if (ended.code === 0) return;
    const said = lastLine(ended.stderr) || `exit code ${ended.code}`;
    throw failed(`The command of \`${name}\` failed on ${hooks.host.label} (${command}): ${said}.`, {
      input: name,
      hint: 'Correct the command; it is run by `sh -c`.',
    });
  });
}

async function runWithin(
  { host, limitMs = tenMinutesMs }: Hooks,
  name: 'stop' | 'start',
  command: string,
): Promise<Exit & { readonly stdout: string }> {
  // Not the run's own signal: what was stopped must be started again, also after a cancellation.
  const signal = AbortSignal.timeout(limitMs);
  const running = host.spawn(['sh', '-c', command], { signal, lingering: true });
  try {
    const [stdout, exit] = await Promise.all([endOf(running.stdout), running.exit]);
    return { ...exit, stdout };
  } catch (error) {
    if (!signal.aborted) throw error;
    const minutes = limitMs / 60_000;
    const what = `The command of \`${name}\` did not end within ${minutes} minutes on ${host.label}`;
    throw failed(`${what}, and was ended (${command}).`, {
      input: name,
      hint: 'What is to go on must be in the background: `./app >app.log 2>&1 &`, or a service manager.',
      cause: error,
    });
  }
}

function failed(message: string, details: { input: string; hint: string; cause?: unknown }): HoldfastError {
  return new HoldfastError(message, { code: 'restore.hook', ...details });
}

async function endOf(output: Bytes): Promise<string> {
  let end = Buffer.alloc(0);
  for await (const chunk of output) end = Buffer.concat([end, chunk]).subarray(-shownBytes);
  return end.toString('utf8');
}
