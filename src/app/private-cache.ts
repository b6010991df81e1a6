import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** A folder of ours in the user's cache. */
export interface PrivateCache {
  readonly folder: string;
  /** Why others may have their hands in it; `null` when nobody has. */
  readonly doubt: string | null;
}

/** The folder for what is kept between runs and run from there, made where it is missing: nobody else may put anything into it. */
export function privateCache(env: Readonly<Record<string, string | undefined>>): PrivateCache {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  const caches = isAbsolute(cache) ? cache : join(home || homedir(), '.cache');
  const folder = join(caches, 'holdfast');
  return { folder, doubt: doubtAbout(folder) };
}

/** Makes the private folder; why it is none, or `null`. */
function doubtAbout(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const own = process.getuid?.();
    if (found.isSymbolicLink()) return 'it is a link';
    if (own !== undefined && found.uid !== own) return 'it belongs to somebody else';
    if ((found.mode & 0o022) !== 0) return 'others may write to it';
    // Whose folder it is in can put another one in its place, as the user can whose home folder root was given.
    const { uid } = lstatSync(dirname(folder));
    return own === undefined || uid === own || uid === 0
      ? null
      : 'the folder around it belongs to somebody else';
  } catch (error) {
    return `it can't be made (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`;
  }
}
