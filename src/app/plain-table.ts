/**
 * Rows in columns as wide as their longest text, a line each, without lines around them: for a terminal, and for `grep` after it.
 * Its time grows with the rows, not with their square: there may be ten thousand.
 */
export async function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string> {
  const texts = [head, ...rows].map((cells) => cells.map((text) => text.replace(/\s*\n\s*/g, ' ')));
  const widthOf = await measureFor(texts);
  const lines = texts.map((cells) => cells.map((line) => ({ line, width: widthOf(line) })));
  const widths = head.map((_, column) =>
    lines.reduce((widest, cells) => Math.max(widest, cells[column]?.width ?? 0), 0),
  );
  return lines
    .map((cells) =>
      cells
        .map(({ line, width }, column) => line + ' '.repeat((widths[column] ?? width) - width))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How wide texts are in a terminal. What knows it of all characters takes 20 ms to load. */
async function measureFor(texts: readonly (readonly string[])[]): Promise<(text: string) => number> {
  const plain = texts.every((cells) => cells.every((text) => /^[ -~]*$/.test(text)));
  return plain ? (text) => text.length : (await import('string-width')).default;
}
