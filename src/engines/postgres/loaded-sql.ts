import type { Bytes } from '../../core/bytes.ts';
import type { Loaded } from '../../core/engine.ts';
import { HoldfastError, IntegrityError } from '../../core/errors.ts';
import { fingerprintOf } from './fingerprint.ts';

/** The lines that pg_dump and pg_dumpall write last: they are there only when all is. */
const trailer = /^-- PostgreSQL database (?:cluster )?dump complete$/;
/** What may follow it. */
const nothing = /^(?:--)?\r?$|^\\unrestrict \w+$/;
const longestLine = 1024;

/**
 * Reads SQL to its end. It is run nowhere: SQL of a server's roles belongs to no database, and psql would take commands
 * from it.
 */
export async function readSql(plain: Bytes): Promise<Loaded> {
  const seen = new SeenSql();
  const decoder = new TextDecoder('latin1');
  for await (const chunk of plain) seen.add(decoder.decode(chunk, { stream: true }));
  const fault = seen.fault();
  return {
    label: 'a reading of the SQL to its end',
    async check() {
      if (fault === null) return [];
      throw new IntegrityError(`The SQL of the backup is not whole: ${fault}.`, {
        code: 'postgres.not-restorable',
        hint: 'Take an earlier backup; `list` shows them.',
      });
    },
    fingerprint: async () => fingerprintOf([], [], []),
    async query() {
      throw new HoldfastError("SQL text can't be queried: it is not loaded into a server.", {
        code: 'postgres.query',
        input: 'assert',
        hint: 'Ask a database of the backup instead.',
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** What matters of the lines so far: whether they end inside the rows of a COPY, and which was the last to say something. */
class SeenSql {
  #line = '';
  #ending = '';
  #copying = false;
  #last = '';

  add(text: string): void {
    const lines = text.split('\n');
    for (const [index, part] of lines.entries()) {
      if (this.#line.length < longestLine) this.#line += part.slice(0, longestLine);
      this.#ending = (this.#ending + part.slice(-64)).slice(-64);
      if (index < lines.length - 1) this.#endLine();
    }
  }

  fault(): string | null {
    if (this.#line !== '') this.#endLine();
    if (this.#copying) return 'it ends inside the rows of a table';
    if (!trailer.test(this.#last)) return 'its last line is missing';
    return null;
  }

  #endLine(): void {
    if (this.#copying) this.#copying = this.#line !== '\\.';
    else if (this.#line.startsWith('COPY ') && this.#ending.endsWith(' FROM stdin;')) this.#copying = true;
    else if (!nothing.test(this.#line)) this.#last = this.#line;
    this.#line = '';
    this.#ending = '';
  }
}
