import { lstatSync, mkdirSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { userCache } from './user-cache.ts';

/** Less is free: a file that finds no room is left there in part, again with each run. */
const leastFreeBytes = 64 * 1024 * 1024;

/** Bits of a mode. */
const [writableByOthers, sticky] = [0o022, 0o1000];

/**
 * Keeps the compiled code of this program in the user's cache for the next run, which starts sooner with it. It is run from where it is
 * kept: where others could put anything into that, or nothing can be kept, it is done without.
 */
export function keepCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  try {
    const folder = userCache(env);
    if (folder === null || !isOursUpTo(dirname(folder))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const closed = (statSync(folder).mode & writableByOthers) === 0;
    if (!closed || !isOursUpTo(folder) || freeBytes(folder) < leastFreeBytes) return;
    enableCompileCache(join(folder, 'compiled'));
  } catch {
    // Only time is lost.
  }
}

/** Nobody but this user and root can change what lies there, nor put another folder in its place: as `sshd` wants it for keys. */
function isOursUpTo(folder: string): boolean {
  let at = folder;
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at);
  return [at, realpathSync(at)].every((path) => ancestorsOf(path).every(isOurs));
}

function ancestorsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...ancestorsOf(parent)];
}

function isOurs(path: string): boolean {
  const { uid, mode } = statSync(path);
  const own = process.getuid?.();
  if (own !== undefined && uid !== own && uid !== 0) return false;
  // In a sticky folder others may put something, but not in the place of what is ours.
  return (mode & writableByOthers) === 0 || (mode & sticky) !== 0;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
