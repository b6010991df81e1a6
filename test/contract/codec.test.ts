import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { FrameScanner } from '../../src/codecs/zstd-frames.ts';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import type { Codec } from '../../src/core/codec.ts';
import { IntegrityError } from '../../src/core/errors.ts';
import { PackedReader } from '../../src/core/packed-reader.ts';

const frame = 4 * 1024 * 1024;
const limit = 64 * 1024 * 1024;

/** Text-like bytes: compressible, and no two parts alike. */
function textOf(bytes: number): Buffer {
  const words = Array.from({ length: 256 }, () => randomBytes(4).toString('hex'));
  const text = Buffer.allocUnsafe(bytes);
  for (let at = 0; at < bytes; ) at += text.write(`${words[(Math.random() * 256) | 0]} `, at);
  return text;
}

async function* inChunks(content: Uint8Array, sizes: readonly number[]): Bytes {
  for (let at = 0, turn = 0; at < content.byteLength; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    yield content.subarray(at, at + size);
    at += size;
  }
}

const encoded = (codec: Codec, content: Uint8Array): Promise<Buffer> =>
  collect(codec.encode(bytesOf(content)), limit);
const decoded = (codec: Codec, content: Uint8Array, sizes = [65_536]): Promise<Buffer> =>
  collect(codec.decode(inChunks(content, sizes)), limit);

const tools = {
  zstd: { encode: ['zstd', '-q', '-c'], decode: ['zstd', '-dcq'] },
  gzip: { encode: ['gzip', '-c'], decode: ['gzip', '-dc'] },
};
const run = ([program = '', ...args]: string[], input: Buffer): Buffer =>
  execFileSync(program, args, { input, maxBuffer: limit, stdio: ['pipe', 'pipe', 'ignore'] });

