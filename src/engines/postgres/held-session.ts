import { PassThrough } from 'node:stream';
import type { Exit, Process } from '../../core/host.ts';
import { type Access, quietPsql } from './access.ts';
import { postgresError } from './postgres-errors.ts';

const endMark = 'holdfast-answered';

/**
 * psql reads from a pipe that is filled from here. When that ends, because of us or because we died, psql runs the last
 * statements and ends too, and what is still at work then is cancelled at the server. The end of a connection that fell silent
 * is not told for hours, but then the folder goes. $1: a private folder, with a lease; $2: `watched` or not; $3: the last
 * statements; $4: seconds that they may take; then psql's argument list.
 */
const tethered = `
folder=$1
pipe=$1/statements.$$
answers=$1/answers.$$
watched=$2
last=$3
grace=$4
shift 4
mkfifo "$pipe" "$answers" || exit 1
# With both ends open first, no later open waits for another end that may never come: the folder goes when we die.
exec 3<&0 4<>"$pipe" 5<>"$answers"
exec 6<"$pipe" 7>"$pipe" 8<"$answers" 9>"$answers" 4>&- 5>&-
# When nobody listens any more, an answer must not kill psql before its last statements.
( cat; cat >/dev/null ) <&8 3<&- 6<&- 7>&- 9>&- &
relay=$!
"$@" <&6 >&9 3<&- 7>&- 8<&- &
psql=$!
exec 6<&- 8<&- 9>&-
(
  cat <&3 >&7 &
  statements=$!
  if [ "$watched" = watched ]; then
    ( while [ -d "$folder" ]; do sleep 2; done; kill "$statements" ) 3<&- 7>&- &
  fi
  wait "$statements"
  printf '%s\\n' "$last" >&7
  exec 7>&-
  sleep "$grace"; kill -INT "$psql"; sleep 2; kill -KILL "$psql"
) >/dev/null 2>&1 &
exec 7>&-
wait "$psql"
status=$?
wait "$relay"
exit "$status"
`;

/** Statements that run when the session ends, however it does: also when this process dies. No secret belongs there. */
export interface LastStatements {
  readonly sql: string;
  readonly graceSeconds: number;
}

/** One psql that stays open, and with it its transaction. Disposing ends both. */
export class HeldSession implements AsyncDisposable {
  readonly #stdin = new PassThrough();
  readonly #process: Process;
  readonly #lines: AsyncIterator<string>;
  readonly #what: string;

  constructor(
    access: Access,
    what: string,
    signal: AbortSignal,
    last: LastStatements = { sql: '', graceSeconds: 1 },
  ) {
    this.#what = what;
    const psql = access.program('psql', ...quietPsql, '--echo-errors');
    // A program of this machine hears of our end in any case.
    const watched = access.host.remote ? 'watched' : 'alone';
    const folder = [access.folder, watched] as const;
    const script = ['sh', '-c', tethered, 'sh', ...folder, last.sql, `${last.graceSeconds}`] as const;
    this.#process = access.host.spawn([...script, ...psql], {
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

  /** Ends it and says how psql ended; `null` when nobody knows. */
  async end(): Promise<Exit | null> {
    this.#stdin.end();
    while (!(await this.#lines.next().catch(() => ({ done: true }))).done);
    return this.#process.exit.catch(() => null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
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
