import { alongside, type Bytes, type Digest, Watch } from './bytes.ts';
import type { Codec } from './codec.ts';
import { digestDecoded, programBytes } from './digest-decoded.ts';
import type { Database, Engine, Packer, Snapshot, SnapshotProof } from './engine.ts';
import { HoldfastError, IntegrityError } from './errors.ts';
import type { Host } from './host.ts';
import { backupFolder } from './keys.ts';
import type { ManifestDatabase } from './manifest.ts';
import { PackedReader } from './packed-reader.ts';
import { hasProgram } from './program.ts';
import { recoveryCommands } from './recovery.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

/** Where the compression runs: on the database's host, here, or on the host when it is remote and has the tool. */
export type CompressOn = 'auto' | 'host' | 'runner';

export interface StoreDatabaseRequest {
  readonly name: string;
  readonly id: string;
  readonly fileName: string;
  readonly engine: Engine;
  readonly database: Database;
  /** About how many plain bytes it has. */
  readonly expectedBytes: number;
  readonly codecs: readonly Codec[];
  readonly compressOn: CompressOn;
  readonly store: Store;
  /** This machine. */
  readonly runner: Host;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Does the put of that key, and knows from then on what there may be to take back. */
  readonly noted: (key: string, put: () => Promise<unknown>) => Promise<void>;
}

export interface StoredDatabase {
  readonly entry: ManifestDatabase;
  /** What the snapshot took on its host is given back. */
  readonly ended: PromiseLike<void>;
}

/**
 * Snapshot, encode, put. The object's last byte is sent only after the snapshot is proven good and what arrived is what
 * the host says it sent, so that a bad snapshot never becomes visible in the store.
 */
export async function storeDatabase(request: StoreDatabaseRequest): Promise<StoredDatabase> {
  const { engine, database, codecs, store, reporter, signal } = request;
  const startedAt = performance.now();
  let packing: Packing | undefined;
  const snapshot = await engine.snapshot(database, {
    signal,
    async pack(host) {
      packing = await packingOn(host, request);
      return packing?.program;
    },
  });
  await using stack = new AsyncDisposableStack();
  const held = stack.use(endedOnce(snapshot));
  const snapshotMs = performance.now() - startedAt;
  reporter.info(`Snapshot taken by ${snapshot.method} in ${(snapshotMs / 1000).toFixed(1)} s.`);

  const file = `${request.fileName}.${snapshot.extension}`;
  const key = `${backupFolder(request.name, request.id)}${[file, ...codecs.map((codec) => codec.extension)].join('.')}`;
  const stored = new Watch();
  const { encoded, plain } = encode(request, snapshot, packing, (bytes) =>
    reporter.progress({ label: file, bytes, totalBytes: snapshot.expectedBytes }),
  );
  const proven = endWhenProven(encoded, () => proveArrived(snapshot, database, plain), held);

  const { expectedBytes } = snapshot;
  await request.noted(key, () => store.put(key, stored.through(proven), { signal, expectedBytes }));

  const { fingerprint } = await snapshot.proof;
  const [arrived, kept] = [await plain(), stored.digest()];
  const [from, to] = [arrived, kept].map(({ bytes }) => (bytes / 1e6).toFixed(1));
  reporter.info(`Stored as ${key}: ${from} MB in ${to} MB.`);
  const entry = {
    name: request.fileName,
    engine: engine.id,
    engineVersion: snapshot.engineVersion,
    toolVersion: snapshot.toolVersion,
    source: database.source,
    key,
    codecs: codecs.map((codec) => codec.id),
    plainBytes: arrived.bytes,
    plainSha256: arrived.sha256,
    storedBytes: kept.bytes,
    storedSha256: kept.sha256,
    fingerprint,
    snapshot: {
      method: snapshot.method,
      takenAt: snapshot.takenAt.toISOString(),
      durationMs: Math.round(snapshotMs),
    },
  };
  const recovery = recoveryCommands(entry, { file, codecs, engine, store });
  stack.move();
  return { entry: { ...entry, recovery }, ended: held[Symbol.asyncDispose]() };
}

interface Encoded {
  /** The bytes to store. */
  readonly encoded: Bytes;
  /** What they were made of; asked for when they have ended. */
  readonly plain: () => Promise<Digest>;
}

