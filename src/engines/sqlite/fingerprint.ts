import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../core/engine.ts';
import type { Exit, Host } from '../../core/host.ts';
import { sqliteReason, type Words } from './damage.ts';
import type { SqliteTool } from './sqlite-tool.ts';

/** One row per schema object, its four texts as space-separated hexadecimal, so that no name can confuse a line. */
const schemaStatement =
  "SELECT hex(type)||' '||hex(name)||' '||hex(tbl_name)||' '||hex(coalesce(sql,'')) FROM sqlite_master";

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

/** @param encoding of the database, as `PRAGMA encoding` says it: the hexadecimal is of its own bytes */
function parseSchema(lines: readonly string[], encoding: string): SchemaObject[] {
  const decode = decoderOf(encoding);
  return lines.map((line) => {
    const [type = '', name = '', table = '', sql = ''] = line.split(' ').map(decode);
    return { type, name, table, sql };
  });
}

function decoderOf(encoding: string): (hex: string) => string {
  const decoder = new TextDecoder(encoding.toLowerCase(), { ignoreBOM: true });
  return (hex) => decoder.decode(Buffer.from(hex, 'hex'));
}

/** SHA-256 over the objects in a fixed order, as JSON arrays, one a line. */
function hashSchema(objects: readonly SchemaObject[]): string {
  const lines = objects.map(({ type, name, table, sql }) => JSON.stringify([type, name, table, sql]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/**
 * The statements that check a copy and count its rows. Virtual tables are left out: their content lies in
 * ordinary tables, and the module that knows them may not be there.
 */
function checkStatements(objects: readonly SchemaObject[]): string[] {
  const tables = countedTables(objects);
  return [
    'PRAGMA integrity_check(20)',
    ...tables.map(({ name }) => `SELECT '${rowsMark} ${toHex(name)} '||count(*) FROM ${identifier(name)}`),
  ];
}

function countedTables(objects: readonly SchemaObject[]): SchemaObject[] {
  return objects.filter(({ type, sql }) => type === 'table' && !/^\s*create\s+virtual/i.test(sql));
}

const rowsMark = 'rows';

/**
 * Checks a private copy with SQLite's integrity_check and counts its rows, in one go.
 * @throws IntegrityError `sqlite.damaged` when the check found anything, in the given words
 */
export async function checkFile(
  { host, tool, file, words }: CheckedFile,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const options = { signal, fail: words.unreadable };
  const [encoding = '', ...lines] = await tool.query(
    host,
    file,
    ['PRAGMA encoding', schemaStatement],
    options,
  );
  const objects = parseSchema(lines, encoding);
  return readChecked(await tool.query(host, file, checkStatements(objects), options), objects, words);
}

export interface CheckedFile {
  readonly host: Host;
  readonly tool: SqliteTool;
  /** A private copy that nobody else opens. */
  readonly file: string;
  readonly words: Words;
}

/**
 * The same out of lines that the host asked for by itself: the encoding and the schema, and those of the check with all
 * counts, whose names are in the database's encoding too.
 */
export function readFingerprint(
  [encoding = '', ...schema]: readonly string[],
  checked: readonly string[],
  words: Words,
): Fingerprint {
  const objects = parseSchema(schema, encoding);
  const found = readChecked(checked, objects, words, decoderOf(encoding));
  const missing = countedTables(objects).find(({ name }) => !(name in found.tables));
  if (missing !== undefined) throw words.damaged(`the rows of ${missing.name} were not counted`);
  return found;
}

function readChecked(
  lines: readonly string[],
  objects: readonly SchemaObject[],
  words: Words,
  decode: (hex: string) => string = fromHex,
): Fingerprint {
  const rows = lines.filter((line) => line.startsWith(`${rowsMark} `));
  const found = lines.filter((line) => !line.startsWith(`${rowsMark} `));
  if (found.length !== 1 || found[0] !== 'ok') throw words.damaged(found.slice(0, 3).join('; '));
  const tables = rows.map((line): [string, number] => {
    const [, name = '', count = ''] = line.split(' ');
    return [decode(name), Number(count)];
  });
  return { schemaSha256: hashSchema(objects), tables: Object.fromEntries(tables) };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function toHex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function fromHex(text: string): string {
  return Buffer.from(text, 'hex').toString('utf8');
}

/** Rows whose foreign key points nowhere, for each table. */
const strayStatement =
  'SELECT hex("table")||\' \'||count(*) FROM pragma_foreign_key_check GROUP BY "table" ORDER BY 1';

/** SQLite does not hold foreign keys by default, so a sound copy may have such rows: told in a sentence, if there are any. */
export async function strayRows(
  { host, tool, file }: CheckedFile,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const fail = (exit: Exit): Error => new UncheckedKeys(sqliteReason(exit));
  try {
    const lines = await tool.query(host, file, [strayStatement], { signal, fail });
    return describeStrays(lines);
  } catch (error) {
    if (!(error instanceof UncheckedKeys)) throw error;
    return [`the foreign keys can't be checked: ${error.message}`];
  }
}

class UncheckedKeys extends Error {}

function describeStrays(lines: readonly string[]): string[] {
  const counts = lines.map((line): [string, number] => {
    const [name = '', count = ''] = line.split(' ');
    return [fromHex(name), Number(count)];
  });
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const tables = counts.map(([name, count]) => `table ${name} (${count})`).join(', ');
  const rows = total === 1 ? '1 row' : `${total} rows`;
  return [`${rows} with a foreign key that points nowhere, as in the source: ${tables}`];
}
