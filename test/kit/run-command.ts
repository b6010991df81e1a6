import { type Outcome, run } from '../../src/app/run.ts';
import type { Command } from '../../src/config/option.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { quietReporter } from './quiet-reporter.ts';

/** One command as the terminal runs it, in this process. */
export function runCommandHere(command: Command, raw: RawOptions): Promise<Outcome> {
  return run({
    read: { command, raw, problems: [] },
    face: 'cli',
    env: { PATH: process.env['PATH'] },
    cwd: process.cwd(),
    reporter: quietReporter(),
    signal: new AbortController().signal,
  });
}
