import type { Bytes } from '../core/bytes.ts';

/** As much of what comes before the mark is kept for a message, and so much may come at most. */
const limitBytes = 64 * 1024;

export interface Marked {
  /** What comes after the line with the mark; empty when it never came. */
  readonly bytes: Bytes;
  /** Whether the mark came; known once `bytes` was read. */
  readonly seen: Promise<boolean>;
  /** What came before it: the noise of login scripts. */
  before(): string;
}

/** Splits a stream at the first line that is the mark. */
export function afterMark(source: Bytes, mark: string): Marked {
  const line = Buffer.from(`${mark}\n`);
  const { promise: seen, resolve } = Promise.withResolvers<boolean>();
  let held = Buffer.alloc(0);

  /** What follows the mark in the bytes so far; `null` when it has not come yet. */
  const skip = (chunk: Uint8Array): Buffer | null => {
    held = Buffer.concat([held, chunk]);
    const at = held.indexOf(line);
    if (at < 0) return null;
    const rest = held.subarray(at + line.byteLength);
    held = held.subarray(0, at);
    resolve(true);
    return rest;
  };

  async function* bytes(): Bytes {
    const chunks = source[Symbol.asyncIterator]();
    try {
      let rest: Buffer | null = null;
      while (rest === null) {
        const { done, value } = await chunks.next();
        if (done || held.byteLength > limitBytes) return;
        rest = skip(value);
      }
      if (rest.byteLength > 0) yield rest;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      resolve(false);
      await chunks.return?.();
    }
  }
  return { bytes: bytes(), seen, before: () => held.toString('utf8') };
}
