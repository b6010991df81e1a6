import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../core/engine.ts';
import { identifier } from './names.ts';

const userSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/** What an extension brought along is the extension's business, also after a restore. */
const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const relations = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}`;

/** Not one that a partition has from its parent: its name may be another one after a restore. Versions before 11 have none. */
const ownConstraint = "coalesce((to_jsonb(c) ->> 'conparentid')::bigint, 0) = 0";

/** Of an index: pg_dump has it. It leaves out what a failed CREATE INDEX CONCURRENTLY left, and those of an extension's table. */
const dumpedIndex = (oid: string): string =>
  `EXISTS (SELECT FROM pg_index x JOIN pg_class o ON o.oid = x.indrelid WHERE x.indexrelid = ${oid}
    AND (x.indisvalid OR o.relkind = 'p') AND x.indisready AND ${notOfExtension('pg_class', 'x.indrelid')})`;

/** Of a constraint, on a table or a domain: pg_dump has it. */
const dumpedConstraint = `${notOfExtension('pg_class', 'c.conrelid')} AND ${notOfExtension('pg_type', 'c.contypid')}
    AND (c.contype NOT IN ('p', 'u', 'x') OR ${dumpedIndex('c.conindid')})`;

/** Whether there is anything of a user in the database: not tables alone are worth keeping. */
export const contentQuery = `
SELECT EXISTS (SELECT ${relations} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c'))
  OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema} AND ${notOfExtension('pg_proc', 'p.oid')})
  OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE ${userSchema} AND t.typtype IN ('e', 'd', 'r') AND ${notOfExtension('pg_type', 't.oid')})
  OR EXISTS (SELECT FROM pg_largeobject_metadata);
`;

/** One JSON text a row: the schema and the name of a table. Parents of partitions hold no rows of their own. */
export const tablesQuery = `SELECT json_build_array(n.nspname, c.relname) ${relations} AND c.relkind = 'r';`;

/** How many tables those are, as an expression. */
export const tableCount = `(SELECT count(*) ${relations} AND c.relkind = 'r')`;

/** The same for all that pg_dump locks, in its order: parents of partitions, too. */
export const lockedTablesQuery = `SELECT json_build_array(n.nspname, c.relname) ${relations} AND c.relkind IN ('r', 'p') ORDER BY c.oid;`;

/**
 * The schema as facts that are the same after a restore into this or a newer major version: names, types and kinds, not
 * the texts that the server makes of definitions. One JSON text a row. Nothing that pg_dump leaves out may be among them.
 */
export const schemaQuery = `
SELECT json_build_array('column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull AND a.attinhcount = 0, a.atthasdef)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT json_build_array('relation', n.nspname, c.relname, c.relkind) ${relations}
    AND (c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') OR c.relkind IN ('i', 'I') AND ${dumpedIndex('c.oid')})
UNION ALL SELECT json_build_array('constraint', n.nspname, c.conrelid::regclass::text, c.conname, c.contype)
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE ${userSchema} AND c.contype IN ('p', 'u', 'f', 'c', 'x') AND ${ownConstraint} AND ${dumpedConstraint}
UNION ALL SELECT json_build_array('unique', n.nspname, c.relname, i.indisprimary)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND i.indisunique AND ${notOfExtension('pg_class', 'c.oid')} AND ${dumpedIndex('c.oid')}
UNION ALL SELECT json_build_array('function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema} AND ${notOfExtension('pg_proc', 'p.oid')}
UNION ALL SELECT json_build_array('trigger', n.nspname, c.relname, t.tgname)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND NOT t.tgisinternal AND ${notOfExtension('pg_class', 'c.oid')}
UNION ALL SELECT json_build_array('enum', n.nspname, t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder))
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE ${userSchema} AND ${notOfExtension('pg_type', 't.oid')} GROUP BY n.nspname, t.typname
UNION ALL SELECT json_build_array('extension', extname) FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL SELECT json_build_array('policy', n.nspname, c.relname, p.polname)
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')};
`;

/** A statement that keeps a table from being dropped, changed or emptied until the transaction ends. */
export function lockStatement(tableRow: string): string {
  return `LOCK TABLE ONLY ${qualified(tableRow)} IN ACCESS SHARE MODE;`;
}

/** A statement that counts one table's own rows. */
export function countStatement(tableRow: string): string {
  return `SELECT count(*) FROM ONLY ${qualified(tableRow)};`;
}

function qualified(tableRow: string): string {
  return (JSON.parse(tableRow) as string[]).map(identifier).join('.');
}

/** @param counts one for each of the tables */
export function fingerprintOf(
  schemaRows: readonly string[],
  tableRows: readonly string[],
  counts: readonly string[],
): Fingerprint {
  return {
    schemaSha256: createHash('sha256')
      .update([...schemaRows].sort().join('\n'))
      .digest('hex'),
    tables: Object.fromEntries(tableRows.map((row, index) => [nameOf(row), Number(counts[index])])),
  };
}

/** `public.accounts`; quoted only where a dot would make two names look the same. */
function nameOf(tableRow: string): string {
  const names = JSON.parse(tableRow) as string[];
  return names.map((name) => (name.includes('.') ? `"${name}"` : name)).join('.');
}
