import { expect, test } from 'vitest';
import {
  CancelledError,
  CommandError,
  ConfigError,
  type HoldfastError,
  IntegrityError,
  retold,
  StaleError,
  StoreError,
} from '../../src/core/errors.ts';

const details = { code: 'x.y', hint: 'Do this.', input: 'store' };
const problem = { input: 'assert', message: 'It is wrong.', hint: 'Correct it.' };

test.each([
  [new IntegrityError('It is so.', details), 3],
  [new StaleError('It is so.', details), 4],
  [new StoreError('It is so.', details), 1],
  [new CommandError('It is so.', details), 1],
  [new CancelledError('It is so.'), 130],
  [new ConfigError([problem]), 2],
] as [HoldfastError, number][])('%s in other words is the same failure', (error, exitCode) => {
  const again = retold(error, 'All is done, but it is so.');
  const { code, hint, input } = error;
  expect(again).toMatchObject({ code, exitCode, message: 'All is done, but it is so.' });
  expect([again.constructor, again.hint, again.input]).toEqual([error.constructor, hint, input]);
});

test('wrong settings keep every problem, and say the new words with the first', () => {
  const other = { input: 'level', message: 'That too.' };
  const again = retold(new ConfigError([problem, other]), 'All is done, but it is wrong.') as ConfigError;
  expect(again.problems).toEqual([{ ...problem, message: 'All is done, but it is wrong.' }, other]);
});
