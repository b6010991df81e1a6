import type { Fingerprint, Loaded } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import { sqliteReason } from './damage.ts';
import { type CheckedFile, checkFile, strayRows } from './fingerprint.ts';

export interface LoadedFileOptions extends CheckedFile {
  /** Removes the file. */
  readonly held: AsyncDisposable;
  readonly signal: AbortSignal;
}

/** A backup's database as a private file. It is checked once, when first asked. */
export class LoadedFile implements Loaded {
  readonly label: string;
  readonly #options: LoadedFileOptions;
  readonly #stop = new AbortController();
  readonly #during: AbortSignal;
  #checked: Promise<Fingerprint> | undefined;

  constructor(options: LoadedFileOptions) {
    this.#options = options;
    this.#during = AbortSignal.any([options.signal, this.#stop.signal]);
    this.label = `${options.tool.label} on ${options.host.label}`;
  }

  async check(): Promise<readonly string[]> {
    await this.fingerprint();
    return strayRows(this.#options, this.#during);
  }

  fingerprint(): Promise<Fingerprint> {
    this.#checked ??= checkFile(this.#options, this.#during);
    return this.#checked;
  }

  async query(sql: string): Promise<readonly string[]> {
    const { host, tool, file } = this.#options;
    const fail = queryFailed;
    return tool.firstColumn(host, file, oneSelect(sql), { signal: this.#during, fail });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#checked?.catch(() => {});
    await this.#options.held[Symbol.asyncDispose]();
  }
}

function queryFailed(exit: Parameters<typeof sqliteReason>[0]): HoldfastError {
  return new HoldfastError(`The query failed: ${sqliteReason(exit)}.`, {
    code: 'sqlite.query',
    hint: 'Try it in `sqlite3` on the database.',
  });
}

/** Texts, names and comments, in which any character may stand. */
const opaque = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/**
 * The query without the semicolon at its end.
 * @throws HoldfastError `sqlite.query` when it is not one SELECT, or has a line that `sqlite3` would take as a command
 */
function oneSelect(sql: string): string {
  const bare = sql.replace(opaque, (text) => (/^(?:--|\/\*)/.test(text) ? ' ' : 'x'));
  const refusal = [
    [/^\s*\./m.test(sql), 'a line of it begins with a dot'],
    [!/^\s*(?:select|with|values)\b/i.test(bare), 'it does not begin with SELECT, WITH or VALUES'],
    [/;[\s;]*[^\s;]/.test(bare), 'it is more than one statement'],
  ].find(([applies]) => applies);
  if (refusal !== undefined) {
    throw new HoldfastError(`The query can't be asked: ${refusal[1]}.`, {
      code: 'sqlite.query',
      hint: 'Write one SELECT.',
    });
  }
  // A comment after it may hold semicolons too; then the last one of the statement ends it.
  return sql.replace(/[;\s]+$/, '');
}
