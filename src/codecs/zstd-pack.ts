export interface PackSettings {
  readonly level: number;
  /** Plain bytes of one frame. */
  readonly frameBytes: number;
  readonly framesInFlight: number;
}

/**
 * A program of this machine that packs stdin into zstd frames and tells what it read, as `PackedReader` understands it. What uses it
 * never has the plain bytes in its own memory.
 */
export function packProgram(settings: PackSettings): [string, ...string[]] {
  const failed = "({ message }) => { process.stderr.write(message + '\\n'); process.exit(1); }";
  const text = `(${pack})(${JSON.stringify(settings)}).catch(${failed})`;
  // Its heap is small, so that collecting it costs next to nothing.
  return [process.execPath, '--expose-gc', '--single-threaded-gc', '-e', text];
}

/** Runs elsewhere, from its text alone: it can use nothing of this file. */
async function pack({ level, frameBytes, framesInFlight }: PackSettings): Promise<void> {
  const { readSync, writeSync } = process.getBuiltinModule('node:fs');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { promisify } = process.getBuiltinModule('node:util');
  const { constants, zstdCompress } = process.getBuiltinModule('node:zlib');
  const compress = promisify<Uint8Array, object, Buffer>(zstdCompress);
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  const framesBetweenCollections = 16;
  // A frame takes several steps, which begin only between reads.
  const turnBytes = 512 * 1024;
  const turn = promisify(setImmediate);
  const hash = createHash('sha256');
  const free: Buffer[] = [];
  const inFlight: {
    readonly frame: Buffer;
    readonly plainBytes: number;
    readonly packed: Promise<Buffer>;
  }[] = [];
  let frames = 0;

  /** As much of stdin as fits. */
  const fill = async (frame: Buffer): Promise<number> => {
    let filled = 0;
    let since = 0;
    while (filled < frame.byteLength) {
      const read = readSync(0, frame, filled, frame.byteLength - filled, null);
      if (read === 0) break;
      hash.update(frame.subarray(filled, filled + read));
      filled += read;
      since += read;
      if (since < turnBytes) continue;
      since = 0;
      await turn();
    }
    return filled;
  };
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(1, bytes, at);
  };
  const writeHead = (plainBytes: number, packedBytes: number): void => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(plainBytes, 0);
    head.writeUInt32BE(packedBytes, 4);
    write(head);
  };
  const writeOldest = async (): Promise<void> => {
    const oldest = inFlight.shift();
    if (oldest === undefined) return;
    const packed = await oldest.packed;
    writeHead(oldest.plainBytes, packed.byteLength);
    write(packed);
    free.push(oldest.frame);
    frames += 1;
    if (frames % framesBetweenCollections === 0) globalThis.gc?.();
  };

  for (let plainBytes = frameBytes; plainBytes === frameBytes; ) {
    const frame = free.pop() ?? Buffer.allocUnsafe(frameBytes);
    plainBytes = await fill(frame);
    // Nothing at all is one empty frame.
    if (plainBytes === 0 && frames + inFlight.length > 0) break;
    const packed = compress(frame.subarray(0, plainBytes), { params, chunkSize: 1024 * 1024 });
    // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
    packed.catch(() => {});
    inFlight.push({ frame, plainBytes, packed });
    if (inFlight.length >= framesInFlight) await writeOldest();
  }
  while (inFlight.length > 0) await writeOldest();
  writeHead(0, 0);
  write(hash.digest());
}
