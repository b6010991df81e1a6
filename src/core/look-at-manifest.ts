import { collect } from './bytes.ts';
import type { CatalogBackup } from './catalog.ts';
import { HoldfastError } from './errors.ts';
import { assertUnaltered, parseManifest } from './manifest.ts';
import type { Verifier } from './signature.ts';
import type { Store } from './store.ts';

/** What its manifest says of a backup that a listing has shown. */
export type Look =
  | {
      readonly kind: 'ours';
      /** A restore made it, of what it replaced. */
      readonly safety: boolean;
      /** Of the objects of its databases. */
      readonly keys: readonly string[];
    }
  /** What we can't read, a newer version wrote, or the key did not sign is not ours to delete. */
  | { readonly kind: 'foreign'; readonly why: string }
  /** This storage key may not read it. */
  | { readonly kind: 'denied' }
  /** Another prune was quicker: nothing is left to spare, or to count. */
  | { readonly kind: 'gone' };

export interface LookRequest {
  readonly store: Store;
  readonly name: string;
  /** `null`: manifests need not be signed. */
  readonly verifier: Verifier | null;
  readonly signal: AbortSignal;
}

const mostBytes = 16 * 1024 * 1024;

/** Reads the manifest of a backup that is about to go, or for whose sake another one would. Throws when the store fails. */
export async function lookAtManifest(
  { store, name, verifier, signal }: LookRequest,
  { id, manifestKey }: CatalogBackup,
): Promise<Look> {
  try {
    const stored = await collect(store.get(manifestKey, { signal }), mostBytes);
    const manifest = parseManifest(stored);
    if (verifier !== null) assertUnaltered(stored, verifier);
    if (manifest.name === name && manifest.id === id) {
      const keys = manifest.databases.map(({ key }) => key);
      return { kind: 'ours', safety: manifest.purpose === 'safety', keys };
    }
    return { kind: 'foreign', why: `its manifest is that of ${manifest.name}/${manifest.id}.` };
  } catch (error) {
    return unread(error);
  }
}

/** Only what the manifest says may spare a backup, and a key that may not read it; a store that fails must fail the prune. */
function unread(error: unknown): Look {
  if (error instanceof RangeError) return { kind: 'foreign', why: 'its manifest is too large to be one.' };
  if (!(error instanceof HoldfastError)) throw error;
  if (error.code === 'store.not-found') return { kind: 'gone' };
  if (error.code === 'store.denied') return { kind: 'denied' };
  if (!error.code.startsWith('manifest.')) throw error;
  return { kind: 'foreign', why: error.message };
}
