import type { CatalogBackup } from './catalog.ts';
import type { Manifest } from './manifest.ts';

/** A database of less than half its size has most likely lost something. */
const muchSmaller = 0.5;

/** Smaller objects than this are mostly schema. */
const smallestBytes = 64 * 1024;

/**
 * A sentence for each database that is much smaller than in the backup before, by the stored bytes that a listing shows; objects made by
 * other codecs, whose names tell, are not compared.
 */
export function shrunkDatabases({ databases }: Manifest, previous: CatalogBackup | null): string[] {
  return databases.flatMap(({ key, name, storedBytes }) => {
    const file = key.slice(key.lastIndexOf('/') + 1);
    const before = previous?.objects.find((object) => object.file === file)?.bytes ?? 0;
    if (before < smallestBytes || storedBytes >= before * muchSmaller) return [];
    const percent = Math.floor((1 - storedBytes / before) * 100);
    return [
      `${name} is ${percent} % smaller than in the backup ${previous?.id} before it (${storedBytes} bytes stored instead of ${before}).`,
    ];
  });
}
