import type { Bytes } from './bytes.ts';

export interface DecodeOptions {
  /** Throw once more than that has come out: a hostile object must not fill the disk. */
  readonly limitBytes?: number | undefined;
  /** Each chunk is read before the next is asked for, and never after: its memory may be used again. */
  readonly passing?: boolean;
}

/**
 * A reversible step on bytes: zstd, gzip, age.
 *
 * - `decode(encode(x)) = x` for every x, the empty one included, however x is cut into chunks.
 * - `decode` throws on bytes that are cut short, changed or followed by others; it never ends early.
 * - An id, once written into a manifest, stays decodable for ever.
 */
export interface Codec {
  /** As written into manifests: `zstd`. */
  readonly id: string;
  /** Added to the object's name, without a dot: `zst`. */
  readonly extension: string;
  encode(plain: Bytes): Bytes;
  /** True where `decode` can't be done for want of a key. */
  readonly locked?: boolean;
  decode(encoded: Bytes, options?: DecodeOptions): Bytes;
  /** The program that does the work of `encode` from stdin to stdout, where a host has it. */
  readonly command?: readonly [string, ...string[]];
  /**
   * A program of this machine that does the work of `encode` and tells what it read, for `PackedReader`: where this machine has the
   * plain bytes of a large database, they need not come into this process.
   */
  readonly encodeProgram?: readonly [string, ...string[]];
  /** The program that does the work of `decode`, where a host has it. */
  readonly decodeProgram?: readonly [string, ...string[]];
  /** The plain tool that decodes from stdin to stdout, as a user would type it: `zstd -dc`. */
  readonly decodeCommand: string;
}
