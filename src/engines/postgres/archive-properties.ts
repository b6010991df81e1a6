import { runProgram } from '../../core/program.ts';
import type { Access } from './access.ts';
import { identifier, literal } from './names.ts';

/** What the database of an archive had beside its content: owner, privileges, settings, limit, comment. */
export interface ArchiveProperties {
  readonly properties: readonly Property[];
  /** Statements that are of no known kind, or can't be read. */
  readonly unread: readonly string[];
}

interface Property {
  /** Makes it the property of a database, whatever the archive's own is called. */
  readonly statement: (database: string) => string;
  /** The same for people: what a setting of an app's own holds may be a secret. */
  readonly shown: (database: string) => string;
}

/**
 * Asks for the entries of the database alone, which are listed with `--create` only: its privileges come at the end of an archive,
 * after those of all tables.
 * $1: pg_restore; $2: the archive; $3: a file for the numbers of the entries.
 */
const script = `
entries='DATABASE|DATABASE PROPERTIES|(ACL|COMMENT|SECURITY LABEL) - DATABASE'
"$1" --create --list "$2" 2>/dev/null | LC_ALL=C sed -n -E "s/^([0-9]+; [0-9]+ [0-9]+) ($entries) .*/\\1/p" >"$3"
"$1" --create --use-list="$3" --file=- "$2" 2>/dev/null | head -c 262144
rm -f "$3"`;

/** Never throws for an archive that is damaged: loading it will tell. */
export async function readProperties(
  { host, client, folder }: Access,
  file: string,
  signal: AbortSignal,
): Promise<ArchiveProperties> {
  const argv = ['sh', '-c', script, 'sh', `${client.folder}/pg_restore`, file, `${folder}/entries`] as const;
  const { stdout } = await runProgram(host, argv, { signal, env: client.env });
  return propertiesIn(stdout);
}

/** Comments, and the commands to psql that pg_restore writes between statements. */
const between = /(?:\s+|--[^\n]*|\\[^\n]*)*/y;
const statementEnd = /(?:"[^"]*"|E'(?:[^'\\]|\\.)*'|'[^']*'|(?!E')[^"';])*;/sy;

/** Each statement is taken apart and made anew, so that it can be of no other database and of no other kind. */
export function propertiesIn(sql: string): ArchiveProperties {
  const properties: Property[] = [];
  const unread: string[] = [];
  const escapes = /^SET standard_conforming_strings = '?off/m.test(sql);
  for (let at = 0; ; ) {
    at += matchAt(between, sql, at).length;
    const statement = matchAt(statementEnd, sql, at) || sql.slice(at);
    if (statement === '') return { properties, unread };
    at += statement.length;
    const property = statement.includes('\uFFFD') ? null : readStatement(statement, escapes);
    if (property !== null) properties.push(property);
    else if (!ofSession.test(statement)) unread.push(statement);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** What only makes the database, or is about the session that restores. */
const ofSession = /^(?:CREATE DATABASE|SELECT pg_catalog\.set_config|SET|RESET)\b/;

const name = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_]\w*)`;
const text = String.raw`(?:E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')`;
const privilege = '(?:ALL|CREATE|CONNECT|TEMPORARY|TEMP)(?: PRIVILEGES)?';
const form = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern.replaceAll('NAME', name).replaceAll('TEXT', text).replaceAll('PRIVILEGE', privilege)};$`,
    's',
  );

const forms = {
  owner: form('ALTER DATABASE NAME OWNER TO (?<role>NAME)'),
  setting: form(
    'ALTER (?:DATABASE|ROLE (?<role>NAME) IN DATABASE) NAME SET (?<key>NAME) TO (?<value>TEXT(?:, *TEXT)*)',
  ),
  limit: form(String.raw`ALTER DATABASE NAME CONNECTION LIMIT =? ?(?<count>\d{1,9})`),
  comment: form('COMMENT ON DATABASE NAME IS (?<value>TEXT)'),
  grant: form(
    'GRANT (?<what>PRIVILEGE(?:, *PRIVILEGE)*) ON DATABASE NAME TO (?<role>NAME)(?<passable> WITH GRANT OPTION)?',
  ),
  revoke: form(
    'REVOKE (?<what>(?:GRANT OPTION FOR )?PRIVILEGE(?:, *PRIVILEGE)*) ON DATABASE NAME FROM (?<role>NAME)',
  ),
};

type Groups = Readonly<Record<string, string | undefined>>;

/** `null`: of no kind that is known. */
function readStatement(statement: string, escapes: boolean): Property | null {
  for (const [kind, pattern] of Object.entries(forms)) {
    const groups = pattern.exec(statement)?.groups;
    if (groups !== undefined) return makers[kind as keyof typeof forms](groups, escapes);
  }
  return null;
}

const plain = (statement: Property['statement']): Property => ({ statement, shown: statement });

const makers: Record<keyof typeof forms, (groups: Groups, escapes: boolean) => Property> = {
  owner({ role = '' }) {
    const owner = identifier(nameOf(role));
    return {
      // The last statement fails where this user would lose the right to rename the database and to drop it.
      statement: (to) =>
        `ALTER DATABASE ${identifier(to)} OWNER TO ${owner}; ALTER DATABASE ${identifier(to)} CONNECTION LIMIT -1;`,
      shown: (to) => `ALTER DATABASE ${identifier(to)} OWNER TO ${owner};`,
    };
  },
  setting({ role, key = '', value = '' }, escapes) {
    const setting = nameOf(key);
    const values = (value.match(new RegExp(text, 'gs')) ?? []).map((found) =>
      literal(textOf(found, escapes)),
    );
    const whose = role === undefined ? '' : `ROLE ${identifier(nameOf(role))} IN `;
    const set = (to: string, shown: string): string =>
      `ALTER ${whose}DATABASE ${identifier(to)} SET ${identifier(setting)} TO ${shown};`;
    return {
      statement: (to) => set(to, values.join(', ')),
      shown: (to) => set(to, setting.includes('.') ? '…' : values.join(', ')),
    };
  },
  limit: ({ count = '' }) => plain((to) => `ALTER DATABASE ${identifier(to)} CONNECTION LIMIT ${count};`),
  comment: ({ value = '' }, escapes) =>
    plain((to) => `COMMENT ON DATABASE ${identifier(to)} IS ${literal(textOf(value, escapes))};`),
  grant: ({ what = '', role = '', passable = '' }) =>
    plain((to) => `GRANT ${what} ON DATABASE ${identifier(to)} TO ${granteeOf(role)}${passable};`),
  revoke: ({ what = '', role = '' }) =>
    plain((to) => `REVOKE ${what} ON DATABASE ${identifier(to)} FROM ${granteeOf(role)};`),
};

function nameOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}

function granteeOf(written: string): string {
  return written === 'PUBLIC' ? written : identifier(nameOf(written));
}

/** @param escapes whether a text without E has backslashes doubled, as servers did that were set so */
function textOf(written: string, escapes: boolean): string {
  const escaped = written.startsWith('E');
  const inner = written.slice(escaped ? 2 : 1, -1).replaceAll("''", "'");
  return escaped || escapes ? inner.replace(/\\(.)/gs, '$1') : inner;
}
