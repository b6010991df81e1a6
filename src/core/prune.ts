import { type CatalogBackup, isMark, ourKeys, readCatalog } from './catalog.ts';
import { assertClock, warnOfClock } from './clock.ts';
import { ConfigError, StoreError, throwIfCancelled } from './errors.ts';
import { type Look, lookAtManifest } from './look-at-manifest.ts';
import { type PruneRequest, type PruneRun, remove, stuckOf } from './prune-run.ts';
import { removeDead } from './remove-dead.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';
import { settlePlan } from './settle-plan.ts';
import type { Store } from './store.ts';

export interface PruneResult {
  readonly dryRun: boolean;
  readonly kept: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  readonly pruned: readonly { readonly id: string; readonly storedBytes: number }[];
  /** Remains of failed runs that were removed. */
  readonly leftovers: readonly { readonly id: string; readonly storedBytes: number }[];
  /** Set when the storage key lacks the right to prune, so that something stays that should go. */
  readonly denied: StoreError | null;
  /** Set when the store did not remove what it should, each told by a warning. */
  readonly stuck: StoreError | null;
}

/** A dry run looks at so many manifests of what would go; a request for each of thousands would take minutes. */
const dryLooks = 20;

/**
 * Removes what the policy no longer wants, by one complete listing. A backup's manifest goes first, so that no backup is
 * ever listed without its data; what an interruption leaves behind is a leftover, removed once it is older than a day.
 */
export async function prune(request: PruneRequest): Promise<PruneResult> {
  const { store, name, policy, signal, reporter } = request;
  assertNotEmpty(policy);
  const run: PruneRun = {
    ...request,
    storeWarnings: new Set(),
    denied: false,
    stuck: [],
    looks: new Map(),
    looked: 0,
    notLookedAt: 0,
  };
  const { backups, leftovers } = await readCatalog(store, name, { signal });
  assertClock(store);
  warnOfClock(store, reporter);
  const { kept, pruned } = await removeUnwanted(run, backups);
  const removed = await removeDead(run, leftovers);
  for (const warning of run.storeWarnings) reporter.warn(warning);
  tellNotLookedAt(run);
  const denied = run.denied ? mayNotPrune(store) : null;
  const stuck = notRemoved(store, run.stuck);
  return { dryRun: request.dryRun, kept, pruned, leftovers: removed, denied, stuck };
}

/** Goes through the backups, newest first; what stays that should go says why. */
async function removeUnwanted(
  run: PruneRun,
  backups: readonly CatalogBackup[],
): Promise<Pick<PruneResult, 'kept' | 'pruned'>> {
  const decisions = await settlePlan(run, backups);
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  const kept: { id: string; reasons: readonly string[] }[] = [];
  const pruned: { id: string; storedBytes: number }[] = [];
  for (const backup of backups) {
    const { id, storedBytes } = backup;
    const { keep, reasons } = byId.get(id) ?? undecided;
    if (reasons.includes('dated in the future')) {
      run.reporter.warn(`Backup ${id} is dated in the future and kept: check the clock of whoever made it.`);
    }
    const obstacle = keep ? null : await removeBackup(run, backup);
    if (keep) kept.push({ id, reasons });
    else if (obstacle === null) pruned.push({ id, storedBytes });
    else kept.push({ id, reasons: [obstacle] });
  }
  return { kept, pruned };
}

/** Its manifest is not one that counts. */
const undecided = { keep: false, reasons: [] as readonly string[] };

function tellNotLookedAt({ notLookedAt, reporter }: PruneRun): void {
  if (notLookedAt === 0) return;
  reporter.info(
    `The manifests of ${notLookedAt} more backups were not looked at; one that is not in order would be left alone.`,
  );
}

const lacksRight = 'this storage key may not prune';

function mayNotPrune({ label }: Store): StoreError {
  return new StoreError(
    `What no rule keeps stays in ${label}: this storage key may not delete, or not read the manifests.`,
    {
      code: 'store.may-not-prune',
      input: 's3-access-key-id',
      hint: 'Let lifecycle rules of the bucket do it (`holdfast lifecycle` prints them), or prune with a key that may.',
    },
  );
}

