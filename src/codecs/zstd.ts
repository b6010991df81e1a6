import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, createZstdDecompress, zstdCompress } from 'node:zlib';
import type { Bytes } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { Cutter } from '../core/cutter.ts';
import { guardDecoded } from './damage.ts';
import { throughStream } from './through-stream.ts';
import { FrameScanner } from './zstd-frames.ts';

/** Plain bytes of one frame, about. Larger ones gain next to nothing in size; memory grows with each frame in flight. */
const frameBytes = 4 * 1024 * 1024;
/** Room for the compressed bytes of one step; more are taken where a frame needs them. */
const outputBytes = 1024 * 1024;
const framesInFlight = Math.min(3, availableParallelism());

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
  const cutter = new Cutter(frameBytes);
  const inFlight: Promise<Buffer>[] = [];
  for await (const frame of cutter.cut(plain)) {
    // The default of 16 KiB would mean hundreds of turns between the threads for each frame.
    const compressed = compress(frame, { params, chunkSize: outputBytes }).finally(() =>
      cutter.giveBack(frame),
    );
    // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
    compressed.catch(() => {});
    inFlight.push(compressed);
    if (inFlight.length >= framesInFlight) yield (await inFlight.shift()) as Buffer;
  }
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
