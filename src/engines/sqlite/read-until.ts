import type { Bytes } from '../../core/bytes.ts';

/** The values of two bytes that end something. */
export const [newline, nul] = [10, 0] as const;

/** More text than this is none of ours. */
const limitBytes = 16 * 1024 * 1024;

/** The text before the first byte of that value, `null` when there is none, and what follows it. */
export async function readUntil(end: number, source: Bytes): Promise<{ head: string | null; rest: Bytes }> {
  const chunks = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return { head: null, rest: source };
    size += value.byteLength;
    const at = value.indexOf(end);
    if (at < 0 && size > limitBytes) {
      await chunks.return?.();
      throw new RangeError(`more than ${limitBytes} bytes before the end of a text`);
    }
    held.push(at < 0 ? value : value.subarray(0, at));
    if (at >= 0) {
      return { head: Buffer.concat(held).toString('utf8'), rest: joined(value.subarray(at + 1), chunks) };
    }
  }
}

async function* joined(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): Bytes {
  try {
    if (first.byteLength > 0) yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  } finally {
    await chunks.return?.();
  }
}