function notRemoved({ label }: Store, keys: readonly string[]): StoreError | null {
  if (keys.length === 0) return null;
  const what = keys.length === 1 ? keys[0] : `${keys.length} objects, ${keys[0]} first,`;
  return new StoreError(`What no rule keeps stays in ${label}: ${what} could not be removed.`, {
    code: 'store.not-removed',
    hint: 'Run prune again; the warnings tell what the store said of each.',
  });
}

function assertNotEmpty(policy: Policy): void {
  if (!isEmptyPolicy(policy)) return;
  throw new ConfigError([
    {
      input: 'keep-last',
      message: 'Nothing is pruned without a rule: an empty policy would keep next to nothing.',
      hint: 'Set at least one keep rule, such as `keep-daily: 14`.',
    },
  ]);
}

/** `null` when the backup is gone (or would be); else why it stays. */
async function removeBackup(run: PruneRun, backup: CatalogBackup): Promise<string | null> {
  const { dryRun, reporter, signal } = run;
  throwIfCancelled(signal);
  const look = run.looks.get(backup.id) ?? (await lookBeforeRemoval(run, backup));
  if (look?.kind === 'denied') {
    run.denied = true;
    return lacksRight;
  }
  if (look?.kind === 'foreign') {
    reporter.warn(`Backup ${backup.id} is left alone and not counted: ${look.why}`);
    return 'its manifest is not one that this version may delete';
  }
  if (backup.missing && look?.kind === 'ours' && (await hasHidden(run, backup, look.keys))) {
    reporter.warn(
      `Backup ${backup.id} is left alone: none of its databases is listed, but the store has them, or hidden versions of them. Bring them back, or remove its folder with all versions.`,
    );
    return 'its databases are hidden';
  }
  // When it is gone another prune was quicker, and removes the rest.
  if (dryRun || look?.kind !== 'ours') return null;
  const [stuck] = await remove(run, [backup.manifestKey]);
  if (stuck?.denied) return lacksRight;
  if (stuck?.locked) return stuck.reason;
  if (stuck !== undefined) {
    run.stuck.push(backup.manifestKey);
    reporter.warn(`Backup ${backup.id} could not be removed: ${stuck.reason}.`);
    return `could not be removed: ${stuck.reason}`;
  }
  const { ours, unnamed } = partsOf(backup, look.keys);
  for (const { key, reason } of stuckOf(run, await remove(run, ours)))
    reporter.warn(`${key} of the removed backup ${backup.id} stays as a leftover: ${reason}.`);
  for (const key of unnamed) {
    reporter.warn(
      `${key} was not named by the manifest of the removed backup ${backup.id} and stays; named like an object of ours it is a leftover now.`,
    );
  }
  return null;
}

/** Whether the store has some of them though the listing does not show them. */
async function hasHidden(
  { store, signal }: PruneRun,
  { objects }: CatalogBackup,
  keys: readonly string[],
): Promise<boolean> {
  const listed = new Set(objects.map(({ key }) => key));
  for (const key of keys) if (!listed.has(key) && (await store.hasTrace(key, { signal }))) return true;
  return false;
}

/** What goes with the manifest, and what is only named as if it did. */
function partsOf({ objects, manifestKey }: CatalogBackup, named: readonly string[]) {
  const ours = objects.filter(({ key, file }) => named.includes(key) || isMark(file));
  const unnamed = ourKeys(objects.filter((object) => !ours.includes(object)));
  return { ours: ours.map(({ key }) => key).filter((key) => key !== manifestKey), unnamed };
}

/** `null`: a dry run has looked at enough. */
async function lookBeforeRemoval(run: PruneRun, backup: CatalogBackup): Promise<Look | null> {
  if (run.dryRun && run.looked === dryLooks) {
    run.notLookedAt += 1;
    return null;
  }
  run.looked += 1;
  return lookAtManifest(run, backup);
}
