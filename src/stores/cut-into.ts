import type { Bytes } from '../core/bytes.ts';

/** Cuts a stream into buffers of exactly that size; only the last may be smaller, and may be the only one and empty. */
export async function* cutInto(source: Bytes, partBytes: number): AsyncGenerator<Buffer, void> {
  let part = Buffer.allocUnsafe(0);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      if (filled === part.byteLength) {
        if (filled > 0) yield part;
        part = Buffer.allocUnsafe(partBytes);
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
