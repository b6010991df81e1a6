import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands, Lanes, requestFaults, tryAt } from '../kit/sweep.ts';

/** Most of a run that fails for ever is waiting. */
const lanes = new Lanes(6, 18);
beforeAll(() => lanes.open());
afterAll(() => lanes.close());

test.each(Object.entries(commands))('every request of a %s', { timeout: 1_800_000 }, async (name, swept) => {
  const requests = await lanes.requests(swept);
  console.log(name, requests);
});
