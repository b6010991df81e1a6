import { newBackupId } from './backup-id.ts';
import { bytesOf } from './bytes.ts';
import type { Catalog } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { warnOfClock } from './clock.ts';
import type { Codec } from './codec.ts';
import type { Database, Engine, Probe } from './engine.ts';
import { HoldfastError, retold, throwIfCancelled } from './errors.ts';
import type { Journal } from './journal.ts';
import { backupFolder, manifestKey, safeName, safetyFile, uniqueNames } from './keys.ts';
import { formatManifest, type Manifest, type ManifestDatabase, manifestFormat } from './manifest.ts';
import { type PruneResult, prune } from './prune.ts';
import type { Reporter } from './reporter.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';
import type { Signer, Verifier } from './signature.ts';
import type { Store } from './store.ts';
import { type CompressOn, storeDatabase } from './store-database.ts';
import type { VerifyResult } from './verify.ts';

export interface BackupRequest {
  /** What is backed up: the first path segment of every key. */
  readonly name: string;
  readonly engines: readonly Engine[];
  /** Compression first, encryption after it. */
  readonly codecs: readonly Codec[];
  readonly compressOn: CompressOn;
  readonly store: Store;
  /** Proves the new backup before anything is pruned; `null`: not in this run. */
  readonly verifyAfter: ((manifest: Manifest) => Promise<VerifyResult>) | null;
  /** `null`: no pruning afterwards. */
  readonly policy: Policy | null;
  /** Noted in the manifest: `safety` where a restore makes the backup. */
  readonly purpose?: string;
  readonly dryRun: boolean;
  /** `null`: the manifest is not signed. */
  readonly signer: Signer | null;
  /** For the prune afterwards. */
  readonly verifier: Verifier | null;
  readonly toolVersion: string;
  readonly now: () => Date;
  /** Hears of the backup before its first object is written; default nobody. */
  readonly journal?: Journal;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface BackupResult {
  /** `null` on a dry run. */
  readonly manifest: Manifest | null;
  readonly manifestKey: string | null;
  /** The backup before this one, from the listing alone; `null` when this is the first. */
  readonly previous: Catalog['backups'][number] | null;
  /** `null` when none was asked for. */
  readonly verified: VerifyResult | null;
  readonly retention: PruneResult | null;
  /** What failed after the backup was complete; `null` when nothing did. */
  readonly failure: HoldfastError | null;
}

interface Candidate {
  readonly engine: Engine;
  readonly database: Database;
  readonly probe: Probe;
  /** Safe, and unique in this backup. */
  readonly name: string;
}

/**
 * Probes each database, stores a proven snapshot of each, writes the manifest that makes them a backup, verifies it where
 * that is asked for, and only then prunes. Whatever fails before the manifest leaves the store as it was.
 */
export async function backup(request: BackupRequest): Promise<BackupResult> {
  const { reporter, store, name } = request;
  const candidates = await reporter.step('Find and probe the databases', () => probeAll(request));
  const previous = await newestBackup(request);
  warnOfClock(store, reporter);
  if (request.dryRun) {
    const retention = await pruneAfter(request);
    return { manifest: null, manifestKey: null, previous, retention, verified: null, failure: null };
  }
  const manifest = await commit(request, candidates);
  const key = manifestKey(name, manifest.id);
  reporter.info(`Backup ${manifest.id} is complete in ${store.label}.`);
  return { manifest, manifestKey: key, previous, ...(await verifyAndPrune(request, manifest)) };
}

/** What fails here does not undo the backup, and the user must hear of both. */
async function verifyAndPrune(
  request: BackupRequest,
  manifest: Manifest,
): Promise<Pick<BackupResult, 'verified' | 'retention' | 'failure'>> {
  const complete = `Backup ${manifest.id} is complete`;
  let verified: VerifyResult | null = null;
  let doing = 'verifying it';
  try {
    verified = (await request.verifyAfter?.(manifest)) ?? null;
    if (verified !== null && verified.failure !== null) {
      const message = `${complete}, but the verify after it failed, and nothing was pruned: ${verified.failure.message}`;
      return { verified, retention: null, failure: retold(verified.failure, message) };
    }
    doing = 'pruning after it';
    return { verified, retention: await pruneAfter(request), failure: null };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const failure = retold(error, `${complete}, but ${doing} did not finish: ${error.message}`);
    return { verified, retention: null, failure };
  }
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
  const written: string[] = [];
  request.journal?.backup(id);
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
      ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
      databases,
    };
    throwIfCancelled(signal);
    if (request.purpose === 'safety') {
      const mark = `${backupFolder(name, id)}${safetyFile}`;
      written.push(mark);
      await store.put(mark, bytesOf('{}\n'), { signal });
    }
    written.push(key);
    await store.put(key, bytesOf(formatManifest(manifest, request.signer)), { signal });
    return manifest;
  } catch (error) {
    // What was there before is somebody else's.
    if (error instanceof HoldfastError && error.code === 'store.exists') written.pop();
    // The manifest first, so that no backup is listed without its data.
    await takeBack(request, written.toReversed());
    throw error;
  }
}

/** A cancelled job is ended after seven seconds. */
const takeBackMs = 3000;

/** Best effort, and quick: what stays is a leftover that a later prune removes. */
async function takeBack({ store, reporter }: BackupRequest, keys: readonly string[]): Promise<void> {
  try {
    const { kept } = await store.remove(keys, { signal: AbortSignal.timeout(takeBackMs) });
    for (const { key, reason, denied } of kept) {
      if (!denied) reporter.warn(`${key} of the failed backup stays for now: ${reason}.`);
    }
    if (kept.some(({ denied }) => denied)) {
      reporter.warn(
        'Objects of the failed backup stay for now, because this storage key may not delete: lifecycle rules of the ' +
          'bucket do it (`holdfast lifecycle` prints them), or a prune by a key that may.',
      );
    }
  } catch (error) {
    reporter.warn(
      `Objects of the failed backup could not be removed now (${error instanceof Error ? error.message : error}); ` +
        'they are shown as leftovers, and a prune removes them after a day.',
    );
  }
}

async function pruneAfter(request: BackupRequest): Promise<PruneResult | null> {
  const { policy, reporter } = request;
  if (policy === null || isEmptyPolicy(policy)) return null;
  return reporter.step('Prune by the retention policy', async () => {
    const result = await prune({ ...request, policy, now: request.now() });
    // A key that may only write is a good one to make backups with.
    if (result.denied !== null) reporter.warn(`${result.denied.message} ${result.denied.hint}`);
    return result;
  });
}
