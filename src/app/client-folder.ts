import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../config/read.ts';
import { HoldfastError } from '../core/errors.ts';
import { userCache } from './user-cache.ts';

/**
 * Where PostgreSQL clients that were fetched are kept. They are started from there, so nobody else may put any into it: in a
 * workflow it is the job's own folder, elsewhere one in the user's cache.
 * @throws HoldfastError `postgres.install` when others may have their hands in that
 */
export async function openClientFolder(env: Environment): Promise<string> {
  const { RUNNER_TEMP: temp } = env;
  if (temp) return join(temp, 'holdfast-clients');
  const folder = userCache(env);
  if (folder === null) {
    throw new HoldfastError("The PostgreSQL client can't be kept: this user has no home folder.", {
      code: 'postgres.install',
      input: 'install-client',
      hint: 'Set HOME, or XDG_CACHE_HOME to a folder of your own.',
    });
  }
  const why = await doubtAbout(folder);
  if (why === null) return folder;
  throw new HoldfastError(`The PostgreSQL client can't be kept in ${folder}: ${why}.`, {
    code: 'postgres.install',
    input: 'install-client',
    hint: 'Remove it after a look at whose it is, or set XDG_CACHE_HOME to a folder of your own.',
  });
}

/** Makes the private folder; why it is none, or `null`. */
async function doubtAbout(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await lstat(folder);
    if (found.isSymbolicLink()) return 'it is a link';
    if (process.getuid !== undefined && found.uid !== process.getuid()) return 'it belongs to somebody else';
    return (found.mode & 0o022) === 0 ? null : 'others may write to it';
  } catch (error) {
    return `it can't be made (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`;
  }
}
