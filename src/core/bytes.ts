import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { isMarkedAsUntransferable } from 'node:worker_threads';

/** A stream of bytes: ending means complete, every failure is a throw. It can be read once. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Size in bytes and lower-case hexadecimal SHA-256. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Takes note of the bytes that pass: {@link Watch.digest} tells what has passed so far. */
export class Watch {
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  readonly #onBytes: (total: number) => void;

  constructor(onBytes: (total: number) => void = () => {}) {
    this.#onBytes = onBytes;
  }

  /** The same bytes, noted while they pass. */
  async *through(source: Bytes): Bytes {
    for await (const chunk of source) {
      this.add(chunk);
      yield chunk;
    }
  }

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.byteLength;
    this.#onBytes(this.#bytes);
  }

  /** How many have passed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Size and SHA-256 of all bytes so far. May be asked more than once. */
  digest(): Digest {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }
}

/** The whole stream as one buffer; throws when it is larger than `limitBytes`. */
export async function collect(source: Bytes, limitBytes = 64 * 1024 * 1024): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of source) {
    total += chunk.byteLength;
    if (total > limitBytes) throw new RangeError(`more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}

/** A stream of one chunk. */
export async function* bytesOf(content: string | Uint8Array): Bytes {
  yield typeof content === 'string' ? Buffer.from(content) : content;
}

/**
 * Passes the bytes on while `reader` reads the same ones at the same pace. Ends only when both are done; fails when
 * either fails.
 */
export async function* alongside(source: Bytes, reader: (copy: Bytes) => Promise<void>): Bytes {
  const copy = new PassThrough({ highWaterMark: 1024 * 1024 });
  const read = reader(copy);
  // Awaited below; a failure before that must not count as unhandled.
  read.catch(() => {});
  try {
    for await (const chunk of source) {
      if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), read]);
      yield chunk;
    }
    copy.end();
    await read;
  } finally {
    copy.destroy();
  }
}

/** The same, the next already on its way while the last is being used. */
export async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T, void> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    for (let next = chunks.next(); ; ) {
      const { done, value } = await next;
      if (done) return;
      next = chunks.next();
      // Awaited in its turn, unless the reader leaves before.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

/** The same bytes. When the next of them take longer than `ms`, `giveUp` is called, which must make the source fail. */
export async function* unlessSilent(source: Bytes, ms: number, giveUp: () => void): Bytes {
  const chunks = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only the wait is timed, not what the reader does with the bytes.
      const timer = setTimeout(giveUp, ms);
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

/**
 * Gives memory back now that would else wait for a collection, which counts that of buffers at next to nothing. Only for bytes whose memory
 * nobody else has a view of and no call under way uses: it is gone for all of them. What Node shares out (its pool for small buffers) stays.
 */
export function release({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (!isMarkedAsUntransferable(buffer)) buffer.transfer(0);
}

/** Reads to the end and lets the bytes go. */
export async function drain(source: Bytes): Promise<void> {
  for await (const _ of source);
}
