import { describe, expect, test } from 'vitest';
import { plainTable } from '../../src/app/plain-table.ts';

describe('a table for people', () => {
  test('has columns as wide as their longest text, and nothing behind the last one', async () => {
    expect(
      await plainTable(
        ['ID', 'WHAT'],
        [
          ['a', 'one'],
          ['long', 'two, and more'],
          ['b', ''],
        ],
      ),
    ).toBe('ID    WHAT\na     one\nlong  two, and more\nb');
  });

  test('counts wide characters as a terminal shows them', async () => {
    expect(
      await plainTable(
        ['N', 'X'],
        [
          ['日本', '1'],
          ['é', '2'],
        ],
      ),
    ).toBe('N     X\n日本  1\né     2');
  });

  test('no text can make a line of its own', async () => {
    expect(await plainTable(['N', 'X'], [['a\n  fake', '1']])).toBe('N       X\na fake  1');
  });
});
