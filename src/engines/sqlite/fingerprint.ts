import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../core/engine.ts';
import { IntegrityError } from '../../core/errors.ts';

/** One row per schema object, its four texts as space-separated hexadecimal, so that no name can confuse a line. */
export const schemaStatement =
  "SELECT hex(type)||' '||hex(name)||' '||hex(tbl_name)||' '||hex(coalesce(sql,'')) FROM sqlite_master";

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

export function parseSchema(lines: readonly string[]): SchemaObject[] {
  return lines.map((line) => {
    const [type = '', name = '', table = '', sql = ''] = line.split(' ').map(fromHex);
    return { type, name, table, sql };
  });
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
export function checkStatements(objects: readonly SchemaObject[]): string[] {
  const tables = objects.filter(({ type, sql }) => type === 'table' && !/^\s*create\s+virtual/i.test(sql));
  return [
    'PRAGMA integrity_check(20)',
    ...tables.map(({ name }) => `SELECT '${rowsMark} ${toHex(name)} '||count(*) FROM ${identifier(name)}`),
  ];
}

const rowsMark = 'rows';

/** @throws IntegrityError `sqlite.damaged` when the check found anything. */
export function readChecked(
  lines: readonly string[],
  objects: readonly SchemaObject[],
  source: string,
): Fingerprint {
  const rows = lines.filter((line) => line.startsWith(`${rowsMark} `));
  const found = lines.filter((line) => !line.startsWith(`${rowsMark} `));
  if (found.length !== 1 || found[0] !== 'ok') {
    throw new IntegrityError(
      `${source} is damaged: integrity_check says "${found.slice(0, 3).join('; ')}"; nothing was stored.`,
      {
        code: 'sqlite.damaged',
        hint: 'Repair the source (sqlite3 FILE .recover) or restore an earlier backup; those are untouched.',
      },
    );
  }
  const tables = rows.map((line): [string, number] => {
    const [, name = '', count = ''] = line.split(' ');
    return [fromHex(name), Number(count)];
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
