import { CommandError, HoldfastError, IntegrityError } from '../../core/errors.ts';
import type { Access } from './access.ts';
import { openMatching, type PostgresHosts } from './choose-client.ts';
import type { Connection } from './connection.ts';

/** Opens the first of these databases that lets us in, from where others are created, renamed and dropped. */
export async function openMaintenance(
  hosts: PostgresHosts,
  connection: Connection,
  databases: readonly string[],
  signal: AbortSignal,
): Promise<Access> {
  let first: HoldfastError | undefined;
  for (const database of databases) {
    try {
      return await openMatching(hosts, { ...connection, database }, signal);
    } catch (error) {
      if (!(error instanceof HoldfastError && ofOneDatabase.has(error.code))) throw error;
      first ??= error;
    }
  }
  throw first ?? new TypeError('no database to connect to');
}

const ofOneDatabase = new Set(['postgres.no-database', 'postgres.permission', 'postgres.hba']);

/** The same failure, of the option that the URL comes from. */
export function about(input: 'scratch-url' | 'to', error: HoldfastError): HoldfastError {
  if (error.input !== 'database' || error instanceof IntegrityError) return error;
  const renamed = (text: string): string => text.replaceAll('`database`', `\`${input}\``);
  return new CommandError(renamed(error.message), {
    code: error.code,
    hint: error.hint === undefined ? undefined : renamed(error.hint),
    input,
    cause: error,
  });
}
