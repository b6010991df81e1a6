import { HoldfastError } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import { type Access, query } from './access.ts';
import type { ArchiveProperties } from './archive-properties.ts';
import { identifier, literal } from './names.ts';
import type { DatabaseFacts } from './target-facts.ts';

export interface PropertyTarget {
  /** The database that gets them. */
  readonly to: string;
  /** The one that has them, or will be named so. */
  readonly name: string;
  readonly label: string;
  readonly reporter: Reporter;
}

/**
 * What a dump does not hold, as it belongs to the name of a database: who may connect, settings, limit, comment.
 * Whoever may restore need not be allowed to set every setting: such a one is told. A privilege that can't be kept fails.
 */
export async function copyProperties(
  access: Access,
  from: DatabaseFacts,
  { to, name, label, reporter }: PropertyTarget,
  signal: AbortSignal,
): Promise<void> {
  const what = `Giving the new database what ${label} has`;
  const run = (statements: readonly string[]): Promise<string[]> =>
    query(access, what, ['BEGIN;', ...statements, 'COMMIT;', ''].join('\n'), signal);
  const must = [...privilegeStatements(to, from), ...limitStatements(to, from)];
  const settings = settingStatements(to, from);
  try {
    await run([...must, ...settings]);
    return;
  } catch (error) {
    if (settings.length === 0 || !(error instanceof HoldfastError)) throw error;
  }
  await run(must);
  for (const statement of settings) {
    try {
      await run([statement]);
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code === 'cancelled') throw error;
      const shown = statement.replace(identifier(to), identifier(name));
      reporter.warn(`A setting of ${label} is not kept, as this user may not set it: ${shown}`);
    }
  }
}

/** Gives a new database what that of the archive had. What the server refuses, a role that it lacks say, is told. */
export async function giveProperties(
  access: Access,
  { properties, unread }: ArchiveProperties,
  { to, name, label, reporter }: PropertyTarget,
  signal: AbortSignal,
): Promise<void> {
  const what = `Giving ${label} what it had`;
  const run = (statements: readonly string[]): Promise<string[]> =>
    query(access, what, ['BEGIN;', ...statements, 'COMMIT;', ''].join('\n'), signal);
  for (const statement of unread) {
    reporter.warn(
      `What the backup says of its database is not understood, and not kept: ${firstWords(statement)}`,
    );
  }
  if (properties.length === 0) return;
  const all = properties.map(({ statement }) => statement(to));
  if ((await refusalOf(run(all))) === null) return;
  for (const { statement, shown } of properties) {
    const refusal = await refusalOf(run([statement(to)]));
    if (refusal === null) continue;
    const why = refusal.message.replace(`${what} failed: `, '').replaceAll(to, name).replace(/\.$/, '');
    reporter.warn(`${label} does not get what it had in the backup (${why}): ${shown(name)}`);
  }
}

async function refusalOf(work: Promise<unknown>): Promise<HoldfastError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code === 'cancelled') throw error;
    return error;
  }
}

function firstWords(statement: string): string {
  const words = statement.replace(/\s+/g, ' ').trim();
  return words.length > 120 ? `${words.slice(0, 120)}…` : words;
}

function privilegeStatements(to: string, { privileges, owner }: DatabaseFacts): string[] {
  if (privileges === null) return [];
  const database = identifier(to);
  return [
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${identifier(owner)};`,
    ...privileges.map(([role, privilege, passable]) => {
      const grantee = role === null ? 'PUBLIC' : identifier(role);
      return `GRANT ${privilege} ON DATABASE ${database} TO ${grantee}${passable ? ' WITH GRANT OPTION' : ''};`;
    }),
  ];
}

function limitStatements(to: string, { connectionLimit, comment }: DatabaseFacts): string[] {
  const database = identifier(to);
  const limit =
    connectionLimit === -1 ? [] : [`ALTER DATABASE ${database} CONNECTION LIMIT ${connectionLimit};`];
  const text = comment === null ? [] : [`COMMENT ON DATABASE ${database} IS ${literal(comment)};`];
  return [...limit, ...text];
}

function settingStatements(to: string, { settings }: DatabaseFacts): string[] {
  return settings.flatMap(([role, pairs]) => {
    const database = identifier(to);
    const whose = role === null ? `DATABASE ${database}` : `ROLE ${identifier(role)} IN DATABASE ${database}`;
    return pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
      return `ALTER ${whose} SET ${identifier(name)} TO ${settingValue(name, value)};`;
    });
  });
}

/** Settings that hold a list of names: the catalog has the names quoted where they must be, the statement takes them one by one. */
const lists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** @see https://github.com/postgres/postgres/blob/master/src/bin/pg_dump/dumputils.c makeAlterConfigCommand */
function settingValue(name: string, value: string): string {
  if (!lists.has(name.toLowerCase())) return literal(value);
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, bare]) =>
    literal(quoted?.replaceAll('""', '"') ?? bare ?? ''),
  );
  return names.length === 0 ? "''" : names.join(', ');
}
