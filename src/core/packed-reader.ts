import type { Bytes, Digest } from './bytes.ts';
import { IntegrityError } from './errors.ts';

const headBytes = 8;
const sha256Bytes = 32;

/**
 * Takes apart what a codec's `encodeProgram` writes: frames, each after a head of two 32-bit numbers, big-endian, of the plain bytes
 * in it and of its own; and last a head of zeros and the SHA-256 of all plain bytes.
 */
export class PackedReader {
  readonly #onBytes: (total: number) => void;
  #plainBytes = 0;
  #digest: Digest | null = null;
  /** A head, or the SHA-256, of which not all has come. */
  #held = Buffer.alloc(0);
  /** Of the frame that is being read. */
  #bytesLeft = 0;
  #atEnd = false;

  /** @param onBytes told the number of plain bytes so far */
  constructor(onBytes: (total: number) => void) {
    this.#onBytes = onBytes;
  }

  /** The frames alone. @throws IntegrityError when they are not followed by their end */
  async *through(source: Bytes): Bytes {
    for await (const chunk of source) {
      for (let rest = chunk; rest.byteLength > 0; ) {
        if (this.#bytesLeft === 0) {
          rest = this.#hold(rest);
          continue;
        }
        const frame = rest.subarray(0, this.#bytesLeft);
        rest = rest.subarray(frame.byteLength);
        this.#bytesLeft -= frame.byteLength;
        yield frame;
      }
    }
    this.digest();
  }

  /** Size and SHA-256 of all plain bytes. @throws IntegrityError before the end came */
  digest(): Digest {
    if (this.#digest === null) throw notWhole('it was cut short');
    return this.#digest;
  }

  /** Keeps what belongs to a head or the SHA-256, and gives what follows. */
  #hold(bytes: Uint8Array): Uint8Array {
    if (this.#digest !== null) throw notWhole('something follows its end');
    const wanted = this.#atEnd ? sha256Bytes : headBytes;
    const taken = bytes.subarray(0, wanted - this.#held.byteLength);
    this.#held = Buffer.concat([this.#held, taken]);
    if (this.#held.byteLength === wanted) {
      this.#read(this.#held);
      this.#held = Buffer.alloc(0);
    }
    return bytes.subarray(taken.byteLength);
  }

  #read(held: Buffer): void {
    if (this.#atEnd) {
      this.#digest = { bytes: this.#plainBytes, sha256: held.toString('hex') };
      return;
    }
    this.#plainBytes += held.readUInt32BE(0);
    this.#bytesLeft = held.readUInt32BE(4);
    this.#atEnd = this.#bytesLeft === 0;
    this.#onBytes(this.#plainBytes);
  }
}

function notWhole(why: string): IntegrityError {
  return new IntegrityError(
    `What the packing program of this machine wrote is not whole (${why}); nothing was stored.`,
    {
      code: 'snapshot.mismatch',
      hint: 'Run the backup again; if it repeats, check the memory and the free space of this machine.',
    },
  );
}
