import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { Cutter } from '../../src/core/cutter.ts';

async function* chunksOf(chunks: readonly Uint8Array[]): Bytes {
  yield* chunks;
}

test('however it comes, it is cut into equal parts and stays what it is', async () => {
  const streams = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(streams, fc.integer({ min: 1, max: 16 }), async (chunks, partBytes) => {
      const parts = await Array.fromAsync(new Cutter(partBytes).cut(chunksOf(chunks)));
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(chunks));
      expect(parts.slice(0, -1).every((part) => part.byteLength === partBytes)).toBe(true);
      expect(parts.at(-1)?.byteLength).toBeLessThanOrEqual(partBytes);
      if (parts.length > 1) expect(parts.at(-1)?.byteLength).toBeGreaterThan(0);
    }),
  );
});

test('nothing is one empty part', async () => {
  expect(await Array.fromAsync(new Cutter(8).cut(chunksOf([])))).toEqual([Buffer.alloc(0)]);
});

test('a part that is given back is used again, one that is not stays as it is', async () => {
  const cutter = new Cutter(4);
  const held: Buffer[] = [];
  const seen: string[] = [];
  for await (const part of cutter.cut(chunksOf([Buffer.from('aaaabbbbccccdddde')]))) {
    seen.push(part.toString());
    if (part.includes('b')) held.push(part);
    else cutter.giveBack(part);
  }
  expect(seen).toEqual(['aaaa', 'bbbb', 'cccc', 'dddd', 'e']);
  expect(held.map(String)).toEqual(['bbbb']);
});
