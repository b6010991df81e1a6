import type { Reporter } from './reporter.ts';
import type { Removal, Store } from './store.ts';

export interface TakeBackRequest {
  readonly store: Store;
  readonly reporter: Reporter;
  /** Key of the manifest, which makes the others a backup. */
  readonly manifest: string;
  /** What was or may have been written, the manifest too. */
  readonly written: ReadonlySet<string>;
}

/** A cancelled job is ended after seven seconds. */
const takeBackMs = 3000;

/**
 * Takes back what a failed backup has stored. Best effort, and quick: what stays is a leftover that a later prune removes.
 * The manifest goes first and alone, and as long as it may be there the data stays: no backup is listed without its data.
 */
export async function takeBack(request: TakeBackRequest): Promise<void> {
  const { store, reporter, manifest, written } = request;
  const signal = AbortSignal.timeout(takeBackMs);
  const rest = [...written].filter((key) => key !== manifest).toReversed();
  if (written.has(manifest) && !(await removeManifest(request, signal))) return;
  try {
    tellKept((await store.remove(rest, { signal })).kept, reporter);
  } catch (error) {
    reporter.warn(
      `Objects of the failed backup could not be removed now (${messageOf(error)}); ` +
        'they are shown as leftovers, and a prune removes them after a day.',
    );
  }
}

/** @returns whether it is gone for sure */
async function removeManifest(
  { store, reporter, manifest }: TakeBackRequest,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const [kept] = (await store.remove([manifest], { signal })).kept;
    if (kept?.denied) tellKept([kept], reporter);
    else if (kept !== undefined) tellStays(manifest, kept.reason, reporter);
    return kept === undefined;
  } catch (error) {
    tellStays(manifest, messageOf(error), reporter);
    return false;
  }
}

function tellStays(manifest: string, why: string, reporter: Reporter): void {
  reporter.warn(
    `${manifest} may be there and could not be removed now (${why}), so the objects beside it were left too: ` +
      'if `list` shows that backup, it is a complete one; if not, a prune removes them after a day.',
  );
}

function tellKept(kept: Removal['kept'], reporter: Reporter): void {
  for (const { key, reason, denied } of kept) {
    if (!denied) reporter.warn(`${key} of the failed backup stays for now: ${reason}.`);
  }
  if (!kept.some(({ denied }) => denied)) return;
  reporter.warn(
    'Objects of the failed backup stay for now, because this storage key may not delete: lifecycle rules of the ' +
      'bucket do it (`holdfast lifecycle` prints them), or a prune by a key that may.',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
