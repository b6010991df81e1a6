import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inFlight } from '../../src/core/in-flight.ts';
import { signal } from '../kit/signal.ts';

test('results come in the order of the items, and no more than allowed are at work', async () => {
  let [now, most] = [0, 0];
  const results = await inFlight([30, 10, 20, 0, 5], 2, signal, async (ms) => {
    now += 1;
    most = Math.max(most, now);
    await sleep(ms);
    now -= 1;
    return ms * 2;
  });
  expect(results).toEqual([60, 20, 40, 0, 10]);
  expect(most).toBe(2);
});

test('the first failure stops the others, and is thrown when they have ended', async () => {
  const ended: string[] = [];
  const work = inFlight(['bad', 'slow', 'never'], 2, signal, async (item, stop) => {
    if (item === 'bad') throw new Error('no');
    await sleep(10_000, undefined, { signal: stop }).catch(() => {});
    ended.push(item);
    throw new Error('a consequence');
  });
  await expect(work).rejects.toThrow('no');
  expect(ended).toEqual(['slow']);
});

test('a cancellation from outside reaches the work', async () => {
  const outside = new AbortController();
  const work = inFlight([1, 2, 3], 2, outside.signal, (_, stop) =>
    sleep(10_000, undefined, { signal: stop }),
  );
  outside.abort();
  await expect(work).rejects.toThrow(/abort/);
});

test('of nothing is nothing', async () => {
  expect(await inFlight([], 4, signal, async () => 1)).toEqual([]);
});
