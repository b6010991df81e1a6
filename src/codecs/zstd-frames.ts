/** Part of a frame; `ends` on its last one. */
export interface FramePart {
  readonly bytes: Uint8Array;
  readonly ends: boolean;
}

const magic = 0xfd2fb528;
/** Bytes of a dictionary id and of a content size, by their flags (RFC 8878, 3.1.1.1). */
const dictionarySizes = [0, 1, 2, 4] as const;
const contentSizes = [0, 2, 4, 8] as const;
const reservedBlock = 3;
const rleBlock = 1;

/**
 * Finds where zstd frames end, by their headers alone (RFC 8878, 3.1.1). Node's decoder stops without a word after the
 * first frame, and before Node 24.20 also where the input is cut short; this knows both.
 */
export class FrameScanner {
  #at: 'frame' | 'block' = 'frame';
  /** A header whose bytes have not all come. */
  #header: number[] = [];
  /** Bytes until the next header, or until the frame's end. */
  #skip = 0;
  #endsAfterSkip = false;
  #checksum = false;
  #frames = 0;

  /** Cuts the next bytes at the ends of frames. @throws SyntaxError where they are no frame */
  split(chunk: Uint8Array): FramePart[] {
    const parts: FramePart[] = [];
    let start = 0;
    let at = 0;
    while (at < chunk.byteLength) {
      at = this.#skip > 0 ? this.#pass(chunk, at) : this.#readHeader(chunk, at);
      if (this.#skip > 0 || !this.#endsAfterSkip) continue;
      parts.push({ bytes: chunk.subarray(start, at), ends: true });
      start = at;
      this.#endsAfterSkip = false;
      this.#at = 'frame';
      this.#frames += 1;
    }
    if (start < at) parts.push({ bytes: chunk.subarray(start), ends: false });
    return parts;
  }

  /** @throws SyntaxError when the input ended inside a frame, or held none. */
  finish(): void {
    const between = this.#at === 'frame' && this.#header.length === 0;
    if (!between || this.#frames === 0) throw new SyntaxError('it is cut short');
  }

  #pass(chunk: Uint8Array, at: number): number {
    const passed = Math.min(this.#skip, chunk.byteLength - at);
    this.#skip -= passed;
    return at + passed;
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    this.#header.push(chunk[at] as number);
    if (this.#at === 'frame' && this.#header.length === 5) this.#beginFrame();
    else if (this.#at === 'block' && this.#header.length === 3) this.#beginBlock();
    return at + 1;
  }

  #beginFrame(): void {
    const [a = 0, b = 0, c = 0, d = 0, descriptor = 0] = this.#header;
    if (((d << 24) | (c << 16) | (b << 8) | a) >>> 0 !== magic)
      throw new SyntaxError('it is not a zstd frame');
    const single = (descriptor >> 5) & 1;
    const contentFlag = descriptor >> 6;
    const content = contentFlag === 0 ? single : (contentSizes[contentFlag] as number);
    const dictionary = dictionarySizes[descriptor & 3] as number;
    this.#checksum = ((descriptor >> 2) & 1) === 1;
    this.#skip = (single === 1 ? 0 : 1) + dictionary + content;
    this.#at = 'block';
    this.#header = [];
  }

  #beginBlock(): void {
    const [a = 0, b = 0, c = 0] = this.#header;
    const header = (c << 16) | (b << 8) | a;
    const type = (header >> 1) & 3;
    if (type === reservedBlock) throw new SyntaxError('a block is of no known type');
    const last = (header & 1) === 1;
    this.#skip = (type === rleBlock ? 1 : header >> 3) + (last && this.#checksum ? 4 : 0);
    this.#endsAfterSkip = last;
    this.#header = [];
  }
}
