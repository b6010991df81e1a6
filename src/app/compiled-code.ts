import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { privateCache } from './private-cache.ts';

/**
 * Keeps the compiled code of this program for the next run, which starts sooner with it. It is run from where it is kept: where
 * others may have their hands in that, or nothing can be written, it is done without.
 */
export function keepCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  const { folder, doubt } = privateCache(env);
  if (doubt === null) enableCompileCache(join(folder, 'compiled'));
}
