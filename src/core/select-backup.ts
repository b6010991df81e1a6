import { collect } from './bytes.ts';
import { type CatalogBackup, type Leftover, provesContent, readCatalog } from './catalog.ts';
import { HoldfastError, IntegrityError, retold } from './errors.ts';
import { assertUnaltered, type Manifest, parseManifest } from './manifest.ts';
import { describeOthers, otherNames } from './other-names.ts';
import type { Reporter } from './reporter.ts';
import type { Verifier } from './signature.ts';
import type { Store } from './store.ts';

/** Which backup a user means. */
export type Selector =
  | { readonly kind: 'latest' }
  | { readonly kind: 'id'; readonly id: string }
  /** The newest that was made at that time or earlier. */
  | { readonly kind: 'before'; readonly time: Date };

export interface SelectRequest {
  readonly store: Store;
  readonly name: string;
  readonly selector: Selector;
  /** `null`: manifests need not be signed. */
  readonly verifier: Verifier | null;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface SelectedBackup {
  readonly backup: CatalogBackup;
  readonly manifest: Manifest;
}

/**
 * Finds the backup that is meant and reads its manifest. What a restore has put aside (its safety backup) is never the
 * `latest`: it is taken by its id alone.
 * @throws HoldfastError `backup.none` when there is no such backup; IntegrityError when its manifest is damaged
 */
export async function selectBackup(request: SelectRequest): Promise<SelectedBackup> {
  const { store, name, selector, verifier, reporter, signal } = request;
  const { backups, leftovers } = await readCatalog(store, name, { signal });
  const regular = backups.filter(({ safety }) => !safety);
  for (const backup of backups.filter((candidate) => isMeant(candidate, selector))) {
    // Whoever may add objects can put the mark of a restore beside any backup: the manifest decides.
    const manifest = await readManifest({ store, name, verifier, reporter, signal }, backup).catch(
      (error: unknown) => {
        if (selector.kind !== 'id' && backup.safety && error instanceof IntegrityError) return null;
        throw error;
      },
    );
    if (manifest !== null && (selector.kind === 'id' || manifest.purpose !== 'safety')) {
      tellPassedOver(request, backup, leftovers);
      return { backup, manifest };
    }
    reporter.info(`${backup.id} is the safety backup of an earlier restore; it is passed over.`);
  }
  const others = regular.length === 0 ? await otherNames(store, name, { signal }) : [];
  throw noBackup(request, regular, others);
}

function tellPassedOver(
  { selector, reporter }: SelectRequest,
  { createdAt }: CatalogBackup,
  leftovers: readonly Leftover[],
): void {
  const newer = leftovers.filter((leftover) => leftover.createdAt > createdAt).map(({ id }) => id);
  if (selector.kind !== 'latest' || newer.length === 0) return;
  reporter.info(`Passed over, as it was never completed: ${newer.join(', ')}.`);
}

/**
 * A damaged `latest` does not silently become an older backup: whoever restores must know what is missing. But the error says
 * which one to take.
 */
export async function namingAlternative(
  { store, name, selector, signal }: Pick<SelectRequest, 'store' | 'name' | 'selector' | 'signal'>,
  error: unknown,
): Promise<unknown> {
  if (selector.kind !== 'latest' || !(error instanceof IntegrityError)) return error;
  const { backups } = await readCatalog(store, name, { signal }).catch(() => ({ backups: [] }));
  const [, ...earlier] = backups.filter(({ safety }) => !safety);
  const good = earlier.find(provesContent) ?? earlier[0];
  if (good === undefined) return error;
  const known = provesContent(good)
    ? 'the newest verified one before it'
    : 'the one before it, never verified';
  const { code, input } = error;
  const hint = `Take an earlier backup: \`backup: ${good.id}\` is ${known}.`;
  return new IntegrityError(error.message, { code, input, hint, cause: error });
}

function isMeant({ id, createdAt }: CatalogBackup, selector: Selector): boolean {
  switch (selector.kind) {
    case 'latest':
      return true;
    case 'id':
      return id === selector.id;
    case 'before':
      return createdAt.getTime() <= selector.time.getTime();
  }
}

type Reading = Pick<SelectRequest, 'store' | 'name' | 'verifier' | 'reporter' | 'signal'>;

/**
 * A manifest that is bad is read once more: storage and networks have bad moments.
 * @throws IntegrityError when it is damaged, altered, or that of another backup
 */
async function readManifest(reading: Reading, backup: CatalogBackup): Promise<Manifest> {
  try {
    return await readOnce(reading, backup);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const manifest = await readOnce(reading, backup);
    reading.reporter.warn(
      `The first read of ${backup.manifestKey} was bad, the second good: transient, but the store or the way to it is not reliable.`,
    );
    return manifest;
  }
}

async function readOnce(
  { store, name, verifier, signal }: Reading,
  { id, manifestKey }: CatalogBackup,
): Promise<Manifest> {
  const stored = await collect(store.get(manifestKey, { signal }), manifestBytes);
  try {
    const manifest = parseManifest(stored);
    assertUnaltered(stored, verifier);
    if (manifest.id === id && manifest.name === name) return manifest;
    throw new IntegrityError(`The manifest is that of ${manifest.name}/${manifest.id}.`, {
      code: 'manifest.foreign',
    });
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    throw retold(error, `Backup ${id} can't be used. ${error.message}`);
  }
}

const manifestBytes = 64 * 1024 * 1024;

function noBackup(
  { store, name, selector }: SelectRequest,
  backups: readonly CatalogBackup[],
  others: readonly string[],
): HoldfastError {
  const which = { latest: '', id: ` ${(selector as { id?: string }).id}`, before: ' as old as that' }[
    selector.kind
  ];
  const newest = backups.slice(0, 3).map(({ id }) => id);
  return new HoldfastError(`There is no backup${which} of ${name} in ${store.label}.`, {
    code: 'backup.none',
    input: selector.kind === 'latest' || others.length > 0 ? 'name' : 'backup',
    hint: newest.length === 0 ? whenNone(others) : `The newest are ${newest.join(', ')}; \`list\` shows all.`,
  });
}

function whenNone(others: readonly string[]): string {
  if (others.length > 0) return describeOthers(others);
  return 'Check `name` and `store`: no backup of that name is there at all.';
}
