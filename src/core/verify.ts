import { type Assertion, assertAssertable, assertionsFor } from './assertion.ts';
import { bytesOf, drain } from './bytes.ts';
import type { Codec } from './codec.ts';
import type { Engine } from './engine.ts';
import { ConfigError, HoldfastError, IntegrityError, throwIfCancelled } from './errors.ts';
import { backupFolder, parseProofFile, plainFileOf, proofKey, type VerifyLevel } from './keys.ts';
import type { Manifest, ManifestDatabase } from './manifest.ts';
import { isDamage, proveLoaded } from './prove-loaded.ts';
import { type ReadRequest, readObject } from './read-object.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

/** `unknown`: it could not be tried, which says nothing about the backup. */
export type Verdict = 'ok' | 'damaged' | 'unknown';

export interface VerifyRequest {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly level: VerifyLevel;
  readonly assertions: readonly Assertion[];
  /** An engine whose `load` makes scratch databases here; `null` for one that this version does not know. */
  readonly engineById: (id: string) => Engine | null;
  readonly codecById: (id: string) => Codec;
  readonly toolVersion: string;
  readonly now: () => Date;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

interface DatabaseVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was seen, or what is wrong, in one sentence. */
  readonly detail: string;
  /** Set where it is `damaged` by no more than an assertion that does not hold. */
  readonly intact?: true;
}

export interface VerifyResult {
  readonly id: string;
  readonly level: VerifyLevel;
  readonly verdict: Verdict;
  readonly databases: readonly DatabaseVerdict[];
  /** The failure that the verdict means; `null` when all is well. */
  readonly failure: HoldfastError | null;
}

/**
 * Proves that a backup is what was stored, by level: `stat` that its objects are there, `hash` that all their bytes are
 * right, `restore` that they load and hold what was backed up. When it is, a proof object beside the manifest says so.
 */
export async function verify(request: VerifyRequest): Promise<VerifyResult> {
  const { manifest, level, reporter, signal } = request;
  assertAsked(request);
  const databases: DatabaseVerdict[] = [];
  let failure: HoldfastError | null = null;
  for (const entry of manifest.databases) {
    throwIfCancelled(signal);
    const { verdict, error } = await reporter.step(`Verify ${entry.name} (${level})`, () =>
      judge(request, entry),
    );
    databases.push(verdict);
    const found = verdict.intact ? 'not as asserted' : verdict.verdict;
    reporter.info(`${entry.name}: ${found}. ${verdict.detail}`);
    if (worse(error, failure)) failure = error;
  }
  const verdict = worst(databases);
  if (verdict === 'ok') await writeProof(request, databases);
  if (failure !== null && isDamage(failure)) await dropProofs(request);
  return {
    id: manifest.id,
    level,
    verdict,
    databases,
    failure: failure && told(request, databases, failure),
  };
}

/** Damage is told before an assertion that is false, and that before what could not be tried. */
function worse(error: HoldfastError | null, than: HoldfastError | null): boolean {
  return severity(error) > severity(than);
}

function severity(error: HoldfastError | null): number {
  if (error === null) return 0;
  if (!(error instanceof IntegrityError)) return 1;
  return isDamage(error) ? 3 : 2;
}

function worst(databases: readonly DatabaseVerdict[]): Verdict {
  const found = databases.map(({ verdict }) => verdict);
  if (found.includes('damaged')) return 'damaged';
  return found.includes('unknown') ? 'unknown' : 'ok';
}

function assertAsked({ assertions, manifest, level }: VerifyRequest): void {
  const names = manifest.databases.map(({ name }) => name);
  assertAssertable(assertions, names, `in the backup ${manifest.id}`);
  if (assertions.length === 0 || level === 'restore') return;
  throw new ConfigError([
    {
      input: 'assert',
      message: `\`assert\` needs a restored database, which the level ${level} does not make.`,
      hint: 'Verify at the level restore, or leave `assert` out.',
    },
  ]);
}

interface Judgement {
  readonly verdict: DatabaseVerdict;
  readonly error: HoldfastError | null;
}

async function judge(request: VerifyRequest, entry: ManifestDatabase): Promise<Judgement> {
  const { name } = entry;
  try {
    return { verdict: { name, verdict: 'ok', detail: await look(request, entry) }, error: null };
  } catch (cause) {
    throwIfCancelled(request.signal);
    const error = asFailure(cause, name);
    const detail = error.message;
    if (!(error instanceof IntegrityError)) return { verdict: { name, verdict: 'unknown', detail }, error };
    const intact = isDamage(error) ? {} : { intact: true as const };
    return { verdict: { name, verdict: 'damaged', detail, ...intact }, error };
  }
}

function asFailure(cause: unknown, name: string): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError(`${name} could not be tried: ${message}.`, { code: 'verify.failed', cause });
}

function look(request: VerifyRequest, entry: ManifestDatabase): Promise<string> {
  switch (request.level) {
    case 'stat':
      return lookAtSize(request, entry);
    case 'hash':
      return lookAtBytes(request, entry);
    case 'restore':
      return lookAtContent(request, entry);
  }
}