/** Compression before the bytes get here. */
interface Packing {
  readonly program: Packer;
  /** It is the codec's own, which tells what it read; a host's is not believed. */
  readonly own: boolean;
}

/** What the host encodes is decoded here on the way, so that the plain bytes are known. */
function encode(
  request: StoreDatabaseRequest,
  snapshot: Snapshot,
  packing: Packing | undefined,
  onBytes: (bytes: number) => void,
): Encoded {
  const [first, ...rest] = request.codecs;
  if (packing?.own) {
    const reader = new PackedReader(onBytes);
    const encoded = encodeWith(rest, reader.through(snapshot.read()));
    return { encoded, plain: async () => reader.digest() };
  }
  if (first === undefined || packing === undefined) {
    const watch = new Watch(onBytes);
    const encoded = encodeWith(request.codecs, watch.through(snapshot.read()));
    return { encoded, plain: async () => watch.digest() };
  }
  request.reporter.info(`Compressed by ${first.id} on ${snapshot.host.label}.`);
  const digest = Promise.withResolvers<Digest>();
  digest.promise.catch(() => {});
  const { expectedBytes } = snapshot;
  const fromHost = alongside(snapshot.read(), async (copy) => {
    digest.resolve(await digestDecoded(first, copy, { ...request, expectedBytes, onBytes }));
  });
  return { encoded: encodeWith(rest, fromHost), plain: () => digest.promise };
}

function encodeWith(codecs: readonly Codec[], plain: Bytes): Bytes {
  return codecs.reduce((bytes, codec) => codec.encode(bytes), plain);
}

async function packingOn(
  host: Host,
  { codecs: [codec], compressOn, runner, expectedBytes, signal }: StoreDatabaseRequest,
): Promise<Packing | undefined> {
  const here = host.label === runner.label;
  if (codec?.encodeProgram !== undefined && here && compressOn !== 'host' && expectedBytes >= programBytes)
    return { program: codec.encodeProgram, own: true };
  if (codec?.command === undefined || compressOn === 'runner') return undefined;
  if (compressOn === 'auto' && !host.remote) return undefined;
  if (await hasProgram(host, codec.id, signal)) return { program: codec.command, own: false };
  if (compressOn === 'auto') return undefined;
  throw new HoldfastError(`${host.label} has no ${codec.id} program to compress with.`, {
    code: 'codec.no-tool',
    input: 'compress-on',
    hint: `Install ${codec.id} there, or set \`compress-on: auto\`.`,
  });
}

/** Ends it with the first disposing; each waits for that. */
function endedOnce(snapshot: Snapshot): AsyncDisposable {
  let ended: PromiseLike<void> | undefined;
  return {
    async [Symbol.asyncDispose]() {
      ended ??= snapshot[Symbol.asyncDispose]();
      await ended;
    },
  };
}

async function* endWhenProven(
  encoded: Bytes,
  prove: () => Promise<void>,
  snapshot: AsyncDisposable,
): AsyncGenerator<Uint8Array> {
  yield* encoded;
  await prove();
  // It goes while the last bytes are still being stored. What is wrong with that is told to whoever waits for its end.
  snapshot[Symbol.asyncDispose]().then(undefined, () => {});
}

async function proveArrived(
  snapshot: Snapshot,
  database: Database,
  plain: () => Promise<Digest>,
): Promise<void> {
  assertArrived(await snapshot.proof, await plain(), database, snapshot);
}

function assertArrived(
  proof: SnapshotProof,
  arrived: Digest,
  { source }: Database,
  { host }: Snapshot,
): void {
  const said = proof.digest;
  if (said === undefined || (said.bytes === arrived.bytes && said.sha256 === arrived.sha256)) return;
  throw new IntegrityError(
    `What arrived of ${source} is not what ${host.label} sent: ${arrived.bytes} bytes with SHA-256 ${arrived.sha256} ` +
      `instead of ${said.bytes} with ${said.sha256}; nothing was stored.`,
    {
      code: 'snapshot.mismatch',
      hint: 'Run the backup again; if it repeats, set `compress-on: runner` and check the memory of both machines.',
    },
  );
}
