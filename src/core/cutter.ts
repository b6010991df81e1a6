import type { Bytes } from './bytes.ts';

/** What the first part begins with, and how many times as much it gets when that is full. */
const [firstBytes, growth] = [256 * 1024, 4];

/** How many parts that did not get full are kept for others, and of how many bytes each at most. */
const [mostSpare, spareBytes] = [4, firstBytes * growth];

/** The memory of parts that did not get full, for the first ones of other streams: of hundreds it would add up. */
export class SpareParts {
  readonly #parts: Buffer<ArrayBuffer>[] = [];

  /** Of so many bytes at most. */
  take(bytes: number): Buffer<ArrayBuffer> {
    const spare = this.#parts.pop() ?? Buffer.allocUnsafeSlow(Math.min(bytes, firstBytes));
    return spare.subarray(0, bytes);
  }

  /** The beginning of what {@link take} gave, or of what it grew to. */
  giveBack({ buffer }: Buffer<ArrayBuffer>): void {
    if (buffer.byteLength <= spareBytes && this.#parts.length < mostSpare)
      this.#parts.push(Buffer.from(buffer));
  }
}

/**
 * Cuts a stream into buffers of equal size, and uses a buffer again once it is given back: memory that the garbage
 * collector frees only some time later would add up to hundreds of megabytes.
 */
export class Cutter {
  readonly #partBytes: number;
  readonly #spare: SpareParts;
  readonly #free: Buffer<ArrayBuffer>[] = [];

  constructor(partBytes: number, spare = new SpareParts()) {
    this.#partBytes = partBytes;
    this.#spare = spare;
  }

  /** Only the last part may be smaller, and it may be the only one and empty. */
  async *cut(source: Bytes): AsyncGenerator<Buffer<ArrayBuffer>, void> {
    // Grows to its size, so that a few bytes take little memory; later parts have it from the start.
    let part = this.#spare.take(this.#partBytes);
    let filled = 0;
    for await (const chunk of source) {
      for (let at = 0; at < chunk.byteLength; ) {
        if (filled === part.byteLength && filled < this.#partBytes) {
          const larger = Buffer.allocUnsafeSlow(Math.min(this.#partBytes, filled * growth));
          larger.set(part);
          part = larger;
        } else if (filled === part.byteLength) {
          yield part;
          part = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#partBytes);
          filled = 0;
        }
        const taken = chunk.subarray(at, at + part.byteLength - filled);
        part.set(taken, filled);
        filled += taken.byteLength;
        at += taken.byteLength;
      }
    }
    yield part.subarray(0, filled);
  }

  /** The part is needed no more. */
  giveBack(part: Buffer<ArrayBuffer>): void {
    if (part.byteLength === this.#partBytes) this.#free.push(part);
    else this.#spare.giveBack(part);
  }
}
