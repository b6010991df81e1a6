import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder above may go at the same moment, when somebody else removes the last object in it. */
const attempts = 3;

/**
 * Makes a folder, and those above it that are missing, for this user alone. One by one: Node's recursive `mkdir` never
 * settles in a folder that is there and takes none, as `/proc`.
 * @returns the topmost that was missing; `null` when the folder was there
 */
export async function makeFolder(folder: string): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await makeMissing(folder);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === attempts) throw error;
    }
  }
}

async function makeMissing(folder: string): Promise<string | null> {
  const missing: string[] = [];
  for (let at = folder; !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  for (const path of missing) {
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      // Somebody else has made it meanwhile.
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  return missing[0] ?? null;
}

async function isThere(path: string): Promise<boolean> {
  try {
    // A file is refused by that: it has no such entry.
    await stat(`${path}/.`);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
