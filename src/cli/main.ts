import { cancellation } from '../app/cancellation.ts';
import { printable, printableJson } from '../app/printable.ts';
import { renderError, renderResult } from '../app/render.ts';
import { run } from '../app/run.ts';
import { version } from '../app/version.ts';
import { readFlags } from '../config/read.ts';
import { exitCodes } from '../core/errors.ts';
import { printAuthorizedKey, printFlag } from './print-authorized-key.ts';
import { CommanderError, type Invocation, readCommandLine } from './program.ts';
import { TerminalReporter } from './terminal-reporter.ts';

/** The terminal face: people's text on stderr, the result on stdout, the exit code of the outcome. */
export async function main(): Promise<void> {
  const { env, stderr, stdout } = process;
  // A reader that closes the pipe early must not stop a commit half-way.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  const argv = process.argv.slice(2);
  const printsKey = argv.includes(printFlag);
  const invocation = invocationOf(printsKey ? withoutPrint(argv) : argv);
  if (invocation === null) return;
  if (printsKey) {
    process.exitCode = await printAuthorizedKey(invocation, process);
    return;
  }
  const { command, flags, json, problems, isUnknown } = invocation;
  const { document, error, exitCode } = await run({
    read: { ...readFlags(command, flags, env, problems), isUnknown },
    face: 'cli',
    env,
    cwd: process.cwd(),
    reporter: new TerminalReporter(stderr, { debug: /^(?:1|true)$/.test(env['HOLDFAST_DEBUG'] ?? '') }),
    signal: cancellation(process),
  });
  if (error !== null) stderr.write(`${printable(renderError(error))}\n`);
  const text = json ? printableJson(document) : printable(await renderResult(document));
  if (text !== '') stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}

/** The same options, as those of the backup that the key is for. */
function withoutPrint(argv: readonly string[]): string[] {
  return argv.filter((word, index) => word !== printFlag && !(index === 0 && word === 'doctor'));
}

function invocationOf(argv: readonly string[]): Invocation | null {
  try {
    return readCommandLine(argv, version);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.config;
    return null;
  }
}
