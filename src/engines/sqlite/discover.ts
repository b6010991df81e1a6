import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { Database } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { lastLine, runProgram } from '../../core/program.ts';
import { closedFolders, foldersClosed, mayHold } from './closed-folders.ts';

/** SQLite's own files beside a database: never databases themselves. */
const sideFile = /-(?:wal|shm|journal)$/;

/** A name may begin with a line feed, which `.` of a regular expression does not match. */
const anyCharacter = { flags: 's' } as const;

/**
 * The files that paths and globs mean on a host, sorted, each once. A path without glob characters is taken as it is,
 * whether it exists or not; a glob that matches nothing is an error.
 *
 * A glob goes through links to folders as a shell does, except into a folder that it is in already. One with `**` follows a link
 * only where its fixed beginning ends: below that it could lead anywhere. A file that globs reach through several folders that are
 * the same one is found once; a link to a file is a file of its own.
 */
export async function findFiles(
  host: Host,
  { paths: patterns, exclude }: { readonly paths: readonly string[]; readonly exclude: readonly string[] },
  signal: AbortSignal,
): Promise<string[]> {
  const excluded = exclude.map((glob) =>
    picomatch(glob, { ...anyCharacter, basename: !glob.includes('/'), dot: true }),
  );
  const isExcluded = (path: string): boolean => excluded.some((matches) => matches(path));
  const wanted = (paths: readonly string[]): string[] => paths.filter((path) => !isExcluded(path));
  const expanded = new Set<string>();
  for (const pattern of patterns.filter(isGlob)) {
    for (const path of wanted(await expand({ host, pattern, isExcluded }, signal))) expanded.add(path);
  }
  const named = wanted(patterns.filter((pattern) => !isGlob(pattern)));
  const found = new Set([...named, ...(await eachOnce(host, [...expanded].sort(), signal))]);
  if (found.size === 0) {
    throw new HoldfastError(
      `Nothing is left to back up: \`exclude\` leaves out every file that \`database\` names on ${host.label}.`,
      { code: 'sqlite.none', input: 'exclude', hint: 'Make a glob in `exclude` narrower.' },
    );
  }
  return [...found].sort();
}

function isGlob(pattern: string): boolean {
  return picomatch.scan(pattern).isGlob;
}

interface Expansion {
  readonly host: Host;
  readonly pattern: string;
  readonly isExcluded: (path: string) => boolean;
}

