import { type Catalog, type CatalogBackup, readCatalog } from './catalog.ts';
import type { Store } from './store.ts';

export interface ListRequest {
  readonly store: Store;
  readonly name: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface ListedBackup
  extends Pick<CatalogBackup, 'id' | 'storedBytes' | 'databases' | 'verified' | 'safety' | 'missing'> {
  readonly createdAt: Date;
  readonly ageSeconds: number;
}

/** The backups of one name, newest first, and what failed runs have left behind. */
export async function list({ store, name, now, signal }: ListRequest): Promise<{
  readonly backups: readonly ListedBackup[];
  readonly leftovers: Catalog['leftovers'];
}> {
  const { backups, leftovers } = await readCatalog(store, name, { signal });
  return {
    leftovers,
    backups: backups.map(({ id, createdAt, storedBytes, databases, verified, safety, missing }) => ({
      id,
      createdAt,
      ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000),
      storedBytes,
      databases,
      verified,
      safety,
      missing,
    })),
  };
}
