import fc from 'fast-check';

/** What some program between here and there might read as more than text. `pwned` is a file that must never be. */
const nastyPieces = [
  ...["'", '"', '\\', '$', '`', '\n', '\r', '\t', ' ', ';', '&', '|', '<', '>', '(', ')', '*', '?', '[', ']'],
  ...[
    '~',
    '#',
    '!',
    '{',
    '}',
    '-',
    '=',
    '%',
    ':',
    ',',
    '^',
    'a',
    'ü',
    '漢',
    '💾',
    '\u001b[2J',
    '\u0085',
    '\u202e',
  ],
  ...[
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned;',
    '\ntouch pwned\n',
    '| touch pwned',
    '--',
    '-o',
    '$IFS',
  ],
  ...['$PATH', '%00', '%0a', '\\n', "\\'", '{a,b}', '/*', '../', '~root', "';--", '.shell touch pwned'],
] as const;

/** Made of such pieces, of any characters but NUL, beginning with a dash, or 4 KB long. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: ofPieces(12) },
  {
    weight: 10,
    arbitrary: fc
      .string({ unit: 'binary', maxLength: 40 })
      .map((text) => text.replaceAll('\0', '').toWellFormed()),
  },
  { weight: 2, arbitrary: ofPieces(6).map((text) => `-${text}`) },
  {
    weight: 1,
    arbitrary: ofPieces(4).map((text) => `${text}'\\$`.repeat(4096).slice(0, 4096).toWellFormed()),
  },
);

function ofPieces(maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...nastyPieces), { maxLength }).map((parts) => parts.join(''));
}
