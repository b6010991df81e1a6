/** One record: a first field, quoted or plain, then the others, then the end of its line. */
const record = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*\r?\n/y;

/** The first field of each record of CSV text (RFC 4180, also with bare line feeds). */
export function firstFields(text: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at < text.length; at = record.lastIndex) {
    record.lastIndex = at;
    const found = record.exec(text);
    if (found === null) throw new SyntaxError(`no CSV: ${text.slice(at, at + 100)}`);
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
  }
  return fields;
}
