import { type Bytes, collect, unlessSilent } from './bytes.ts';
import { CommandError } from './errors.ts';
import type { Exit, Host, SpawnOptions } from './host.ts';

/** Runs a program to its end and gives what it wrote; the caller judges the exit. For short outputs (16 MiB). */
export async function runProgram(
  host: Host,
  argv: readonly [string, ...string[]],
  options: SpawnOptions,
): Promise<Exit & { readonly stdout: string }> {
  const running = host.spawn(argv, options);
  const [stdout, exit] = await Promise.all([collect(running.stdout, 16 * 1024 * 1024), running.exit]);
  return { ...exit, stdout: stdout.toString('utf8') };
}

/**
 * What a program sends that does nothing else, as bytes that end only when it succeeded: when it is silent for longer than the host may
 * be, it is ended. A reader that takes its time is no silence.
 * @param stop ends the program
 * @param fail makes the error of a bad exit
 */
export async function* steadily(
  host: Host,
  { bytes, exit }: { readonly bytes: Bytes; readonly exit: Promise<Exit> },
  stop: AbortController,
  fail: (exit: Exit) => Error,
): Bytes {
  yield* unlessSilent(bytes, host.stallMs, () => stop.abort(stalled(host)));
  const ended = await exit;
  if (ended.code !== 0) throw fail(ended);
}

/** The error of a transfer that stands still. */
function stalled({ label, stallMs }: Host): CommandError {
  return new CommandError(`Nothing came from ${label} for ${stallMs / 1000} s in the middle of a transfer.`, {
    code: 'host.stalled',
    input: 'stall-timeout',
    hint: 'Run it again; if it repeats, look at the load of that machine, or set a longer `stall-timeout`.',
  });
}

/** `exit code 3`, `killed by SIGKILL`, `no exit status`. */
export function describeExit(exit: Exit): string {
  // A shell's way to say which signal ended its program.
  if (exit.code !== null && exit.code > 128 && exit.code < 160) return `killed by signal ${exit.code - 128}`;
  if (exit.code !== null) return `exit code ${exit.code}`;
  return exit.signal === undefined ? 'no exit status' : `killed by ${exit.signal}`;
}

/** The last line a program said on stderr, as much of it as a message can hold; empty when it said nothing. */
export function lastLine(stderr: string): string {
  const said = stderr.trim();
  return said
    .slice(said.lastIndexOf('\n') + 1)
    .trim()
    .slice(0, 500);
}

/** The error of a program that ended badly where nothing better is known about why. */
export function programFailed(what: string, host: Host, exit: Exit, hint?: string): CommandError {
  const said = lastLine(exit.stderr);
  const why = said === '' ? describeExit(exit) : `${describeExit(exit)}: ${said}`;
  return new CommandError(`${what} failed on ${host.label} (${why}).`, { code: 'command.failed', hint });
}

/** What each host was asked for, by name. */
const known = new WeakMap<Host, Map<string, Promise<boolean>>>();

/** Whether the host finds a program of that name; asked once for each. */
export function hasProgram(host: Host, name: string, signal: AbortSignal): Promise<boolean> {
  const answers = known.get(host) ?? new Map<string, Promise<boolean>>();
  known.set(host, answers);
  const answer = answers.get(name) ?? lookFor(host, name, signal);
  answers.set(name, answer);
  // Without an answer the next one asks again.
  answer.catch(() => answers.delete(name));
  return answer;
}

async function lookFor(host: Host, name: string, signal: AbortSignal): Promise<boolean> {
  if (host.has !== undefined) return host.has(name, signal);
  const found = await runProgram(host, ['sh', '-c', 'command -v "$1"', 'sh', name], { signal });
  return found.code === 0;
}
