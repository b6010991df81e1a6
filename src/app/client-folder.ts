import { join } from 'node:path';
import type { Environment } from '../config/read.ts';
import { HoldfastError } from '../core/errors.ts';
import { privateCache } from './private-cache.ts';

/**
 * Where PostgreSQL clients that were fetched are kept. They are started from there, so nobody else may put any into it: in a
 * workflow it is the job's own folder, elsewhere one in the user's cache.
 * @throws HoldfastError `postgres.install` when others may have their hands in that
 */
export async function openClientFolder(env: Environment): Promise<string> {
  const { RUNNER_TEMP: temp } = env;
  if (temp) return join(temp, 'holdfast-clients');
  const { folder, doubt } = privateCache(env);
  if (doubt === null) return folder;
  throw new HoldfastError(`The PostgreSQL client can't be kept in ${folder}: ${doubt}.`, {
    code: 'postgres.install',
    input: 'install-client',
    hint: 'Remove it after a look at whose it is, or set XDG_CACHE_HOME to a folder of your own.',
  });
}
