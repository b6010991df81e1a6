import { HoldfastError } from './errors.ts';
import { backupFolder } from './keys.ts';
import type { Manifest } from './manifest.ts';
import type { Store } from './store.ts';

/**
 * Makes sure, by one listing, that the store has every object that the manifest names, as long as it was when it was
 * stored: to the prune of another run, objects that are older than a day and have no manifest are leftovers. What a listing
 * does not show, as that of a store that is late with it, is asked for by name.
 * @throws HoldfastError `backup.incomplete`
 */
export async function assertComplete(
  store: Store,
  { name, id, databases }: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const found = new Map<string, number>();
  for await (const { key, bytes } of store.list(backupFolder(name, id), { signal })) found.set(key, bytes);
  for (const { key } of databases.filter(({ key }) => !found.has(key))) {
    const object = await store.stat(key, { signal });
    if (object !== null) found.set(key, object.bytes);
  }
  const [first, ...more] = databases.filter(({ key, storedBytes }) => found.get(key) !== storedBytes);
  if (first === undefined) return;
  const bytes = found.get(first.key);
  const what =
    bytes === undefined ? 'is no longer there' : `has ${bytes} bytes instead of ${first.storedBytes}`;
  const others = more.length === 0 ? '' : `, and ${more.length} more are not as they were stored`;
  throw new HoldfastError(
    `The backup ${id} can't be committed: ${first.key} ${what} in ${store.label}${others}.`,
    {
      code: 'backup.incomplete',
      hint:
        'Run it again, and see who removes objects there: a prune takes what has no manifest after a day for a leftover. ' +
        'What takes longer than a day goes into several backups, each with a `name` of its own.',
    },
  );
}
