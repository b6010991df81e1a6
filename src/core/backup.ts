import { assertComplete } from './assert-complete.ts';
import { assertStillEncrypted } from './assert-still-encrypted.ts';
import { type Assertion, assertAssertable } from './assertion.ts';
import { newBackupId } from './backup-id.ts';
import { bytesOf } from './bytes.ts';
import type { Catalog } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { isFuture, warnOfClock } from './clock.ts';
import type { Codec } from './codec.ts';
import { Endings } from './endings.ts';
import type { Database, Engine, Probe } from './engine.ts';
import { HoldfastError, retold, throwIfCancelled } from './errors.ts';
import type { Host } from './host.ts';
import { bothOf, inFlight } from './in-flight.ts';
import type { Journal } from './journal.ts';
import { backupFolder, manifestKey, safeName, safetyFile, uniqueNames } from './keys.ts';
import { formatManifest, type Manifest, type ManifestDatabase, manifestFormat } from './manifest.ts';
import { type PruneResult, prune } from './prune.ts';
import type { Reporter } from './reporter.ts';
import { isEmptyPolicy, type Policy } from './retention.ts';
import { shrunkDatabases } from './shrunk.ts';
import type { Signer, Verifier } from './signature.ts';
import type { Store } from './store.ts';
import { type CompressOn, type StoreDatabaseRequest, storeDatabase } from './store-database.ts';
import { takeBack } from './take-back.ts';
import type { VerifyResult } from './verify.ts';

export interface BackupRequest {
  /** What is backed up: the first path segment of every key. */
  readonly name: string;
  readonly engines: readonly Engine[];
  /** Compression first, encryption after it. */
  readonly codecs: readonly Codec[];
  /** The user said that it is not to be encrypted; else one may not follow one that is. */
  readonly inTheClear?: boolean;
  readonly compressOn: CompressOn;
  readonly store: Store;
  /** This machine. */
  readonly runner: Host;
  /** Proves the new backup before anything is pruned; `null`: not in this run. */
  readonly verifyAfter: ((manifest: Manifest) => Promise<VerifyResult>) | null;
  /** Of that verify: one about a database that is not found fails before anything is stored; default none. */
  readonly assertions?: readonly Assertion[];
  /** `null`: no pruning afterwards. */
  readonly policy: Policy | null;
  /** Fails when a database is gone or much smaller than in the backup before; otherwise that is a warning. Neither prunes. */
  readonly failOnShrink: boolean;
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
  /** The regular backup before this one, from the listing alone; `null` when this is the first. */
  readonly previous: Catalog['backups'][number] | null;
  /** `null` when none was asked for. */
  readonly verified: VerifyResult | null;
  readonly retention: PruneResult | null;
  /** What failed after the backup was complete; `null` when nothing did. */
  readonly failure: HoldfastError | null;
}

/** A database of no more is small. */
const smallBytes = 32_000_000;
/** Of those, that many at a time at most. */
const smallInFlight = 3;
/** A server allows ten programs at a time over one connection, unless told otherwise; a snapshot has that many, unless its probe says so. */
const [programsAtOnce, programsOfSnapshot] = [9, 4];
/** Looking at a database needs one. */
const probesInFlight = 4;

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
  const { reporter, store, name, assertions = [] } = request;
  await using held = new AsyncDisposableStack();
  const endings = new Endings(reporter);
  held.defer(() => endings.all());
  const [candidates, previous] = await bothOf(
    request.signal,
    (signal) => reporter.step('Find and probe the databases', () => probeAll({ ...request, signal }, held)),
    (signal) => backupBefore({ ...request, signal }),
  );
  const names = candidates.map((candidate) => candidate.name);
  assertAssertable(assertions, names, 'one of the databases to back up');
  assertStillEncrypted(request, previous);
  warnOfClock(store, reporter);
  if (request.dryRun) {
    const retention = await pruneAfter(request);
    return { manifest: null, manifestKey: null, previous, retention, verified: null, failure: null };
  }
  const manifest = await commit(request, candidates, endings);
  const key = manifestKey(name, manifest.id);
  // A restore here takes room, too.
  if (request.verifyAfter !== null) await endings.all();
  reporter.info(`Backup ${manifest.id} is complete in ${store.label}.`);
  return { manifest, manifestKey: key, previous, ...(await verifyAndPrune(request, manifest, previous)) };
}

/** What fails here does not undo the backup, and the user must hear of both. */
async function verifyAndPrune(
  request: BackupRequest,
  manifest: Manifest,
  previous: BackupResult['previous'],
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
    const shrunk = request.purpose === undefined ? shrunkDatabases(manifest, previous) : [];
    if (shrunk.length > 0)
      return { verified, retention: null, failure: tellShrunk(request, complete, shrunk) };
    doing = 'pruning after it';
    return { verified, retention: await pruneAfter(request), failure: null };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const failure = retold(error, `${complete}, but ${doing} did not finish: ${error.message}`);
    return { verified, retention: null, failure };
  }
}

