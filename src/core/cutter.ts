import type { Bytes } from './bytes.ts';

/** What the first part begins with, and how many times as much it gets when that is full. */
const [firstBytes, growth] = [256 * 1024, 4];

/**
 * Cuts a stream into buffers of equal size, and uses a buffer again once it is given back: memory that the garbage
 * collector frees only some time later would add up to hundreds of megabytes.
 */
export class Cutter {
  readonly #partBytes: number;
  readonly #free: Buffer[] = [];

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  /** Only the last part may be smaller, and it may be the only one and empty. */
  async *cut(source: Bytes): AsyncGenerator<Buffer, void> {
    // Grows to its size, so that a few bytes take little memory; later parts have it from the start.
    let part: Buffer = Buffer.allocUnsafe(Math.min(this.#partBytes, firstBytes));
    let filled = 0;
    for await (const chunk of source) {
      for (let at = 0; at < chunk.byteLength; ) {
        if (filled === part.byteLength && filled < this.#partBytes) {
          const larger = Buffer.allocUnsafe(Math.min(this.#partBytes, filled * growth));
          larger.set(part);
          part = larger;
        } else if (filled === part.byteLength) {
          yield part;
          part = this.#free.pop() ?? Buffer.allocUnsafe(this.#partBytes);
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
  giveBack(part: Buffer): void {
    if (part.byteLength === this.#partBytes) this.#free.push(part);
  }
}
