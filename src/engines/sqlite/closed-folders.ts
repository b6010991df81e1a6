import picomatch from 'picomatch';
import { HoldfastError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { programFailed } from '../../core/program.ts';

/** `find: '/srv/app': Permission denied`, with or without quotes. */
const denied = /^find: ['‘]?(.*?)['’]?: Permission denied$/;
/** Files and folders come and go while they are listed, and a link may lead to nothing, or to itself. */
const nothingThere =
  /^find: .*: (?:No such file or directory|Not a directory|Too many levels of symbolic links|Symbolic link loop)$/;
/** A link to a folder that it is in. */
const loop = /^find: File system loop detected; /;

/**
 * The folders that find could not look into.
 * @throws CommandError when it failed in another way: then nobody knows what it did not list
 */
export function closedFolders(host: Host, what: string, exit: Exit): string[] {
  if (exit.code === 0) return [];
  // Of very many lines only the last are there, the first of them in part.
  const lines = exit.stderr.split('\n').filter((line) => line.startsWith('find: '));
  const known = lines.every((line) => [denied, nothingThere, loop].some((kind) => kind.test(line)));
  if (exit.code !== 1 || lines.length === 0 || !known) {
    throw programFailed(`Listing the files of ${what}`, host, exit);
  }
  return lines.map((line) => denied.exec(line)?.[1]).filter((folder) => folder !== undefined);
}

/** Whether a file that a glob matches may lie somewhere below a folder. `**` matches no hidden name. */
export function mayHold(glob: string, folder: string): boolean {
  // What holds slashes of its own can't be taken apart.
  if (/\{[^}]*\/|[(\\]/.test(glob)) return true;
  const parts = glob.split('/');
  const names = folder.split('/').filter((name) => name !== '.');
  const many = parts.findIndex((part) => part.includes('**'));
  const [fixed, rest] = many < 0 ? [names, []] : [names.slice(0, many), names.slice(many)];
  if (many < 0 && names.length >= parts.length) return false;
  if (rest.some((name) => name.startsWith('.')) && !glob.includes('/.')) return false;
  return fixed.every((name, index) => name === parts[index] || picomatch.isMatch(name, parts[index] || '.'));
}

/** What is left out of a backup without anybody having said so is lost. */
export function foldersClosed(
  host: Host,
  what: string,
  folders: readonly string[],
  hint = `Set \`sudo: true\` for the files of another user, make the glob narrower, or leave them out with \`exclude\`: \`${folders[0]}/**\`.`,
): HoldfastError {
  const more = folders.length > 3 ? `, and ${folders.length - 3} more` : '';
  const named = folders.slice(0, 3).join(', ');
  return new HoldfastError(
    `${what} can't be listed whole on ${host.label}: this user may not look into ${named}${more}.`,
    { code: 'sqlite.unreadable', input: 'database', hint },
  );
}
