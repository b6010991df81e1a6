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

/** Of a stream that is one part: what it was, and the memory that it was in. */
async function only(
  cutter: Cutter,
  bytes: number | string,
): Promise<{ part: Buffer<ArrayBuffer>; memory: ArrayBuffer }> {
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.alloc(bytes);
  const [part] = await Array.fromAsync(cutter.cut(chunksOf([content])));
  if (part === undefined) throw new Error('no part');
  expect(part.equals(content)).toBe(true);
  return { part, memory: part.buffer };
}

test('a part that did not get full is the memory of the next stream', async () => {
  const spare = new SpareParts();
  const cutter = new Cutter(5_000_000, spare);
  const one = await only(cutter, 'one');
  cutter.giveBack(one.part);
  expect((await only(new Cutter(5_000_000, spare), 'second')).memory).toBe(one.memory);
});

test('it is cut as small as the parts of that stream are', async () => {
  const spare = new SpareParts();
  const cutter = new Cutter(5_000_000, spare);
  const one = await only(cutter, 'one');
  cutter.giveBack(one.part);
  const parts = await Array.fromAsync(new Cutter(7, spare).cut(chunksOf([Buffer.from('seven and more')])));
  expect(parts.map(String)).toEqual(['seven a', 'nd more']);
  expect(parts[0]?.buffer).toBe(one.memory);
});

test('two streams at a time have memory of their own', async () => {
  const spare = new SpareParts();
  const cutter = new Cutter(100, spare);
  cutter.giveBack((await only(cutter, 'given back')).part);
  const [one, two] = await Promise.all(['one', 'two'].map((text) => only(new Cutter(100, spare), text)));
  expect(String(one?.part)).toBe('one');
  expect(String(two?.part)).toBe('two');
  expect(one?.memory).not.toBe(two?.memory);
});

test('large parts are not kept for others, and no more than four', async () => {
  const spare = new SpareParts();
  const cutter = new Cutter(5_000_000, spare);
  const large = await only(cutter, 2_000_000);
  const five = await Promise.all(['1', '2', '3', '4', '5'].map((text) => only(cutter, text)));
  for (const { part } of [large, ...five]) cutter.giveBack(part);
  const kept = await Promise.all(Array.from({ length: 6 }, () => only(cutter, 'next')));
  const before = new Set([large, ...five].map(({ memory }) => memory));
  expect(kept.filter(({ memory }) => before.has(memory))).toHaveLength(4);
  expect(kept.some(({ memory }) => memory === large.memory)).toBe(false);
});
