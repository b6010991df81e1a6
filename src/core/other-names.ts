import { timeOfBackupId } from './backup-id.ts';
import { throwIfCancelled } from './errors.ts';
import { backupsFolder } from './keys.ts';
import type { Store } from './store.ts';

/** So many folders of the store are looked into. */
const most = 20;
const patienceMs = 10_000;

/**
 * Under which other names a store has backups, for whoever asked for a name that has none. A few small listings; what can't
 * be told is left out.
 */
export async function otherNames(
  store: Store,
  name: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<string[]> {
  const asking = { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) };
  const hasBackups = async (other: string): Promise<boolean> => {
    const ids = await store.folders(backupsFolder(other), asking);
    return ids.some((id) => timeOfBackupId(id) !== null);
  };
  try {
    const others = (await store.folders('', asking)).filter((other) => other !== name).slice(0, most);
    const found = await Promise.all(others.map((other) => hasBackups(other).catch(() => false)));
    throwIfCancelled(signal);
    return others.filter((_, index) => found[index]);
  } catch {
    throwIfCancelled(signal);
    return [];
  }
}

/** For at least one. */
export function describeOthers(names: readonly string[]): string {
  return `There are backups of: ${names.join(', ')}. Set \`name\` to the one that is meant.`;
}
