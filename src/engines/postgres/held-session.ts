import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Process } from '../../core/host.ts';
import { type Access, quietPsql } from './access.ts';
import { postgresError } from './postgres-errors.ts';

const endMark = 'holdfast-answered';

/** One psql that stays open, and with it its transaction. Disposing ends both. */
export class HeldSession implements AsyncDisposable {
  readonly #stdin = new PassThrough();
  readonly #process: Process;
  readonly #lines: AsyncIterator<string>;
  readonly #what: string;

  constructor(access: Access, what: string, signal: AbortSignal) {
    this.#what = what;
    this.#process = access.host.spawn(access.program('psql', ...quietPsql), {
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
    if (!this.#stdin.write(`${statements}\n\\echo ${endMark}\n`)) await once(this.#stdin, 'drain');
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
