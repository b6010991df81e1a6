import { expect, test } from 'vitest';
import { compareVersions } from '../../src/core/compare-versions.ts';

test.each([
  ['3.40.1', '3.40.1', 0],
  ['3.9', '3.34', -1],
  ['3.34', '3.9.9', 1],
  ['15.2', '15.10', -1],
  ['3.51', '3.51.0', 0],
  ['3.51', '3.51.3', -1],
  ['3.46.1', '3.46', 1],
  ['17', '16.9', 1],
])('%s beside %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(-sign + 0);
});
