import { ahead, type Bytes, type Digest, Watch } from './bytes.ts';
import type { Codec } from './codec.ts';
import type { PackedBytes } from './engine.ts';
import { HoldfastError, IntegrityError } from './errors.ts';
import type { ManifestDatabase } from './manifest.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

export interface ReadRequest {
  readonly store: Store;
  readonly entry: ManifestDatabase;
  /** Of the entry, in the order in which they were applied. */
  readonly codecs: readonly Codec[];
  /** False: the bytes are given as they are stored. Default: true. */
  readonly decode?: boolean;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * Hands the plain bytes of an object to `use`; they end only when sizes and SHA-256, stored and plain, are those of the
 * manifest. A read that is bad is done once more, with `use` begun anew: storage and networks have bad moments.
 * @returns what `use` made of them, and what there is to say about a read that was bad only once
 * @throws IntegrityError `object.missing` or `object.damaged` when the object itself is bad
 */
export async function readObject<T>(
  request: ReadRequest,
  use: (plain: Bytes, packed: PackedBytes | undefined) => Promise<T>,
): Promise<{ readonly result: T; readonly transient: string | null }> {
  const first = new Reading(request);
  try {
    return { result: await use(first.plain(), first.packed()), transient: null };
  } catch (error) {
    if (first.damage === null) throw error;
  }
  request.reporter.info(`${first.damage.message} It is read once more.`);
  const second = new Reading(request);
  try {
    const result = await use(second.plain(), second.packed());
    const transient =
      `The first read of ${request.entry.key} was bad (SHA-256 ${first.storedSha256}), the second good ` +
      `(${second.storedSha256}): transient, but the store or the way to it is not reliable.`;
    request.reporter.warn(transient);
    return { result, transient };
  } catch (error) {
    if (second.damage === null) throw error;
    throw first.storedSha256 === second.storedSha256 ? second.damage : unsteady(request, first, second);
  }
}

/**
 * Opens an object with its codecs and reads its beginning, which costs some megabytes at most: its keys fit, and it is there.
 * @throws IntegrityError, or the codec's own error, as {@link readObject} does
 */
export async function openObject(request: ReadRequest): Promise<void> {
  await readObject(request, async (plain) => {
    for await (const _ of plain) return;
  });
}

function unsteady({ entry }: ReadRequest, first: Reading, second: Reading): IntegrityError {
  return new IntegrityError(
    `${entry.key} is damaged, and two reads differ: SHA-256 ${first.storedSha256} and ${second.storedSha256} instead of ${entry.storedSha256}.`,
    { code: 'object.damaged', cause: second.damage },
  );
}

/** One pass over an object, or two where the first form of it was of no use. */
class Reading {
  /** Set once the bytes are known to be bad. */
  damage: IntegrityError | null = null;
  readonly #request: ReadRequest;
  #stored = new Watch();

  constructor(request: ReadRequest) {
    this.#request = request;
  }

  /** Of what was read. */
  get storedSha256(): string {
    return this.#stored.digest().sha256;
  }

  plain(): Bytes {
    const { entry, codecs, decode = true } = this.#request;
    if (!decode) return this.#read([], null);
    return this.#read(codecs, { bytes: entry.plainBytes, sha256: entry.plainSha256 });
  }

  /** What only the codec that was applied first has still to decode; `undefined` where no program does that. */
  packed(): PackedBytes | undefined {
    const [first, ...outer] = this.#request.codecs;
    if (first?.decodeProgram === undefined) return undefined;
    const { plainSha256 } = this.#request.entry;
    return { program: first.decodeProgram, plainSha256, read: () => this.#read(outer, null) };
  }

  /** @param expected what must have come out at the end, where that is known */
  async *#read(codecs: readonly Codec[], expected: Digest | null): Bytes {
    const { store, entry, reporter, signal } = this.#request;
    const label = entry.key.slice(entry.key.lastIndexOf('/') + 1);
    const totalBytes = expected?.bytes ?? entry.storedBytes;
    const progress = (bytes: number): void => reporter.progress({ label, bytes, totalBytes });
    const result = new Watch(progress);
    this.#stored = new Watch();
    const source = ahead(store.get(entry.key, { signal }))[Symbol.asyncIterator]();
    try {
      // Only the first codec's decoding can grow the bytes, up to what the manifest says.
      const decoded = codecs.reduceRight<Bytes>(
        (bytes, codec, index) =>
          codec.decode(bytes, { limitBytes: index === 0 ? expected?.bytes : undefined }),
        this.#stored.through(this.#limited(source)),
      );
      yield* ahead(expected === null ? counted(decoded, progress) : result.through(decoded));
      this.#compareStored();
      if (expected !== null && !equal(result.digest(), expected)) {
        throw damaged(entry, 'what it decodes to', result.digest(), expected);
      }
    } catch (error) {
      throw await this.#explain(error, source);
    } finally {
      await source.return?.();
    }
  }

  /** The source without its `return`: who leaves early leaves the rest to be hashed. And no more than there should be. */
  #limited(source: AsyncIterator<Uint8Array>): Bytes {
    const { entry } = this.#request;
    const stored = this.#stored;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (stored.bytes > entry.storedBytes) throw tooLong(entry);
      return source.next();
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  #compareStored(): void {
    const { entry } = this.#request;
    const stored = this.#stored.digest();
    const expected = { bytes: entry.storedBytes, sha256: entry.storedSha256 };
    if (!equal(stored, expected)) throw damaged(entry, 'what is stored', stored, expected);
  }

  /** Names the damage by the object's own hash, whatever it was that stumbled over it. */
  async #explain(error: unknown, source: AsyncIterator<Uint8Array>): Promise<unknown> {
    const { entry, store } = this.#request;
    if (error instanceof HoldfastError && error.code === 'store.not-found') {
      this.damage = new IntegrityError(`${entry.key} is missing in ${store.label}.`, {
        code: 'object.missing',
        cause: error,
      });
      return this.damage;
    }
    if (!(error instanceof IntegrityError)) return error;
    if (error.code === 'codec.damaged' || error.code === 'codec.too-large') {
      for (let read = await source.next(); !read.done; read = await source.next())
        this.#stored.add(read.value);
    }
    const stored = this.#stored.digest();
    const expected = { bytes: entry.storedBytes, sha256: entry.storedSha256 };
    const byHash = equal(stored, expected) ? error : damaged(entry, 'what is stored', stored, expected);
    this.damage = error.code === 'object.damaged' ? error : byHash;
    return this.damage;
  }
}

async function* counted(source: Bytes, onBytes: (total: number) => void): Bytes {
  let total = 0;
  for await (const chunk of source) {
    total += chunk.byteLength;
    onBytes(total);
    yield chunk;
  }
}

function equal(a: Digest, b: Digest): boolean {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

function damaged({ key }: ManifestDatabase, what: string, found: Digest, expected: Digest): IntegrityError {
  return new IntegrityError(
    `${key} is damaged: ${what} has ${found.bytes} bytes with SHA-256 ${found.sha256} instead of ${expected.bytes} with ${expected.sha256}.`,
    { code: 'object.damaged', hint: 'Take an earlier backup; `list` shows them.' },
  );
}

function tooLong({ key, storedBytes }: ManifestDatabase): IntegrityError {
  return new IntegrityError(`${key} is damaged: it has more than the ${storedBytes} bytes of the manifest.`, {
    code: 'object.damaged',
    hint: 'Take an earlier backup; `list` shows them.',
  });
}
