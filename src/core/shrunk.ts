import type { CatalogBackup } from './catalog.ts';
import type { Manifest } from './manifest.ts';

/** A database of less than half its size has most likely lost something. */
const muchSmaller = 0.5;

/** Smaller objects than this are mostly schema. */
const smallestBytes = 64 * 1024;

/** What nobody wants a list of in an annotation. */
const mostNames = 5;

/**
 * A sentence for each database that is much smaller than in the backup before, by the stored bytes that a listing shows, and one
 * for those that are gone. Objects made by other codecs, whose names tell, are not compared by size.
 */
export function shrunkDatabases(manifest: Manifest, previous: CatalogBackup | null): string[] {
  if (previous === null) return [];
  return [...tellGone(manifest, previous), ...tellSmaller(manifest, previous)];
}

/** Where nothing is left, it is most likely another app's backup that is compared with. */
function tellGone({ databases }: Manifest, previous: CatalogBackup): string[] {
  const here = new Set(databases.map(({ name }) => name));
  const gone = previous.databases.map(({ name }) => name).filter((name) => !here.has(name));
  if (gone.length === 0) return [];
  const more = gone.length > mostNames ? `, and ${gone.length - mostNames} more` : '';
  const names = gone.slice(0, mostNames).join(', ') + more;
  const sentence = `What the backup ${previous.id} before it holds is not all in this one: ${names}.`;
  if (gone.length < previous.databases.length) return [sentence];
  const apart =
    'They have no database in common: two sets of databases under one name prune each other, so give each a `name` of its own.';
  return [sentence, apart];
}

function tellSmaller({ databases }: Manifest, { id, objects }: CatalogBackup): string[] {
  return databases.flatMap(({ key, name, storedBytes }) => {
    const file = key.slice(key.lastIndexOf('/') + 1);
    const before = objects.find((object) => object.file === file)?.bytes ?? 0;
    if (before < smallestBytes || storedBytes >= before * muchSmaller) return [];
    const percent = Math.floor((1 - storedBytes / before) * 100);
    return [
      `${name} is ${percent} % smaller than in the backup ${id} before it (${storedBytes} bytes stored instead of ${before}).`,
    ];
  });
}
