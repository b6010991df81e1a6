import { type Access, query } from './access.ts';
import { identifier, literal } from './names.ts';

/** A database as the server's catalog describes it. */
export interface DatabaseFacts {
  readonly oid: number;
  readonly owner: string;
  readonly tablespace: string;
  /** Options of CREATE DATABASE for a database with the same encoding and locale. */
  readonly locale: string;
  readonly connectionLimit: number;
  readonly comment: string | null;
  /** Who may do what with it: role (`null` everybody), privilege, whether it may be passed on. `null`: as usual. */
  readonly privileges: readonly (readonly [string | null, string, boolean])[] | null;
  /** Of whom (`null` everybody), `name=value` each. */
  readonly settings: readonly (readonly [string | null, readonly string[]])[];
  /** Sessions of others, as `[role, application, count]`. */
  readonly sessions: readonly (readonly [string | null, string | null, number])[];
}

/** What decides whether a server can be restored to. */
export interface ServerFacts {
  readonly user: string;
  readonly mayCreate: boolean;
  readonly mayAlter: boolean;
  readonly standby: boolean;
  /** Names that look like what a killed restore left. */
  readonly leftovers: readonly string[];
  /** `null` when there is none of that name. */
  readonly database: DatabaseFacts | null;
}

interface CatalogRow {
  readonly datconnlimit: number;
  readonly datcollate: string;
  readonly datctype: string;
  readonly datlocprovider?: string;
  /** 15 and 16; later versions have `datlocale`. */
  readonly daticulocale?: string | null;
  readonly datlocale?: string | null;
  readonly daticurules?: string | null;
}

type RawFacts = Omit<DatabaseFacts, 'locale' | 'connectionLimit'> & {
  readonly encoding: string;
  readonly catalog: CatalogRow;
};

/** @param leftover what the names of staged databases begin with */
export async function readFacts(
  access: Access,
  { what, name, leftover }: { readonly what: string; readonly name: string; readonly leftover: string },
  signal: AbortSignal,
): Promise<ServerFacts> {
  const [row = ''] = await query(access, what, factsQuery(name, leftover), signal);
  const { database, ...server } = JSON.parse(row) as Omit<ServerFacts, 'database'> & {
    readonly database: RawFacts | null;
  };
  if (database === null) return { ...server, database };
  const { encoding, catalog, ...facts } = database;
  const locale = localeOf(encoding, catalog);
  return { ...server, database: { ...facts, locale, connectionLimit: catalog.datconnlimit } };
}

const factsQuery = (name: string, leftover: string): string => `
SELECT json_build_object(
  'user', current_user,
  'mayCreate', (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user),
  'mayAlter', coalesce((SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = ${literal(name)}), true),
  'standby', pg_is_in_recovery(),
  'leftovers', (SELECT coalesce(json_agg(datname ORDER BY datname), '[]') FROM pg_database
    WHERE left(datname, ${[...leftover].length}) = ${literal(leftover)} AND right(datname, -${[...leftover].length}) ~ '^[0-9a-f]{8}$'),
  'database', (SELECT json_build_object(
    'oid', d.oid::bigint,
    'owner', pg_get_userbyid(d.datdba),
    'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = d.dattablespace),
    'encoding', pg_encoding_to_char(d.encoding),
    'catalog', row_to_json(d),
    'comment', shobj_description(d.oid, 'pg_database'),
    'privileges', CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(json_agg(json_build_array(
        CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable)), '[]')
      FROM aclexplode(d.datacl) a) END,
    'settings', (SELECT coalesce(json_agg(json_build_array(
        CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END, s.setconfig)), '[]')
      FROM pg_db_role_setting s WHERE s.setdatabase = d.oid),
    'sessions', (SELECT coalesce(json_agg(json_build_array(g.usename, g.application_name, g.count)), '[]') FROM (
        SELECT usename, application_name, count(*) FROM pg_stat_activity
          WHERE datid = d.oid AND usename IS NOT NULL AND pid <> pg_backend_pid() GROUP BY 1, 2 ORDER BY 3 DESC) g)
  ) FROM pg_database d WHERE d.datname = ${literal(name)})
);
`;

function localeOf(encoding: string, catalog: CatalogRow): string {
  const { datcollate, datctype, datlocprovider, daticurules } = catalog;
  const texts = `ENCODING = ${literal(encoding)} LC_COLLATE = ${literal(datcollate)} LC_CTYPE = ${literal(datctype)}`;
  const own = literal(catalog.datlocale ?? catalog.daticulocale ?? '');
  const rules = daticurules == null ? '' : ` ICU_RULES = ${literal(daticurules)}`;
  switch (datlocprovider) {
    case undefined:
      return texts;
    case 'i':
      return `${texts} LOCALE_PROVIDER = icu ICU_LOCALE = ${own}${rules}`;
    case 'b':
      return `${texts} LOCALE_PROVIDER = builtin BUILTIN_LOCALE = ${own}`;
    default:
      return `${texts} LOCALE_PROVIDER = libc`;
  }
}

/** Options of CREATE DATABASE for a database like this one. */
export function optionsLike({ owner, tablespace, locale }: DatabaseFacts): string {
  const where = tablespace === 'pg_default' ? '' : ` TABLESPACE = ${identifier(tablespace)}`;
  return `OWNER = ${identifier(owner)} ${locale}${where}`;
}

/** `3 sessions of the role app (puma), 1 session of the role admin`; `null` when there is none. */
export function describeSessions({ sessions }: DatabaseFacts): string | null {
  const words = sessions.map(([role, application, count]) => {
    const program = application ? ` (${application})` : '';
    return `${count} ${count === 1 ? 'session' : 'sessions'} of the role ${role}${program}`;
  });
  return words.length === 0 ? null : words.join(', ');
}