describe.each(['zstd', 'gzip'] as const)('the %s codec', (id) => {
  const codec = codecById(id);

  test('gives back what it was given, however that is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 5000 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
        async (content, sizes) => {
          const stored = await collect(codec.encode(inChunks(content, sizes)));
          expect(await decoded(codec, stored, sizes)).toEqual(Buffer.from(content));
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([0, 1, frame - 1, frame, frame + 1, 9 * 1024 * 1024])(
    '%i bytes go there and back',
    async (size) => {
      const content = textOf(size);
      const stored = await encoded(codec, content);
      expect((await decoded(codec, stored)).equals(content)).toBe(true);
      expect(run(tools[id].decode, stored).equals(content), 'read by the plain tool').toBe(true);
    },
  );

  test('gives the same to who is done with each chunk when it asks for the next', async () => {
    const content = textOf(9_000_000);
    const sha256 = createHash('sha256');
    for await (const chunk of codec.decode(bytesOf(await encoded(codec, content)), { passing: true }))
      sha256.update(chunk);
    expect(sha256.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test('reads what the plain tool wrote, one file after the other too', async () => {
    const [one, two] = [textOf(5_000_000), textOf(10)];
    const stored = Buffer.concat([run(tools[id].encode, one), run(tools[id].encode, two)]);
    expect((await decoded(codec, stored)).equals(Buffer.concat([one, two]))).toBe(true);
  });

  test('finds it when the end is missing, wherever it is cut', async () => {
    const stored = await encoded(codec, textOf(200_000));
    for (let cut = 0; cut < 60; cut += 1) {
      const length =
        cut < 20
          ? cut
          : cut < 40
            ? stored.byteLength - (cut - 19)
            : Math.floor((stored.byteLength * cut) / 61);
      await expect(decoded(codec, stored.subarray(0, length)), `cut to ${length}`).rejects.toMatchObject({
        code: 'codec.damaged',
        exitCode: 3,
      });
    }
  });

  test('finds a flipped byte, or gives the same bytes', async () => {
    const content = textOf(100_000);
    const stored = await encoded(codec, content);
    for (let turn = 0; turn < 200; turn += 1) {
      const flipped = Buffer.from(stored);
      const at = Math.floor((stored.byteLength * turn) / 200);
      flipped[at] = (flipped[at] as number) ^ 0xff;
      const outcome = await decoded(codec, flipped).catch((error: { code: string }) => error.code);
      // A gzip header holds bytes without meaning: a time, an operating system.
      if (typeof outcome === 'string') expect(outcome).toBe('codec.damaged');
      else expect(outcome.equals(content), `byte ${at}`).toBe(true);
    }
  });

  test('finds what was put behind it', async () => {
    const stored = await encoded(codec, textOf(1000));
    await expect(decoded(codec, Buffer.concat([stored, Buffer.from('and some more')]))).rejects.toMatchObject(
      {
        code: 'codec.damaged',
      },
    );
  });

  test('stops at the limit before memory fills', async () => {
    const bomb = await encoded(codec, Buffer.alloc(20_000_000));
    expect(bomb.byteLength).toBeLessThan(100_000);
    let passed = 0;
    const reading = (async () => {
      for await (const chunk of codec.decode(bytesOf(bomb), { limitBytes: 1_000_000 }))
        passed += chunk.byteLength;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'codec.too-large' });
    expect(passed).toBeLessThanOrEqual(1_000_000);
  });

  test('passes on the failure of its source, and never ends as if it were whole', async () => {
    async function* failing(): Bytes {
      yield textOf(6_000_000);
      throw new Error('the link broke');
    }
    await expect(collect(codec.encode(failing()), limit)).rejects.toThrow('the link broke');
    await expect(collect(codec.decode(failing()), limit)).rejects.toThrow();
  });

  test('lets a reader leave early', async () => {
    const content = textOf(12_000_000);
    for await (const chunk of codec.encode(bytesOf(content))) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    for await (const chunk of codec.decode(bytesOf(await encoded(codec, content)))) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
  });
});

test('an id that no version wrote is refused with a way on', () => {
  expect(() => codecById('lzma')).toThrow(
    expect.objectContaining({ code: 'codec.unknown', hint: expect.stringContaining('Upgrade') }),
  );
});

test('what zstd gave to such a reader is free again when the next is asked for', async () => {
  const codec = codecById('zstd');
  const frames = codec.decode(bytesOf(await encoded(codec, textOf(9_000_000))), { passing: true });
  const seen: Uint8Array[] = [];
  for await (const frame of frames) {
    expect(frame.byteLength).toBeGreaterThan(0);
    seen.push(frame);
  }
  expect(seen.map((passed) => passed.buffer.byteLength)).toEqual([0, 0, 0]);
});

describe('the packing program of the zstd codec', () => {
  const codec = codecById('zstd');
  const packed = (content: Buffer): Buffer => run([...(codec.encodeProgram ?? [])], content);

  test.each([0, 1, frame - 1, frame, frame + 1, 9 * 1024 * 1024])(
    'packs %i bytes, and tells their size and SHA-256',
    async (size) => {
      const content = textOf(size);
      const seen: number[] = [];
      const reader = new PackedReader((bytes) => seen.push(bytes));
      const stored = await collect(reader.through(inChunks(packed(content), [7, 1, 100_000])), limit);
      expect((await decoded(codec, stored)).equals(content)).toBe(true);
      expect(run(tools.zstd.decode, stored).equals(content), 'read by the plain tool').toBe(true);
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(reader.digest()).toEqual({ bytes: size, sha256 });
      expect(seen.at(-1)).toBe(size);
      const scanner = new FrameScanner();
      const ends = [...scanner.split(stored)].filter((part) => part.ends);
      expect(ends.length, 'no frame is empty but that of nothing').toBe(Math.max(1, Math.ceil(size / frame)));
    },
  );

  test('is not believed when its end is missing, or something follows', async () => {
    const whole = packed(textOf(100_000));
    const cuts = [0, 1, 7, 8, 9, 5000, whole.byteLength - 41, whole.byteLength - 32, whole.byteLength - 1];
    for (const bad of [...cuts.map((cut) => whole.subarray(0, cut)), Buffer.concat([whole, whole])]) {
      const reader = new PackedReader(() => {});
      const reading = collect(reader.through(bytesOf(bad)), limit);
      await expect(reading, `${bad.byteLength} bytes`).rejects.toBeInstanceOf(IntegrityError);
    }
  });

  test('fails in one line where its output can not be written', () => {
    const [program = '', ...args] = codec.encodeProgram ?? [];
    const script = '"$0" "$@" </etc/passwd >/dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', script, program, ...args], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ENOSPC[^\n]*\n$/);
  });
});
