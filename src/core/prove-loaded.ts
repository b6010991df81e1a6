import type { Assertion } from './assertion.ts';
import type { Fingerprint, Loaded } from './engine.ts';
import { HoldfastError, IntegrityError } from './errors.ts';
import type { ManifestDatabase } from './manifest.ts';

/**
 * The engine's check, the fingerprint of the manifest, the user's assertions: what makes a loaded database the one that
 * was backed up.
 * @param onOtherSchema is told where every table has its rows and the schema alone differs; absent: that is a failure, too
 * @returns what was looked at, and what is odd, for people
 * @throws IntegrityError when anything differs, or an assertion is false: {@link isDamage} tells them apart; HoldfastError
 * `verify.query` when one could not be asked
 */
export async function proveLoaded(
  loaded: Loaded,
  entry: ManifestDatabase,
  assertions: readonly Assertion[],
  onOtherSchema?: (error: IntegrityError) => void,
): Promise<string> {
  const notes = await loaded.check();
  const difference = compare(entry, await loaded.fingerprint());
  if (difference !== null && !(difference.schemaAlone && onOtherSchema)) throw difference.error;
  if (difference !== null) onOtherSchema?.(difference.error);
  for (const { sql } of assertions) await holds(loaded, sql);
  const counts = Object.values(entry.fingerprint.tables);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const asserted = assertions.length === 0 ? [] : [`${assertions.length} assertions hold`];
  return [
    `${rows} rows in ${counts.length} tables as backed up, loaded by ${loaded.label}`,
    ...asserted,
    ...notes,
  ].join('; ');
}

const assertionCode = 'verify.assertion';

/** Whether the backup is not what was made. An assertion that is false says that of the data, not of the backup. */
export function isDamage(error: HoldfastError): boolean {
  return error instanceof IntegrityError && error.code !== assertionCode;
}

async function holds(loaded: Loaded, sql: string): Promise<void> {
  const answer = await ask(loaded, sql);
  const broken = answer.find(isFalse);
  if (answer.length > 0 && broken === undefined) return;
  const why =
    answer.length === 0 ? 'it gives no row' : `it gives ${broken === '' ? 'NULL or nothing' : broken}`;
  throw new IntegrityError(`It is intact, but the assertion about it does not hold: ${why} (${sql}).`, {
    code: assertionCode,
    input: 'assert',
    hint: 'Look at the data, or correct the assertion.',
  });
}

async function ask(loaded: Loaded, sql: string): Promise<readonly string[]> {
  try {
    return await loaded.query(sql);
  } catch (cause) {
    if (!(cause instanceof HoldfastError) || !cause.code.endsWith('.query')) throw cause;
    const why = cause.message.replace(/\.$/, '');
    throw new HoldfastError(`The assertion about it could not be asked: ${why} (${sql}).`, {
      code: 'verify.query',
      input: 'assert',
      hint: 'Correct the query in `assert`.',
      cause,
    });
  }
}

function isFalse(value: string): boolean {
  const text = value.trim().toLowerCase();
  return text === '' || text === 'f' || text === 'false' || Number(text) === 0;
}

/** `null` when nothing differs. */
function compare(
  { name, fingerprint: expected }: ManifestDatabase,
  found: Fingerprint,
): { readonly schemaAlone: boolean; readonly error: IntegrityError } | null {
  const tables = compareTables(expected, found);
  const schema = expected.schemaSha256 === found.schemaSha256 ? [] : ['its schema differs'];
  const differences = [...tables, ...schema];
  if (differences.length === 0) return null;
  const schemaAlone = tables.length === 0;
  const whole = ' Every table has its rows: `restore` with `force: true` takes it as it is.';
  const error = new IntegrityError(
    `${name} restores, but is not what was backed up: ${shorten(differences)}.`,
    {
      code: 'verify.differs',
      hint: `Take an earlier backup; \`list\` shows them.${schemaAlone ? whole : ''}`,
    },
  );
  return { schemaAlone, error };
}

function compareTables(expected: Fingerprint, found: Fingerprint): string[] {
  const differences: string[] = [];
  const names = new Set([...Object.keys(expected.tables), ...Object.keys(found.tables)]);
  for (const name of names) {
    const [wanted, got] = [expected.tables[name], found.tables[name]];
    if (wanted === got) continue;
    if (got === undefined) differences.push(`the table ${name} is missing`);
    else if (wanted === undefined) differences.push(`the table ${name} was not there`);
    else differences.push(`the table ${name} has ${got} rows instead of ${wanted}`);
  }
  return differences;
}

function shorten(differences: readonly string[]): string {
  const more = differences.length > 5 ? `, and ${differences.length - 5} more` : '';
  return differences.slice(0, 5).join(', ') + more;
}
