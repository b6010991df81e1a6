import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, createZstdDecompress, zstdCompress } from 'node:zlib';
import { type Bytes, gather } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { guardDecoded } from './damage.ts';
import { throughStream } from './through-stream.ts';
import { FrameScanner } from './zstd-frames.ts';

/** Plain bytes of one frame, about. Larger ones gain next to nothing in size; memory grows with each frame in flight. */
const frameBytes = 4 * 1024 * 1024;
const framesInFlight = Math.min(4, availableParallelism());

const compress = promisify<Buffer | Uint8Array, object, Buffer>(zstdCompress);

/**
 * zstd in independent frames, compressed side by side on libuv's threads, each with a checksum. Node's own threads
 * for one frame (`nbWorkers`) lose data on large inputs (nodejs/node#59899).
 * @param level 1 to 19
 */
export function zstdCodec(level: number): Codec {
  return {
    id: 'zstd',
    extension: 'zst',
    decodeCommand: 'zstd -dc',
    command: ['zstd', '-q', `-${level}`, '--check', '-c'],
    encode: (plain) => encode(plain, level),
    decode: (encoded, limitBytes) => guardDecoded('zstd', decode(encoded), limitBytes),
  };
}

async function* encode(plain: Bytes, level: number): Bytes {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  const inFlight: Promise<Buffer>[] = [];
  const start = (frame: Uint8Array): void => {
    const compressed = compress(frame, { params });
    // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
    compressed.catch(() => {});
    inFlight.push(compressed);
  };
  let frames = 0;
  for await (const frame of gather(plain, frameBytes)) {
    frames += 1;
    start(frame);
    if (inFlight.length >= framesInFlight) yield (await inFlight.shift()) as Buffer;
  }
  if (frames === 0) start(new Uint8Array());
  for (const compressed of inFlight) yield await compressed;
}

async function* decode(encoded: Bytes): Bytes {
  const scanner = new FrameScanner();
  const parts = partsOf(encoded, scanner);
  for (;;) {
    const first = await parts.next();
    if (first.done) return;
    yield* throughStream(oneFrame(first.value, parts), createZstdDecompress());
  }
}

async function* partsOf(encoded: Bytes, scanner: FrameScanner) {
  for await (const chunk of encoded) yield* scanner.split(chunk);
  scanner.finish();
}

async function* oneFrame(
  first: Awaited<ReturnType<typeof nextPart>>,
  parts: ReturnType<typeof partsOf>,
): Bytes {
  for (let part = first; part !== null; part = part.ends ? null : await nextPart(parts)) yield part.bytes;
}

async function nextPart(parts: ReturnType<typeof partsOf>) {
  const { done, value } = await parts.next();
  return done ? null : value;
}
