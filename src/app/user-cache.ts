import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Our folder in the user's cache, which may not be there; `null` where the user has no place for one. */
export function userCache(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CACHE_HOME: cache = '', HOME: home } = env;
  if (isAbsolute(cache)) return join(cache, 'holdfast');
  const found = home || homeOfAccount();
  return isAbsolute(found) ? join(found, '.cache/holdfast') : null;
}

function homeOfAccount(): string {
  try {
    return homedir();
  } catch {
    // An account without an entry has none.
    return '';
  }
}
