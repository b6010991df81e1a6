/** A name as SQL reads it back unchanged. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL reads it back unchanged, whatever the server thinks of backslashes. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

const limitBytes = 63;

/** A name that begins with as much of `name` as fits, and ends in the whole suffix: longer ones the server would cut. */
export function suffixed(name: string, suffix: string): string {
  const room = limitBytes - Buffer.byteLength(suffix);
  let kept = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + suffix;
}
