import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bytes } from '../core/bytes.ts';

/** The bytes after a stream of Node's: a failure of either is a throw, and a reader that leaves early ends both. */
export async function* throughStream(source: Bytes, transform: Transform): Bytes {
  const fed = pipeline(source, transform);
  // It is awaited below; when the reading fails first, that failure is the same one.
  fed.catch(() => {});
  try {
    yield* transform;
    await fed;
  } finally {
    transform.destroy();
  }
}
