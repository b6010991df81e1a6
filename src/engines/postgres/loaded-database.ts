import { randomBytes } from 'node:crypto';
import type { Fingerprint, Loaded } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import { runProgram } from '../../core/program.ts';
import { type Access, query, quietPsql } from './access.ts';
import { postgresError, reasonIn } from './postgres-errors.ts';
import { takeFingerprint } from './take-fingerprint.ts';

export interface LoadedDatabaseOptions {
  readonly label: string;
  /** Into the database. */
  readonly access: Access;
  /** Removes it. */
  readonly held: AsyncDisposable;
  readonly signal: AbortSignal;
}

/** A backup's database on a server. Loading it has checked its constraints and built its indexes. */
export class LoadedDatabase implements Loaded {
  readonly label: string;
  readonly #options: LoadedDatabaseOptions;
  readonly #stop = new AbortController();
  readonly #during: AbortSignal;
  #fingerprint: Promise<Fingerprint> | undefined;

  constructor(options: LoadedDatabaseOptions) {
    this.label = options.label;
    this.#options = options;
    this.#during = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async check(): Promise<readonly string[]> {
    const what = `Looking at the indexes of ${this.label}`;
    const invalid = await query(this.#options.access, what, invalidQuery, this.#during);
    return invalid.length === 0 ? [] : [`indexes that are not valid: ${invalid.join(', ')}`];
  }

  fingerprint(): Promise<Fingerprint> {
    this.#fingerprint ??= takeFingerprint(
      this.#options.access,
      `Counting the rows of ${this.label}`,
      this.#during,
    );
    return this.#fingerprint;
  }

  query(sql: string): Promise<readonly string[]> {
    return firstColumn(this.#options.access, sql, this.#during);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#fingerprint?.catch(() => {});
    await this.#options.held[Symbol.asyncDispose]();
  }
}

const invalidQuery = 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;';

/**
 * The server takes the text as one query that gives rows, or refuses it: a cursor has no other. psql sees but its
 * hexadecimal digits. What separates columns occurs in no value, rows end in NUL.
 */
async function firstColumn(access: Access, sql: string, signal: AbortSignal): Promise<string[]> {
  const separator = `\u001f${randomBytes(12).toString('hex')}\u001f`;
  const text = Buffer.from(sql).toString('hex');
  const statements = `SET statement_timeout = 0;
BEGIN READ ONLY;
DO $holdfast$ DECLARE c refcursor := 'holdfast'; BEGIN
  OPEN c FOR EXECUTE convert_from(decode('${text}', 'hex'), 'UTF8');
END $holdfast$;
FETCH ALL FROM holdfast;
`;
  const psql = access.program('psql', ...quietPsql, '--record-separator-zero', '-F', separator);
  const run = await runProgram(access.host, psql, { signal, env: access.env, stdin: statements }).catch(
    (cause: unknown) => {
      if (cause instanceof RangeError) throw queryFailed('it gives more than can be read', cause);
      throw cause;
    },
  );
  if (run.code === 0) {
    const rows = run.stdout.split('\0').slice(0, -1);
    return rows.map((row) => row.split(separator, 1)[0] ?? '');
  }
  const error = postgresError('The query', run);
  if (/^postgres\.(?:busy|lost|refused|timeout|password|dns)$/.test(error.code)) throw error;
  throw queryFailed(reasonIn(run.stderr), error);
}

function queryFailed(why: string, cause: unknown): HoldfastError {
  return new HoldfastError(`The query failed: ${why}.`, {
    code: 'postgres.query',
    hint: 'Write one SELECT; try it in psql on the database.',
    cause,
  });
}
