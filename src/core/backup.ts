import { newBackupId } from './backup-id.ts';
import { bytesOf } from './bytes.ts';
import type { Catalog } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import type { Codec } from './codec.ts';
import type { Database, Engine, Probe } from './engine.ts';
import { CancelledError, HoldfastError, throwIfCancelled } from './errors.ts';
import { manifestKey, safeName, uniqueNames } from './keys.ts';
import { formatManifest, type Manifest, type ManifestDatabase, manifestFormat } from './manifest.ts';
import { type PruneResult, prune } from './prune.ts';
import type { Reporter } from './reporter.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';
import type { Store } from './store.ts';
import { type CompressOn, storeDatabase } from './store-database.ts';

export interface BackupRequest {
  /** What is backed up: the first path segment of every key. */
  readonly name: string;
  readonly engines: readonly Engine[];
  /** Compression first, encryption after it. */
  readonly codecs: readonly Codec[];
  readonly compressOn: CompressOn;
  readonly store: Store;
  /** `null`: no pruning afterwards. */
  readonly policy: Policy | null;
  readonly dryRun: boolean;
  readonly toolVersion: string;
  readonly now: () => Date;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface BackupResult {
  /** `null` on a dry run. */
  readonly manifest: Manifest | null;
  readonly manifestKey: string | null;
  /** The backup before this one, from the listing alone; `null` when this is the first. */
  readonly previous: Catalog['backups'][number] | null;
  readonly retention: PruneResult | null;
}

interface Candidate {
  readonly engine: Engine;
  readonly database: Database;
  readonly probe: Probe;
  /** Safe, and unique in this backup. */
  readonly name: string;
}

/**
 * Probes each database, stores a proven snapshot of each, writes the manifest that makes them a backup, and only
 * then prunes. Whatever fails before the manifest leaves the store as it was.
 */
export async function backup(request: BackupRequest): Promise<BackupResult> {
  const { reporter, store, name } = request;
  const candidates = await reporter.step('Find and probe the databases', () => probeAll(request));
  const previous = await newestBackup(request);
  if (request.dryRun) {
    return { manifest: null, manifestKey: null, previous, retention: await pruneAfter(request) };
  }
  const manifest = await commit(request, candidates);
  reporter.info(`Backup ${manifest.id} is complete in ${store.label}.`);
  return {
    manifest,
    manifestKey: manifestKey(name, manifest.id),
    previous,
    retention: await pruneAfter(request, manifest.id),
  };
}

async function probeAll({ engines, reporter, signal }: BackupRequest): Promise<Candidate[]> {
  const found: Omit<Candidate, 'name'>[] = [];
  for (const engine of engines) {
    for (const database of await engine.discover({ signal })) {
      const probe = await engine.probe(database, { signal });
      for (const warning of probe.warnings) reporter.warn(warning);
      reporter.info(`${database.source}: about ${Math.ceil(probe.expectedBytes / 1e6)} MB`);
      found.push({ engine, database, probe });
    }
  }
  const names = uniqueNames(found.map(({ database }) => safeName(database.name)));
  return found.map((candidate, index) => ({ ...candidate, name: names[index] as string }));
}

async function newestBackup({
  store,
  name,
  signal,
}: BackupRequest): Promise<Catalog['backups'][number] | null> {
  const { backups } = await readCatalog(store, name, { signal });
  return backups[0] ?? null;
}

/** Stores every database and then the manifest; takes everything back when anything fails. */
async function commit(request: BackupRequest, candidates: readonly Candidate[]): Promise<Manifest> {
  const { store, name, reporter, signal } = request;
  const createdAt = request.now();
  const id = newBackupId(createdAt);
  const key = manifestKey(name, id);
  const written: string[] = [key];
  try {
    const databases: ManifestDatabase[] = [];
    for (const { engine, database, name: fileName } of candidates) {
      throwIfCancelled(signal);
      const entry = await reporter.step(`Back up ${database.source}`, () =>
        storeDatabase({ ...request, engine, database, id, fileName, onKey: (put) => written.push(put) }),
      );
      databases.push(entry);
    }
    const manifest: Manifest = {
      format: manifestFormat,
      id,
      name,
      createdAt: createdAt.toISOString(),
      tool: { name: 'holdfast', version: request.toolVersion },
      databases,
    };
    throwIfCancelled(signal);
    await store.put(key, bytesOf(formatManifest(manifest)), { signal });
    return manifest;
  } catch (error) {
    await takeBack(request, written);
    throw error;
  }
}

/** Best effort, and quick: what stays is a leftover that a later prune removes. */
async function takeBack({ store, reporter }: BackupRequest, keys: readonly string[]): Promise<void> {
  try {
    const { kept } = await store.remove(keys, { signal: AbortSignal.timeout(5000) });
    for (const { key, reason } of kept)
      reporter.warn(`${key} of the failed backup stays for now: ${reason}.`);
  } catch (error) {
    reporter.warn(
      `Objects of the failed backup could not be removed now (${error instanceof Error ? error.message : error}); ` +
        'they are shown as leftovers, and a prune removes them after a day.',
    );
  }
}

async function pruneAfter(request: BackupRequest, id?: string): Promise<PruneResult | null> {
  const { policy, reporter } = request;
  if (policy === null || isEmptyPolicy(policy)) return null;
  try {
    return await reporter.step('Prune by the retention policy', () =>
      prune({ ...request, policy, now: request.now() }),
    );
  } catch (error) {
    throw id === undefined || !(error instanceof HoldfastError) ? error : pruneFailed(id, error);
  }
}

/** The backup is there all the same, and the user must hear of both. */
function pruneFailed(id: string, error: HoldfastError): HoldfastError {
  const message = `Backup ${id} is complete, but pruning after it did not finish: ${error.message}`;
  if (error instanceof CancelledError) return new CancelledError(message);
  return new HoldfastError(message, { code: error.code, hint: error.hint, input: error.input, cause: error });
}
