import stringWidth from 'string-width';

/**
 * Rows in columns as wide as their longest text, a line each, without lines around them: for a terminal, and for `grep` after it.
 * Its time grows with the rows, not with their square: there may be ten thousand.
 */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) =>
    cells.map((text) => {
      const line = text.replace(/\s*\n\s*/g, ' ');
      return { line, width: stringWidth(line) };
    }),
  );
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