async function expand({ host, pattern, isExcluded }: Expansion, signal: AbortSignal): Promise<string[]> {
  const listing = await list(host, pattern, signal);
  const [home = '', ...listed] = listing.stdout.split('\0');
  const paths =
    picomatch.scan(pattern).base === '' ? listed.map((path) => path.replace(/^\.\//, '')) : listed;
  const absolute = pattern.startsWith('~/') ? `${home}${pattern.slice(1)}` : pattern;
  const matchesGlob = picomatch(absolute, anyCharacter);
  const matches = (path: string): boolean => path !== '' && matchesGlob(path) && !sideFile.test(path);
  // Of a link that leads into a closed folder nobody knows whether it is a file.
  const closed = closedFolders(host, `sqlite:${pattern}`, listing).filter(
    (folder) => (mayHold(absolute, folder) || matches(folder)) && !isExcluded(folder),
  );
  if (closed.length > 0) throw foldersClosed(host, `sqlite:${pattern}`, closed);
  const files = paths.filter(matches);
  if (files.length > 0) return files;
  throw noMatch(host, pattern, lastLine(listing.stderr));
}

function noMatch(host: Host, pattern: string, said: string): HoldfastError {
  const options = /\?[\w-]+=[^?]*$/.exec(pattern);
  return new HoldfastError(
    `No file on ${host.label} matches sqlite:${pattern}${said === '' ? '' : ` (${said})`}.`,
    {
      code: 'sqlite.no-match',
      input: 'database',
      hint:
        options === null
          ? 'Correct the glob; list the folder on the server to see what is there.'
          : `Leave out the last \`?\` and what follows it: options of a connection are no part of a path. Write \`sqlite:${pattern.slice(0, options.index)}\`.`,
    },
  );
}

/** What find lists below the fixed beginning of a glob. */
async function list(host: Host, pattern: string, signal: AbortSignal): Promise<Exit & { stdout: string }> {
  const { base } = picomatch.scan(pattern);
  const name = namePattern(pattern);
  const tests = ['-maxdepth', depth(pattern), ...(name === null ? [] : ['-name', name])];
  const follow = pattern.includes('**') ? '-H' : '-L';
  try {
    return await runProgram(
      host,
      ['sh', '-c', listScript, 'sh', base === '' ? '.' : base, follow, ...tests],
      { signal },
    );
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HoldfastError(`sqlite:${pattern} looks through too many files on ${host.label}.`, {
      code: 'sqlite.too-many',
      input: 'database',
      hint: 'Make the glob narrower: begin it with the folder of the databases, and end it with what only their names end with, such as `*.sqlite3`.',
      cause,
    });
  }
}

/**
 * The home folder and the files below a folder, each ended by NUL. With -L, a link to a file is a file, and one to nothing is
 * a link.
 */
const listScript = `
base=$1 follow=$2
shift 2
case $base in "~") base=$HOME ;; "~/"*) base=$HOME/\${base#"~/"} ;; esac
printf '%s\\0' "$HOME"
exec find "$follow" "$base" "$@" \\( -type f -o -type l \\) -print0
`;

/** How deep a glob can reach below its fixed beginning. */
function depth(pattern: string): string {
  const { glob } = picomatch.scan(pattern);
  return glob.includes('**') ? '32' : `${glob.split('/').length}`;
}

/**
 * What the names of a glob's files match for find, whatever its locale: at least what the glob matches. `null` where that is
 * every name, or not sure.
 */
function namePattern(pattern: string): string | null {
  const plain = pattern.replace(/\[\w+\]/g, '?');
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  if (/[[\]{}()\\!|"']/.test(plain) || last.includes('**') || !/^[\w.*?-]+$/.test(last)) return null;
  const name = last.replace(/[*?]+/g, '*');
  return name === '*' ? null : name;
}

/** Files without those that are another one of them, reached through a link to its folder. The first stays, or the one without a link. */
async function eachOnce(host: Host, files: readonly string[], signal: AbortSignal): Promise<string[]> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const { dir, base } = posix.parse(file);
    folders.set(base, (folders.get(base) ?? new Set()).add(dir));
  }
  // In one folder a name is there once.
  const several = [...folders.values()].filter(({ size }) => size > 1).flatMap((some) => [...some]);
  const real = await realFolders(host, [...new Set(several)], signal);
  const kept = new Map<string, string>();
  for (const file of files) {
    const { dir, base } = posix.parse(file);
    const folder = real.get(dir);
    const path = folder === undefined ? file : posix.join(folder, base);
    if (!kept.has(path) || path === file) kept.set(path, file);
  }
  return [...kept.values()];
}

/** How many bytes of paths one program is given. */
const pathsBytes = 32_768;

/** Where folders are without links; one that can't be entered is left out. */
async function realFolders(
  host: Host,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const real = new Map<string, string>();
  for (let from = 0, to = 0; from < folders.length; from = to) {
    let bytes = 0;
    while (to < folders.length && (to === from || bytes < pathsBytes)) {
      bytes += Buffer.byteLength(folders[to] ?? '');
      to += 1;
    }
    const some = folders.slice(from, to);
    const argv = some.map((folder) => (folder.startsWith('/') ? folder : `./${folder}`));
    const { stdout } = await runProgram(host, ['sh', '-c', realScript, 'sh', ...argv], { signal });
    for (const [index, said] of stdout.split('\0').entries()) {
      const folder = some[index];
      if (folder !== undefined && said.endsWith(realEnd)) real.set(folder, said.slice(0, -realEnd.length));
    }
  }
  return real;
}

/** After a path, which may end with line feeds itself. */
const realEnd = '\n.';

const realScript = `
for folder do
  printf '%s\\0' "$(cd -P "$folder" 2>/dev/null && pwd -P && echo .)"
done
`;

/** The databases that files are, each with its path, in their order. */
export function databasesOf(files: readonly string[], { label }: Host): ReadonlyMap<Database, string> {
  const names = nameFiles(files);
  return new Map(
    files.map((path, index) => [{ name: names[index] ?? path, source: `sqlite:${path} on ${label}` }, path]),
  );
}

/**
 * A name for each path: the file's without its ending, with as many parent folders before it as make it unique.
 */
function nameFiles(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    path
      .replace(/\.(?:sqlite3?|db3?)$/i, '')
      .split('/')
      .filter(Boolean),
  );
  const nameOf = (segments: readonly string[], count: number): string => segments.slice(-count).join('-');
  return parts.map((segments, index) => {
    for (let count = 1; count < segments.length; count += 1) {
      const name = nameOf(segments, count);
      if (parts.every((other, at) => at === index || nameOf(other, count) !== name)) return name;
    }
    return nameOf(segments, segments.length);
  });
}
