import { expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import { newline, readUntil } from '../../src/engines/sqlite/read-until.ts';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

test('the text before the end, and all that follows', async () => {
  const { head, rest } = await readUntil(newline, chunks('cop', 'ied\nby', 'tes\n'));
  expect([head, (await collect(rest)).toString()]).toEqual(['copied', 'bytes\n']);
});

test('no text without its end', async () => {
  const { head, rest } = await readUntil(newline, chunks('cop', 'ied'));
  expect([head, (await collect(rest)).byteLength]).toEqual([null, 0]);
});

test('a text without an end does not fill the memory', async () => {
  let [given, wasLeft] = [0, false];
  async function* endless() {
    try {
      for (;;) {
        given += 1_000_000;
        yield Buffer.alloc(1_000_000, 'x');
      }
    } finally {
      wasLeft = true;
    }
  }
  await expect(readUntil(newline, endless())).rejects.toThrow('more than 16777216 bytes');
  expect([given, wasLeft]).toEqual([17_000_000, true]);
});
