import { timeOfBackupId } from './backup-id.ts';
import {
  type CatalogBackup,
  isMark,
  type Leftover,
  ourKeys,
  readCatalog,
  readUnfinished,
  type UnfinishedPut,
} from './catalog.ts';
import { assertClock, warnOfClock } from './clock.ts';
import { ConfigError, StoreError, throwIfCancelled } from './errors.ts';
import { type Look, lookAtManifest } from './look-at-manifest.ts';
import type { Reporter } from './reporter.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';
import { settlePlan } from './settle-plan.ts';
import type { Verifier } from './signature.ts';
import type { Removal, Store } from './store.ts';

export interface PruneRequest {
  readonly store: Store;
  readonly name: string;
  readonly policy: Policy;
  /** `null`: manifests need not be signed. A backup that is not signed by the key is left alone, and not counted. */
  readonly verifier: Verifier | null;
  readonly now: Date;
  /** Decide and show, delete nothing. */
  readonly dryRun: boolean;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

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

const leftoverAgeMs = 86_400_000;
/** A dry run looks at so many manifests of what would go; a request for each of thousands would take minutes. */
const dryLooks = 20;

/**
 * Removes what the policy no longer wants, by one complete listing. A backup's manifest goes first, so that no backup is
 * ever listed without its data; what an interruption leaves behind is a leftover, removed once it is older than a day.
 */
export async function prune(request: PruneRequest): Promise<PruneResult> {
  const { store, name, policy, signal, reporter } = request;
  assertNotEmpty(policy);
  const run: Run = {
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

interface Run extends PruneRequest {
  /** What the store said about its deletions; each is told once. */
  readonly storeWarnings: Set<string>;
  /** The storage key was refused something; told once. */
  denied: boolean;
  /** Keys that are still there for another reason. */
  readonly stuck: string[];
  /** What manifests were found to be, by id, before anything was decided. */
  readonly looks: Map<string, Look>;
  /** How many more were read, and how many a dry run left unread. */
  looked: number;
  notLookedAt: number;
}

/** Goes through the backups, newest first; what stays that should go says why. */
async function removeUnwanted(
  run: Run,
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

function tellNotLookedAt({ notLookedAt, reporter }: Run): void {
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
async function removeBackup(run: Run, backup: CatalogBackup): Promise<string | null> {
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

/** What goes with the manifest, and what is only named as if it did. */
function partsOf({ objects, manifestKey }: CatalogBackup, named: readonly string[]) {
  const ours = objects.filter(({ key, file }) => named.includes(key) || isMark(file));
  const unnamed = ourKeys(objects.filter((object) => !ours.includes(object)));
  return { ours: ours.map(({ key }) => key).filter((key) => key !== manifestKey), unnamed };
}

/** `null`: a dry run has looked at enough. */
async function lookBeforeRemoval(run: Run, backup: CatalogBackup): Promise<Look | null> {
  if (run.dryRun && run.looked === dryLooks) {
    run.notLookedAt += 1;
    return null;
  }
  run.looked += 1;
  return lookAtManifest(run, backup);
}

/** Gives what could not be removed. */
async function remove(run: Run, keys: readonly string[]): Promise<Removal['kept']> {
  const { kept, warning } = await run.store.remove(keys, { signal: run.signal });
  if (warning !== undefined) run.storeWarnings.add(warning);
  run.denied ||= kept.some(({ denied }) => denied);
  return kept;
}

/** What stays though this key may remove it; a lock is no failure. */
function stuckOf({ stuck }: Run, kept: Removal['kept']): Removal['kept'] {
  stuck.push(...kept.filter(({ denied, locked }) => !denied && !locked).map(({ key }) => key));
  return kept.filter(({ denied }) => !denied);
}

/**
 * Removes what runs have left that show no sign of life for a day: an id tells when its run began, and one that still goes
 * on has put something since.
 */
async function removeDead(
  run: Run,
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
async function unfinishedOf({ store, name, reporter, signal }: Run): Promise<UnfinishedPut[]> {
  try {
    return await readUnfinished(store, name, { signal });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'store.denied')) throw error;
    reporter.debug(error.message);
    return [];
  }
}

async function removeLeftovers(
  run: Run,
  leftovers: readonly Leftover[],
): Promise<{ id: string; storedBytes: number }[]> {
  const { dryRun, reporter, signal } = run;
  const removed: { id: string; storedBytes: number }[] = [];
  for (const { id, keys, storedBytes } of leftovers) {
    throwIfCancelled(signal);
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
async function abandon({ store, dryRun, reporter, signal }: Run, puts: readonly UnfinishedPut[]) {
  if (puts.length === 0) return;
  const { kept } = dryRun ? { kept: [] } : await store.abandon(puts, { signal });
  const gone = puts.length - kept.length;
  reporter.info(`${gone} unfinished uploads of dead runs ${dryRun ? 'would be' : 'were'} aborted.`);
}