async function lookAtSize(
  { store, signal }: VerifyRequest,
  { key, storedBytes }: ManifestDatabase,
): Promise<string> {
  const found = await store.stat(key, { signal });
  if (found?.bytes === storedBytes) return `its object is there with ${storedBytes} bytes`;
  const what =
    found === null ? `is missing in ${store.label}` : `has ${found.bytes} bytes instead of ${storedBytes}`;
  throw new IntegrityError(`${key} ${what}.`, {
    code: found === null ? 'object.missing' : 'object.damaged',
    hint: 'Take an earlier backup; `list` shows them.',
  });
}

async function lookAtBytes(request: VerifyRequest, entry: ManifestDatabase): Promise<string> {
  const whole = reading(request, entry);
  const locked = whole.codecs.some((codec) => codec.locked === true);
  const { transient } = await readObject({ ...whole, decode: !locked }, drain);
  const seen = locked
    ? `${entry.storedBytes} stored bytes have their SHA-256; they were not decrypted, as there is no key here`
    : `${entry.storedBytes} stored and ${entry.plainBytes} plain bytes have their SHA-256`;
  return transient === null ? seen : `${seen}; ${transient}`;
}

async function lookAtContent(request: VerifyRequest, entry: ManifestDatabase): Promise<string> {
  const engine = request.engineById(entry.engine);
  if (engine === null) {
    throw new HoldfastError(
      `${entry.name} is of the engine ${entry.engine}, which this version does not know.`,
      {
        code: 'engine.unknown',
        hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
      },
    );
  }
  const { signal, assertions } = request;
  const { extension } = plainFileOf(entry.key);
  const { engineVersion, plainBytes } = entry;
  const { result: loaded, transient } = await readObject(reading(request, entry), (plain, packed) =>
    engine.load({ plain, packed, plainBytes, extension, engineVersion, signal }),
  );
  await using _ = loaded;
  const seen = await proveLoaded(loaded, entry, assertionsFor(entry.name, assertions));
  return transient === null ? seen : `${seen}; ${transient}`;
}

function reading(
  { store, codecById, reporter, signal }: VerifyRequest,
  entry: ManifestDatabase,
): ReadRequest {
  return { store, entry, codecs: entry.codecs.map(codecById), reporter, signal };
}

/** A reader's key may not write: then the backup is as good, but `list` won't show it. */
async function writeProof(request: VerifyRequest, databases: readonly DatabaseVerdict[]): Promise<void> {
  const { store, manifest, level, toolVersion, now, reporter, signal } = request;
  const at = now();
  const proof = {
    id: manifest.id,
    level,
    at: at.toISOString(),
    tool: { name: 'holdfast', version: toolVersion },
    databases,
  };
  const key = proofKey(manifest.name, manifest.id, level, at);
  try {
    await store.put(key, bytesOf(`${JSON.stringify(proof, null, 2)}\n`), { signal });
  } catch (error) {
    throwIfCancelled(signal);
    // Somebody proved the same in the same second.
    if (error instanceof HoldfastError && error.code === 'store.exists') return;
    const why = error instanceof Error ? error.message : String(error);
    reporter.warn(
      `The verify passed, but its proof could not be stored, so \`list\` will not show it: ${why}`,
    );
  }
}

/** What was once proven is no longer true. Without the right to delete, the proofs stay, and that is told. */
async function dropProofs({ store, manifest, reporter, signal }: VerifyRequest): Promise<void> {
  const proofs: string[] = [];
  try {
    const folder = backupFolder(manifest.name, manifest.id);
    for await (const { key } of store.list(folder, { signal })) {
      if (parseProofFile(key.slice(folder.length)) !== null) proofs.push(key);
    }
    const { kept } = proofs.length === 0 ? { kept: [] } : await store.remove(proofs, { signal });
    if (kept.length === 0) return;
  } catch (error) {
    throwIfCancelled(signal);
    if (!(error instanceof HoldfastError)) throw error;
  }
  reporter.warn(
    `Backup ${manifest.id} is damaged, but its earlier proofs could not be removed: \`list\` still shows them.`,
  );
}

function told(
  { manifest, level }: VerifyRequest,
  databases: readonly DatabaseVerdict[],
  failure: HoldfastError,
): HoldfastError {
  const bad = databases.filter(({ verdict }) => verdict === worst(databases));
  const details = bad.map(({ name, detail }) => `${name}: ${detail}`).join(' ');
  const { hint, input, cause } = failure;
  if (failure instanceof IntegrityError) {
    const what = isDamage(failure) ? 'is damaged' : 'does not hold what `assert` demands';
    return new IntegrityError(`Backup ${manifest.id} ${what} (${level}). ${details}`, {
      code: failure.code,
      ...{ hint, input, cause },
    });
  }
  return new HoldfastError(
    `Backup ${manifest.id} could not be verified (${level}), which says nothing about it. ${details}`,
    { code: 'verify.unknown', ...{ hint, input, cause } },
  );
}
