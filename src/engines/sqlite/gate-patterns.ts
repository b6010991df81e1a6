import { HoldfastError } from '../../core/errors.ts';

/** What makes a glob that a POSIX shell and this tool do not read alike. */
const foreign = /\*\*|[{}\\()\r\n]|\[\^|\[!?\]|\[[^\]]*$|^!/;

/**
 * What a gate is given: the files as absolute paths or below `~/`, then `not:` globs of names to leave out.
 * @throws HoldfastError `ssh.gate-pattern` for what the gate's shell would not read as this tool does
 */
export function gatePatterns({
  paths,
  exclude,
}: {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
}): string[] {
  for (const path of paths) {
    if (foreign.test(path)) throw noPattern('database', path, 'name the files, or use `*`, `?` and `[abc]`');
  }
  for (const glob of exclude) {
    if (glob.includes('/') || foreign.test(glob)) {
      throw noPattern('exclude', glob, 'hold a name without folders against `*`, `?` and `[abc]`');
    }
  }
  return [...paths.map(absolute), ...exclude.map((glob) => `not:${glob}`)];
}

/** A relative path is one below the user's home folder. */
function absolute(path: string): string {
  return /^(?:\/|~\/)/.test(path) ? path : `~/${path}`;
}

function noPattern(input: string, pattern: string, remedy: string): HoldfastError {
  return new HoldfastError(
    `\`${input}\` has ${JSON.stringify(pattern)}, which \`ssh-gate\` can't hold a key to.`,
    {
      code: 'ssh.gate-pattern',
      input,
      hint: `Without \`**\`, braces and backslashes: ${remedy}.`,
    },
  );
}
