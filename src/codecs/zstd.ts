import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, createZstdDecompress, zstdCompress, zstdDecompress } from 'node:zlib';
import { type Bytes, bytesOf, release } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { Cutter } from '../core/cutter.ts';
import { guardDecoded } from './damage.ts';
import { throughStream } from './through-stream.ts';
import { FrameScanner } from './zstd-frames.ts';
import { packProgram } from './zstd-pack.ts';

/** Plain bytes of one frame, about. Larger ones gain next to nothing in size; memory grows with each frame in flight. */
const frameBytes = 4 * 1024 * 1024;
/** Room for the compressed bytes of one step; more are taken where a frame needs them. */
const outputBytes = 1024 * 1024;
const framesInFlight = Math.min(3, availableParallelism());
/** One more than two processors compress: while they do, the next frame is read. */
const framesOfProgram = 3;

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
    decodeProgram: ['zstd', '-q', '-d', '-c'],
    command: ['zstd', '-q', `-${level}`, '--check', '-c'],
    encodeProgram: packProgram({ level, frameBytes, framesInFlight: framesOfProgram }),
    encode: (plain) => encode(plain, level),
    decode: (encoded, options) => guardDecoded('zstd', decode(encoded, options?.passing), options),
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

/** A frame of up to so many bytes is decoded as one, beside others; a larger one as a stream. */
const wholeFrameBytes = 8 * 1024 * 1024;
/** What such a frame may grow to before it is decoded as a stream after all. */
const wholePlainBytes = 32 * 1024 * 1024;
const plainStepBytes = frameBytes + 64 * 1024;
/** A small frame does not take the memory of a large one. */
const [leastStepBytes, usualRatio] = [256 * 1024, 4];

const decompress = promisify<Uint8Array, object, Buffer<ArrayBuffer>>(zstdDecompress);

async function* decode(encoded: Bytes, passing = false): Bytes {
  const parts = partsOf(encoded, new FrameScanner());
  const inFlight: Promise<Bytes>[] = [];
  for (;;) {
    const frame = await beginFrame(parts);
    if (frame === null) break;
    const decoded = frame.whole
      ? decodeWhole(frame.bytes, passing)
      : Promise.resolve(decodeStream(restOfFrame(frame.bytes, parts)));
    // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
    decoded.catch(() => {});
    inFlight.push(decoded);
    // A stream reads on from the parts, so it must be read to its end before the next frame begins.
    while (inFlight.length >= (frame.whole ? framesInFlight : 1)) yield* (await inFlight.shift()) as Bytes;
  }
  for (const decoded of inFlight) yield* await decoded;
}

async function decodeWhole(frame: Buffer<ArrayBuffer>, passing: boolean): Promise<Bytes> {
  try {
    const chunkSize = Math.min(plainStepBytes, Math.max(leastStepBytes, frame.byteLength * usualRatio));
    const plain = await decompress(frame, { chunkSize, maxOutputLength: wholePlainBytes });
    release(frame);
    return passing ? onceOf(plain) : bytesOf(plain);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    return decodeStream(bytesOf(frame));
  }
}

async function* onceOf(plain: Buffer<ArrayBuffer>): Bytes {
  yield plain;
  release(plain);
}

function decodeStream(frame: Bytes): Bytes {
  return throughStream(frame, createZstdDecompress({ chunkSize: outputBytes }));
}

async function* partsOf(encoded: Bytes, scanner: FrameScanner) {
  for await (const chunk of encoded) yield* scanner.split(chunk);
  scanner.finish();
}

type Parts = ReturnType<typeof partsOf>;

/** The next frame, or so much of it as fits; `null` after the last. */
async function beginFrame(
  parts: Parts,
): Promise<{ readonly bytes: Buffer<ArrayBuffer>; readonly whole: boolean } | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (!whole && size <= wholeFrameBytes) {
    const { done, value } = await parts.next();
    if (done) break;
    pieces.push(value.bytes);
    size += value.bytes.byteLength;
    whole = value.ends;
  }
  return pieces.length === 0 ? null : { bytes: Buffer.concat(pieces, size), whole };
}

async function* restOfFrame(first: Buffer, parts: Parts): Bytes {
  yield first;
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return;
    yield value.bytes;
    if (value.ends) return;
  }
}
