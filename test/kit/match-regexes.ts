import { expect } from 'vitest';

// By itself `toMatchObject({ message: /…/ })` holds for every message.
expect.addEqualityTesters([
  (actual, expected) =>
    expected instanceof RegExp && typeof actual === 'string' ? expected.test(actual) : undefined,
]);
