import { readCatalog } from './catalog.ts';
import { manifestKey } from './keys.ts';
import type { Removal, Store, Unfinished } from './store.ts';

export interface CleanUpRequest {
  readonly store: Store;
  readonly name: string;
  /** Id of the backup that the killed run had begun; `null`: none. */
  readonly backup: string | null;
  /** Uploads that it had begun. */
  readonly uploads: readonly Pick<Unfinished, 'key' | 'id'>[];
  readonly signal: AbortSignal;
}

export interface CleanUpResult {
  /** Its manifest is there: the backup is a good one, and nothing of it was touched. */
  readonly complete: boolean;
  /** How many objects and uploads were removed. */
  readonly removed: number;
  readonly kept: Removal['kept'];
}

/** Takes back what a killed run has begun and told its journal, unless its backup is complete. */
export async function cleanUp({
  store,
  name,
  backup,
  uploads,
  signal,
}: CleanUpRequest): Promise<CleanUpResult> {
  const aborted = await store.abandon(uploads, { signal });
  const { backups, leftovers } =
    backup === null ? nothing : await readCatalog(store, name, { signal, id: backup });
  for (const { id } of leftovers) {
    // Some stores list late.
    if ((await store.stat(manifestKey(name, id), { signal })) === null) continue;
    return { complete: true, removed: aborted.removed.length, kept: aborted.kept };
  }
  const keys = leftovers.flatMap((leftover) => leftover.keys);
  // With the manifest: a request for it may arrive as late as now, and must not outlive the data.
  const manifest = leftovers.map(({ id }) => manifestKey(name, id));
  const taken = await store.remove([...manifest, ...keys], { signal });
  return {
    complete: backups.length > 0,
    removed: aborted.removed.length + keys.filter((key) => taken.removed.includes(key)).length,
    kept: [...aborted.kept, ...taken.kept.filter(({ key }) => keys.includes(key))],
  };
}

const nothing = { backups: [], leftovers: [] };
