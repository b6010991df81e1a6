import { HoldfastError, throwIfCancelled } from '../../core/errors.ts';
import { type Access, inDatabase } from './access.ts';
import { HeldSession } from './held-session.ts';
import { identifier, literal } from './names.ts';

export interface NewDatabaseRequest {
  /** To another database of the server. */
  readonly access: Access;
  readonly name: string;
  /** Options of CREATE DATABASE, in the order in which they are tried: not every server has every locale. */
  readonly options: readonly [string, ...string[]];
  /** For messages: `Making a scratch database on …`. */
  readonly what: string;
  /** Told when it may still be there after it was to be dropped. */
  readonly onLeft: (dropStatement: string) => void;
  readonly signal: AbortSignal;
}

/** A database of our own. It is dropped when it is disposed of or this process dies, unless it was renamed. */
export interface NewDatabase extends AsyncDisposable {
  readonly name: string;
  /** Into the new database. */
  readonly access: Access;
  /** Which of the options it got. */
  readonly option: number;
}

/**
 * Creates a database from `template0`, in a session that stays open only to drop it.
 * @throws HoldfastError also when there is a database of that name, which is not touched
 */
export async function createDatabase(request: NewDatabaseRequest): Promise<NewDatabase> {
  const { access, name, options } = request;
  for (const [option, text] of options.entries()) {
    try {
      const session = await create(request, text);
      return {
        name,
        access: inDatabase(access, name),
        option,
        [Symbol.asyncDispose]: () => drop(request, session),
      };
    } catch (error) {
      if (option === options.length - 1 || !isOfLocale(error)) throw error;
    }
  }
  throw new TypeError('no options to create a database with');
}

/** The session must outlive a cancellation, as it has to drop what it made. */
const unending = new AbortController().signal;

async function create(request: NewDatabaseRequest, options: string): Promise<HeldSession> {
  const { access, name, what, signal } = request;
  // Where the creation fails, psql has ended before it reads the last statements.
  const session = new HeldSession(access, what, unending, {
    sql: dropStatements(name, access.client.major),
    graceSeconds: 60,
  });
  try {
    await session.ask('SET statement_timeout = 0;');
    await session.ask(`CREATE DATABASE ${identifier(name)} TEMPLATE template0 ${options};`);
    return session;
  } catch (error) {
    await session.end();
    // What the session needs on the host goes with a cancellation.
    throwIfCancelled(signal);
    throw told(error, access);
  }
}

async function drop({ name, onLeft }: NewDatabaseRequest, session: HeldSession): Promise<void> {
  const exit = await session.end();
  if (exit?.code !== 0) onLeft(`DROP DATABASE IF EXISTS ${identifier(name)};`);
}

/** Nothing happens to a database that was renamed. */
function dropStatements(name: string, serverMajor: number): string {
  const plain = `DROP DATABASE IF EXISTS ${identifier(name)}`;
  const quiet = 'SET client_min_messages = error;';
  if (serverMajor >= 13) return `${quiet} ${plain} WITH (FORCE);`;
  return `${quiet} SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(name)}; ${plain};`;
}

function isOfLocale(error: unknown): boolean {
  return error instanceof Error && /locale|encoding|collat|\bICU\b|provider/i.test(error.message);
}

function told(error: unknown, { connection }: Access): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'postgres.permission') return error;
  const role = connection.user === undefined ? '…' : identifier(connection.user);
  return new HoldfastError(error.message, {
    code: error.code,
    input: error.input,
    hint: `Let the role of the URL create databases; as a superuser: ALTER ROLE ${role} CREATEDB;`,
    cause: error,
  });
}
