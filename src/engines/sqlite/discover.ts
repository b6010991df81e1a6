import picomatch from 'picomatch';
import type { Database } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { lastLine, runProgram } from '../../core/program.ts';
import { closedFolders, foldersClosed, mayHold } from './closed-folders.ts';

/** SQLite's own files beside a database: never databases themselves. */
const sideFile = /-(?:wal|shm|journal)$/;

/** A name may begin with a line feed, which `.` of a regular expression does not match. */
const anyCharacter = { flags: 's' } as const;

/**
 * The files that paths and globs mean on a host, sorted, each once. A path without glob characters is taken as it is,
 * whether it exists or not; a glob that matches nothing is an error.
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
  const found = new Set<string>();
  for (const pattern of patterns) {
    const matches = isGlob(pattern) ? await expand({ host, pattern, isExcluded }, signal) : [pattern];
    for (const path of matches) {
      if (!isExcluded(path)) found.add(path);
    }
  }
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
  const { base } = picomatch.scan(pattern);
  const listing = await runProgram(
    host,
    ['sh', '-c', listScript, 'sh', base === '' ? '.' : base, depth(pattern)],
    {
      signal,
    },
  );
  const [home = '', ...paths] = listing.stdout.split('\0');
  const absolute = pattern.startsWith('~/') ? `${home}${pattern.slice(1)}` : pattern;
  const closed = closedFolders(host, `sqlite:${pattern}`, listing).filter(
    (folder) => mayHold(absolute, folder) && !isExcluded(folder),
  );
  if (closed.length > 0) throw foldersClosed(host, `sqlite:${pattern}`, closed);
  const matches = picomatch(absolute, anyCharacter);
  const files = paths.filter((path) => path !== '' && matches(path) && !sideFile.test(path));
  if (files.length > 0) return files;
  const said = lastLine(listing.stderr);
  throw new HoldfastError(
    `No file on ${host.label} matches sqlite:${pattern}${said === '' ? '' : ` (${said})`}.`,
    {
      code: 'sqlite.no-match',
      input: 'database',
      hint: 'Correct the glob; list the folder on the server to see what is there.',
    },
  );
}

/** The home folder and the files below a folder, each ended by NUL. */
const listScript = `
base=$1
case $base in "~") base=$HOME ;; "~/"*) base=$HOME/\${base#"~/"} ;; esac
printf '%s\\0' "$HOME"
exec find "$base" -maxdepth "$2" \\( -type f -o -type l \\) -print0
`;

/** How deep a glob can reach below its fixed beginning. */
function depth(pattern: string): string {
  const { glob } = picomatch.scan(pattern);
  return glob.includes('**') ? '32' : `${glob.split('/').length}`;
}

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
