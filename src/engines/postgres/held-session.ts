import { PassThrough } from 'node:stream';
import type { Process } from '../../core/host.ts';
import { type Access, quietPsql } from './access.ts';
import { postgresError } from './postgres-errors.ts';

const endMark = 'holdfast-answered';

/**
 * psql reads from a pipe that is filled from here. When that ends, because of us or because we died, psql ends too, and
 * a statement that is still at work is cancelled at the server. $1: a private folder; then psql's argument list.
 */
const tethered = `
pipe=$1/statements.$$
shift
mkfifo "$pipe" || exit 1
exec 3<&0
"$@" <"$pipe" 3<&- &
psql=$!
( cat <&3 >"$pipe"; sleep 1; kill -INT "$psql"; sleep 2; kill -KILL "$psql" ) >/dev/null 2>&1 &
wait "$psql"
`;

/** One psql that stays open, and with it its transaction. Disposing ends both. */
export class HeldSession implements AsyncDisposable {
  readonly #stdin = new PassThrough();
  readonly #process: Process;
  readonly #lines: AsyncIterator<string>;
  readonly #what: string;

  constructor(access: Access, what: string, signal: AbortSignal) {
    this.#what = what;
    const psql = access.program('psql', ...quietPsql, '--echo-errors');
    this.#process = access.host.spawn(['sh', '-c', tethered, 'sh', access.folder, ...psql], {
      signal,
      env: access.env,
      stdin: this.#stdin,
    });
    // Told by whoever asks next.
    this.#process.exit.catch(() => {});
    this.#lines = linesOf(this.#process.stdout);
  }

  /** Runs statements and gives the lines of their results. @throws HoldfastError with psql's reason when one fails */
  async ask(statements: string): Promise<string[]> {
    this.#stdin.write(`${statements}\n\\echo ${endMark}\n`);
    const answer: string[] = [];
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw postgresError(this.#what, await this.#process.exit);
      if (value === endMark) return answer;
      answer.push(value);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stdin.end();
    while (!(await this.#lines.next().catch(() => ({ done: true }))).done);
    await this.#process.exit.catch(() => {});
  }
}

async function* linesOf(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const chunk of stdout) {
    const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
    held = lines.pop() as string;
    yield* lines;
  }
  return undefined;
}
