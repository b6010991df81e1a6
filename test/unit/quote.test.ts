import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../src/core/quote.ts';

const pieces = [
  "'",
  '"',
  '\\',
  '$',
  '`',
  '\n',
  '\r',
  '\t',
  ' ',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '*',
  '?',
  '[',
  ']',
  '~',
  '#',
  '!',
  '{',
  '}',
  '-',
  '=',
  '%',
  'a',
  'ü',
  '漢',
  '💾',
  '$(touch pwned)',
  '`touch pwned`',
  '--',
];
const nasty = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '').toWellFormed()),
);

test.each([['sh'], ['dash'], ['bash'], ['zsh'], ['busybox', 'sh']])(
  '%s reads a quoted text back as it was',
  (...shell) => {
    const [program = '', ...args] = shell;
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-quote-'));
    // Many texts a process: 2,000 of them, each ended by NUL.
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 100, maxLength: 100 }), (texts) => {
        const script = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n');
        const read = execFileSync(program, [...args], { input: script, encoding: 'utf8', cwd: dir });
        expect(read.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 20 },
    );
    expect(readdirSync(dir), 'nothing in a text was run').toEqual([]);
    rmSync(dir, { recursive: true });
  },
);
