import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { Cutter, SpareParts } from '../../src/core/cutter.ts';

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

test('a first part grows with what comes, which stays what it was', async () => {
  const content = randomBytes(3_000_000);
  const chunks = Array.from({ length: 30 }, (_, at) => content.subarray(at * 100_000, (at + 1) * 100_000));
  const parts = await Array.fromAsync(new Cutter(5_000_000).cut(chunksOf(chunks)));
  expect(parts.map((part) => part.equals(content))).toEqual([true]);
});

test('a part that did not get full is the memory of the next stream, however small its parts are', async () => {
  const spare = new SpareParts();
  const first = async (text: string, partBytes: number): Promise<{ text: string; memory: ArrayBuffer }> => {
    const cutter = new Cutter(partBytes, spare);
    const [part] = await Array.fromAsync(cutter.cut(chunksOf([Buffer.from(text)])));
    if (part === undefined) throw new Error('no part');
    cutter.giveBack(part);
    return { text: part.toString(), memory: part.buffer };
  };
  const one = await first('one', 5_000_000);
  const two = await first('second', 5_000_000);
  const three = await first('six', 7);
  expect([one.text, two.text, three.text]).toEqual(['one', 'second', 'six']);
  expect([two.memory, three.memory].map((memory) => memory === one.memory)).toEqual([true, true]);
});

test('two streams at a time have memory of their own', async () => {
  const spare = new SpareParts();
  const [one, two] = ['one', 'two'].map((text) =>
    new Cutter(100, spare).cut(chunksOf([Buffer.from(text)])).next(),
  );
  expect([(await one)?.value?.toString(), (await two)?.value?.toString()]).toEqual(['one', 'two']);
});
