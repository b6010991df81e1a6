import type { Look } from './look-at-manifest.ts';
import type { Reporter } from './reporter.ts';
import type { Policy } from './retention.ts';
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

/** What one prune finds out and tells at its end. */
export interface PruneRun extends PruneRequest {
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

/** Gives what could not be removed. */
export async function remove(run: PruneRun, keys: readonly string[]): Promise<Removal['kept']> {
  const { kept, warning } = await run.store.remove(keys, { signal: run.signal });
  if (warning !== undefined) run.storeWarnings.add(warning);
  run.denied ||= kept.some(({ denied }) => denied);
  return kept;
}

/** What stays though this key may remove it; a lock is no failure. */
export function stuckOf({ stuck }: PruneRun, kept: Removal['kept']): Removal['kept'] {
  stuck.push(...kept.filter(({ denied, locked }) => !denied && !locked).map(({ key }) => key));
  return kept.filter(({ denied }) => !denied);
}
