import { ConfigError } from './errors.ts';
import { databaseOfFile } from './keys.ts';

/** A question of the user's own to a restored database: every row must begin with something that is true. */
export interface Assertion {
  /** As in the manifest, with or without the native extension. */
  readonly database: string;
  readonly sql: string;
}

/** The assertions about the database of that name in a backup. */
export function assertionsFor(name: string, assertions: readonly Assertion[]): Assertion[] {
  return assertions.filter(({ database }) => database === name || databaseOfFile(database) === name);
}

/**
 * @param where what has databases of these names: `in the backup …`
 * @throws ConfigError when an assertion is about none of them
 */
export function assertAssertable(
  assertions: readonly Assertion[],
  names: readonly string[],
  where: string,
): void {
  const lost = assertions.find((assertion) =>
    names.every((name) => assertionsFor(name, [assertion]).length === 0),
  );
  if (lost === undefined) return;
  const message = `\`assert\` names ${JSON.stringify(lost.database)}, which is not ${where}.`;
  throw new ConfigError([{ input: 'assert', message, hint: `Name one of ${names.join(', ')}.` }]);
}
