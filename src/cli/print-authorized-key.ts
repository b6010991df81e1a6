import { authorizedKeyLine } from '../app/authorized-key.ts';
import { printable } from '../app/printable.ts';
import { renderError } from '../app/render.ts';
import type { BackupConfig } from '../config/config.ts';
import { parseConfig } from '../config/parse.ts';
import { readFlags } from '../config/read.ts';
import { type ExitCode, exitCodes, HoldfastError } from '../core/errors.ts';
import type { Invocation } from './program.ts';

/** Takes no connection: the options of a backup are all that is needed. */
export const printFlag = '--print-authorized-key';

/** Prints the line of authorized_keys that goes with the options of a backup. */
export async function printAuthorizedKey(
  { flags, problems: earlier }: Invocation,
  { env, stdout, stderr, cwd }: Pick<NodeJS.Process, 'env' | 'stdout' | 'stderr' | 'cwd'>,
): Promise<ExitCode> {
  try {
    const { raw, problems } = readFlags('backup', flags, env, earlier);
    const context = { face: 'cli' as const, env, cwd: cwd() };
    const config = parseConfig('backup', { ...raw, 'ssh-gate': 'true' }, context, problems) as BackupConfig;
    stdout.write(`${await authorizedKeyLine(config)}\n`);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    stderr.write(`${printable(renderError(error))}\n`);
    return error.exitCode;
  }
}
