import { timeOfBackupId } from './backup-id.ts';
import {
  backupFolder,
  backupsFolder,
  databaseOfFile,
  isPartFile,
  manifestFile,
  manifestKey,
  parseKey,
  parseProofFile,
  pinFiles,
  safetyFile,
  type VerifyLevel,
} from './keys.ts';
import type { Store, Unfinished } from './store.ts';

export interface CatalogObject {
  readonly key: string;
  readonly file: string;
  readonly bytes: number;
  readonly modifiedAt?: Date;
}

/** A committed backup, as the key listing alone shows it. */
export interface CatalogBackup {
  readonly id: string;
  readonly createdAt: Date;
  readonly manifestKey: string;
  /** Everything in its folder, the manifest too. */
  readonly objects: readonly CatalogObject[];
  readonly databases: readonly { readonly name: string; readonly storedBytes: number }[];
  /** Of all its objects. */
  readonly storedBytes: number;
  /** The newest proof of the highest level. */
  readonly verified: { readonly level: VerifyLevel; readonly at: Date } | null;
  readonly pinned: boolean;
  /** Made by a restore, of what it replaced: not one of the regular backups. */
  readonly safety: boolean;
  /** Its manifest is there, but no object of a database: nothing of it can be restored. */
  readonly missing: boolean;
}

/** Objects of a run that never wrote its manifest. */
export interface Leftover {
  readonly id: string;
  readonly createdAt: Date;
  readonly keys: readonly string[];
  readonly storedBytes: number;
  /** When the newest of them was written, where the store tells it; else when the run began. */
  readonly writtenAt: Date;
}

/** All backups of one name in one store, newest first. */
export interface Catalog {
  readonly backups: readonly CatalogBackup[];
  readonly leftovers: readonly Leftover[];
}

/**
 * Reads the catalog by one pass over the keys; throws when the listing is not complete. Foreign keys are ignored.
 * @param options `id`: of that backup alone
 */
export async function readCatalog(
  store: Store,
  name: string,
  { signal, id: only }: { readonly signal: AbortSignal; readonly id?: string },
): Promise<Catalog> {
  const folders = new Map<string, CatalogObject[]>();
  const prefix = only === undefined ? backupsFolder(name) : backupFolder(name, only);
  for await (const stored of store.list(prefix, { signal })) {
    const parsed = parseKey(name, stored.key);
    if (parsed === null) continue;
    const objects = folders.get(parsed.id) ?? [];
    objects.push({ ...stored, file: parsed.file });
    folders.set(parsed.id, objects);
  }
  const backups: CatalogBackup[] = [];
  const leftovers: Leftover[] = [];
  for (const [id, objects] of folders) {
    const createdAt = timeOfBackupId(id) as Date;
    const storedBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
    if (objects.some(({ file }) => file === manifestFile)) {
      backups.push({
        ...describe(objects),
        id,
        createdAt,
        storedBytes,
        manifestKey: manifestKey(name, id),
        objects,
      });
    } else {
      const keys = ourKeys(objects);
      const writtenAt = newestWrite(objects, createdAt);
      if (keys.length > 0) leftovers.push({ id, createdAt, storedBytes, keys, writtenAt });
    }
  }
  return { backups: backups.sort(newestFirst), leftovers: leftovers.sort(newestFirst) };
}

function newestWrite(objects: readonly CatalogObject[], begun: Date): Date {
  const times = objects.filter(({ file }) => isOurs(file)).flatMap(({ modifiedAt }) => modifiedAt ?? []);
  return times.reduce((newest, time) => (time > newest ? time : newest), begun);
}

/** A put of one of our objects that was begun and not ended, or goes on. */
export interface UnfinishedPut extends Unfinished {
  /** Id of the backup that it is of. */
  readonly backup: string;
}

/** Of all backups of that name, also those that are complete without it. What is not named as ours is left out. */
export async function readUnfinished(
  store: Store,
  name: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<UnfinishedPut[]> {
  const found: UnfinishedPut[] = [];
  for await (const put of store.unfinished(backupsFolder(name), { signal })) {
    const parsed = parseKey(name, put.key);
    if (parsed === null || !(isOurs(parsed.file) || isPartFile(parsed.file))) continue;
    found.push({ ...put, backup: parsed.id });
  }
  return found;
}

/** Newest first; equal times by id, so that two runs agree. */
export function newestFirst(
  a: { readonly id: string; readonly createdAt: Date },
  b: { readonly id: string; readonly createdAt: Date },
): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

/** Whether its best proof is one of content: a proof of sizes alone (`stat`) is none. */
export function provesContent({ verified }: Pick<CatalogBackup, 'verified'>): boolean {
  return verified !== null && verified.level !== 'stat';
}

/** The keys that are named as ours are: databases, proofs and the manifest. Anything else in the folder is somebody else's. */
export function ourKeys(objects: readonly CatalogObject[]): string[] {
  return objects.filter(({ file }) => isOurs(file)).map(({ key }) => key);
}

function isOurs(file: string): boolean {
  return isMark(file) || databaseOfFile(file) !== null;
}

/** Whether it is what we put beside the databases' objects: the manifest, a proof, the mark of a restore. */
export function isMark(file: string): boolean {
  return file === manifestFile || file === safetyFile || parseProofFile(file) !== null;
}

const levels: readonly VerifyLevel[] = ['stat', 'hash', 'restore'];

function describe(
  objects: readonly CatalogObject[],
): Pick<CatalogBackup, 'databases' | 'verified' | 'pinned' | 'safety' | 'missing'> {
  const databases = objects.flatMap(({ file, bytes }) => {
    const name = databaseOfFile(file);
    return name === null ? [] : [{ name, storedBytes: bytes }];
  });
  const proofs = objects.flatMap(({ file }) => parseProofFile(file) ?? []);
  const best = proofs.sort(
    (a, b) => levels.indexOf(b.level) - levels.indexOf(a.level) || b.at.getTime() - a.at.getTime(),
  )[0];
  return {
    databases,
    verified: best ?? null,
    pinned: objects.some(({ file }) => pinFiles.includes(file)),
    safety: objects.some(({ file }) => file === safetyFile),
    missing: databases.length === 0,
  };
}
