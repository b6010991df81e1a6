import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePartSize } from '../../src/stores/part-size.ts';
import { presetOf } from '../../src/stores/presets.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
const aws = presetOf(undefined);
const scaleway = presetOf('https://s3.fr-par.scw.cloud');
const storj = presetOf('https://gateway.storjshare.io');

test.each([
  ['nothing known', 0, aws, 8],
  ['what fits into small parts', 60 * gibibyte, aws, 8],
  ['what does not', 100 * gibibyte, aws, 13],
  ['a store of few parts', 60 * gibibyte, scaleway, 77],
  ['a store of large parts', 1, storj, 64],
  ['more than any store takes', 100_000 * gibibyte, aws, 5120],
])('%s: %i bytes', (_, expectedBytes, limits, mebibytes) => {
  expect(choosePartSize(expectedBytes, limits)).toBe(mebibytes * mebibyte);
});

test('whatever is expected may come out a quarter larger and still fits', () => {
  const sizes = fc.integer({ min: 0, max: 3000 * gibibyte });
  fc.assert(
    fc.property(sizes, fc.constantFrom(aws, scaleway, storj), (expectedBytes, limits) => {
      const partBytes = choosePartSize(expectedBytes, limits);
      expect(partBytes % mebibyte).toBe(0);
      expect(partBytes).toBeGreaterThanOrEqual(limits.minimumPartBytes);
      expect(Math.ceil((expectedBytes * 1.25) / partBytes)).toBeLessThanOrEqual(limits.maximumParts);
    }),
  );
});