/** The older backups may be all that is left of the data. */
function tellShrunk(
  { failOnShrink, reporter }: BackupRequest,
  complete: string,
  shrunk: readonly string[],
): HoldfastError | null {
  const message = `${complete}, but nothing was pruned: ${shrunk.join(' ')}`;
  const hint =
    'Look whether data was lost. If it is meant to be so, the next run is compared with this backup.';
  if (failOnShrink)
    return new HoldfastError(message, { code: 'backup.shrunk', input: 'fail-on-shrink', hint });
  reporter.warn(`${message} ${hint}`);
  return null;
}

async function probeAll(
  { engines, reporter, signal }: BackupRequest,
  held: AsyncDisposableStack,
): Promise<Candidate[]> {
  const found: Omit<Candidate, 'name'>[] = [];
  for (const engine of engines) {
    const databases = await engine.discover({ signal });
    const probes = await inFlight(databases, probesInFlight, signal, (database, either) =>
      engine.probe(database, { signal: either, held }),
    );
    for (const [index, database] of databases.entries()) {
      const probe = probes[index] as Probe;
      for (const warning of probe.warnings) reporter.warn(warning);
      for (const { message, hint } of probe.notes ?? []) reporter.info(`${message} ${hint}`);
      reporter.info(`${database.source}: about ${Math.ceil(probe.expectedBytes / 1e6)} MB`);
      found.push({ engine, database, probe });
    }
  }
  const names = uniqueNames(found.map(({ database }) => safeName(database.name)));
  return found.map((candidate, index) => ({ ...candidate, name: names[index] as string }));
}

/** The newest that the next one can be compared with: regular, with its objects, and not of a wrong clock. */
async function backupBefore({ store, name, now, signal }: BackupRequest): Promise<BackupResult['previous']> {
  const { backups } = await readCatalog(store, name, { signal });
  const at = now();
  return backups.find((found) => !found.safety && !found.missing && !isFuture(found, at)) ?? null;
}

/** Stores every database and then the manifest; takes everything back when anything fails. */
async function commit(
  request: BackupRequest,
  candidates: readonly Candidate[],
  endings: Endings,
): Promise<Manifest> {
  const { store, name, signal } = request;
  const createdAt = request.now();
  const id = newBackupId(createdAt);
  const key = manifestKey(name, id);
  const written = new Set<string>();
  const noted = async (itsKey: string, put: () => Promise<unknown>): Promise<void> => {
    written.add(itsKey);
    try {
      await put();
    } catch (error) {
      // What was there already is another run's.
      if (error instanceof HoldfastError && error.code === 'store.exists') written.delete(itsKey);
      throw error;
    }
  };
  request.journal?.backup(id);
  try {
    const databases = await storeAll(request, candidates, id, noted, endings);
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
      await noted(mark, () => store.put(mark, bytesOf('{}\n'), { signal }));
    }
    await assertComplete(store, manifest, signal);
    const text = formatManifest(manifest, request.signer);
    await noted(key, () => store.put(key, bytesOf(text), { signal }));
    return manifest;
  } catch (error) {
    await takeBack({ ...request, manifest: key, written });
    throw error;
  }
}

/** The small ones a few at a time, as what they take is mostly waiting; then the large ones one after the other. */
async function storeAll(
  request: BackupRequest,
  candidates: readonly Candidate[],
  id: string,
  noted: StoreDatabaseRequest['noted'],
  endings: Endings,
): Promise<ManifestDatabase[]> {
  const { reporter } = request;
  const isSmall = ({ probe }: Candidate): boolean => probe.expectedBytes <= smallBytes;
  const store = async ({ engine, database, probe, name: fileName }: Candidate, signal: AbortSignal) => {
    // The space and the programs that those before it took on the host.
    await endings.all();
    throwIfCancelled(signal);
    const { expectedBytes } = probe;
    const { entry, ended } = await reporter.step(`Back up ${database.source}`, () =>
      storeDatabase({ ...request, signal, engine, database, expectedBytes, id, fileName, noted }),
    );
    endings.add(ended);
    return entry;
  };
  const small = candidates.filter(isSmall);
  const large = candidates.filter((candidate) => !isSmall(candidate));
  const programs = Math.max(1, ...small.map(({ probe }) => probe.programs ?? programsOfSnapshot));
  const atOnce = Math.min(smallInFlight, Math.floor(programsAtOnce / programs));
  const stored = [
    ...(await inFlight(small, atOnce, request.signal, store)),
    ...(await inFlight(large, 1, request.signal, store)),
  ];
  const order = [...small, ...large];
  return candidates.map((candidate) => stored[order.indexOf(candidate)] as ManifestDatabase);
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
