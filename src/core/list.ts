import { timeOfBackupId } from './backup-id.ts';
import {
  type Catalog,
  type CatalogBackup,
  type Leftover,
  newestFirst,
  readCatalog,
  readUnfinished,
  type UnfinishedPut,
} from './catalog.ts';
import { StoreError } from './errors.ts';
import { otherNames } from './other-names.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

export interface ListRequest {
  readonly store: Store;
  readonly name: string;
  /** Unfinished uploads too. */
  readonly all: boolean;
  readonly now: Date;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

interface Aged {
  readonly createdAt: Date;
  readonly ageSeconds: number;
}

export type ListedBackup = Aged &
  Pick<CatalogBackup, 'id' | 'storedBytes' | 'databases' | 'verified' | 'safety' | 'missing'>;

export type ListedLeftover = Aged &
  Omit<Leftover, 'writtenAt'> & {
    /** Absent where they were not asked for. */
    readonly uploads?: readonly Pick<UnfinishedPut, 'key' | 'startedAt'>[];
  };

/** The backups of one name, newest first, and what failed runs have left behind. */
export async function list(request: ListRequest): Promise<{
  readonly backups: readonly ListedBackup[];
  readonly leftovers: readonly ListedLeftover[];
  /** Where the name has no backups: those that have. */
  readonly otherNames: readonly string[];
}> {
  const { store, name, now, all, signal } = request;
  const { backups, leftovers } = await readCatalog(store, name, { signal });
  const aged = (createdAt: Date): Aged => ({
    createdAt,
    ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000),
  });
  const found = all ? withUploads(leftovers, await unfinishedOf(request)) : leftovers;
  return {
    otherNames: backups.length === 0 ? await otherNames(store, name, { signal }) : [],
    leftovers: found.map(({ writtenAt: _, ...leftover }) => ({ ...leftover, ...aged(leftover.createdAt) })),
    backups: backups.map(({ id, createdAt, storedBytes, databases, verified, safety, missing }) => ({
      ...{ id, storedBytes, databases, verified, safety, missing },
      ...aged(createdAt),
    })),
  };
}

/** What is being uploaded at this moment is among them. */
async function unfinishedOf({ store, name, reporter, signal }: ListRequest): Promise<UnfinishedPut[]> {
  try {
    return await readUnfinished(store, name, { signal });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'store.denied')) throw error;
    reporter.warn(`${error.message} ${error.hint}`);
    return [];
  }
}

function withUploads(
  leftovers: Catalog['leftovers'],
  puts: readonly UnfinishedPut[],
): (Omit<ListedLeftover, 'ageSeconds'> & Pick<Leftover, 'writtenAt'>)[] {
  const ids = new Set([...leftovers.map(({ id }) => id), ...puts.map(({ backup }) => backup)]);
  return [...ids]
    .map((id) => {
      const createdAt = timeOfBackupId(id) as Date;
      const none = { id, createdAt, keys: [], storedBytes: 0, writtenAt: createdAt };
      const uploads = puts.filter(({ backup }) => backup === id);
      return { ...none, ...leftovers.find((leftover) => leftover.id === id), uploads };
    })
    .sort(newestFirst);
}
