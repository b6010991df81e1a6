import { timeOfBackupId } from './backup-id.ts';
import { type Leftover, readUnfinished, type UnfinishedPut } from './catalog.ts';
import { StoreError, throwIfCancelled } from './errors.ts';
import { manifestKey } from './keys.ts';
import { type PruneRun, remove, stuckOf } from './prune-run.ts';

const leftoverAgeMs = 86_400_000;

/**
 * Removes what runs have left that show no sign of life for a day: an id tells when its run began, and one that still goes
 * on has put something since.
 */
export async function removeDead(
  run: PruneRun,
  leftovers: readonly Leftover[],
): Promise<{ id: string; storedBytes: number }[]> {
  const puts = await unfinishedOf(run);
  const signs = [
    ...leftovers.map(({ id, writtenAt }) => ({ id, at: writtenAt })),
    ...puts.flatMap(({ backup: id, startedAt }) => [
      { id, at: startedAt },
      { id, at: timeOfBackupId(id) as Date },
    ]),
  ];
  const alive = signs.filter(({ at }) => run.now.getTime() - at.getTime() < leftoverAgeMs);
  const isDead = (id: string): boolean => !alive.some((sign) => sign.id === id);
  const removed = await removeLeftovers(
    run,
    leftovers.filter(({ id }) => isDead(id)),
  );
  await abandon(
    run,
    puts.filter(({ backup }) => isDead(backup)),
  );
  return removed;
}

/** A key that may not ask leaves it to a rule of the bucket to end what dead runs were putting. */
async function unfinishedOf({ store, name, reporter, signal }: PruneRun): Promise<UnfinishedPut[]> {
  try {
    return await readUnfinished(store, name, { signal });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'store.denied')) throw error;
    reporter.debug(error.message);
    return [];
  }
}

const hiddenManifest =
  'no manifest is listed, but the store has one, or a hidden version of one. It may have been a good backup: bring the manifest back, or remove the folder with all versions.';

/** What has had a manifest is nothing that a dead run has left. */
async function removeLeftovers(
  run: PruneRun,
  leftovers: readonly Leftover[],
): Promise<{ id: string; storedBytes: number }[]> {
  const { dryRun, reporter, signal, store, name } = run;
  const removed: { id: string; storedBytes: number }[] = [];
  for (const { id, keys, storedBytes } of leftovers) {
    throwIfCancelled(signal);
    if (await store.hasTrace(manifestKey(name, id), { signal })) {
      reporter.warn(`${id} is left alone: ${hiddenManifest}`);
      continue;
    }
    const kept = dryRun ? [] : await remove(run, keys);
    for (const { key, reason } of stuckOf(run, kept))
      reporter.warn(`The leftover ${key} could not be removed: ${reason}.`);
    if (kept.length > 0) continue;
    removed.push({ id, storedBytes });
    reporter.info(`Leftover ${id} of a run that failed ${dryRun ? 'would be' : 'was'} removed.`);
  }
  return removed;
}

/** What this key may not end, a rule of the bucket does. */
async function abandon(
  { store, dryRun, reporter, signal }: PruneRun,
  puts: readonly UnfinishedPut[],
): Promise<void> {
  if (puts.length === 0) return;
  const { kept } = dryRun ? { kept: [] } : await store.abandon(puts, { signal });
  const gone = puts.length - kept.length;
  reporter.info(`${gone} unfinished uploads of dead runs ${dryRun ? 'would be' : 'were'} aborted.`);
}
