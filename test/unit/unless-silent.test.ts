import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Bytes, unlessSilent } from '../../src/core/bytes.ts';

/** Gives chunks with such pauses before them, until it is given up. */
function pausing(pausesMs: readonly number[]): { source: Bytes; giveUp: () => void; left: () => boolean } {
  const stop = new AbortController();
  const state = { left: false };
  async function* source(): Bytes {
    try {
      for (const ms of pausesMs) {
        await sleep(ms, undefined, { signal: stop.signal });
        yield Buffer.alloc(1);
      }
    } finally {
      state.left = true;
    }
  }
  return { source: source(), giveUp: () => stop.abort(), left: () => state.left };
}

test('silence is given up', async () => {
  const { source, giveUp } = pausing([1, 1, 60_000]);
  const started = performance.now();
  await expect(Array.fromAsync(unlessSilent(source, 50, giveUp))).rejects.toThrow('aborted');
  expect(performance.now() - started).toBeLessThan(5000);
});

test('what is slow but alive is waited for', async () => {
  const { source, giveUp } = pausing([40, 40, 40, 40, 40, 40]);
  expect(await Array.fromAsync(unlessSilent(source, 200, giveUp))).toHaveLength(6);
});

test('a reader that takes its time is no silence', async () => {
  const { source, giveUp } = pausing([1, 1, 1]);
  let chunks = 0;
  for await (const _ of unlessSilent(source, 50, giveUp)) {
    chunks += 1;
    await sleep(120);
  }
  expect(chunks).toBe(3);
});

test('a reader that leaves ends the source', async () => {
  const { source, giveUp, left } = pausing([1, 60_000]);
  for await (const _ of unlessSilent(source, 50, giveUp)) break;
  expect(left()).toBe(true);
});
