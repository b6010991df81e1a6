import { randomInt } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { CommandError, throwIfCancelled } from '../../core/errors.ts';
import type { Exit, Host, Process } from '../../core/host.ts';
import { describeExit, lastLine, runProgram } from '../../core/program.ts';
import { Secret } from '../../core/secret.ts';
import type { Client } from './clients.ts';
import type { Connection } from './connection.ts';
import { clusterScript } from './scratch-cluster-script.ts';

/** A running server of our own. Disposing ends it and removes all of it. */
export interface ScratchCluster extends AsyncDisposable {
  /** Its superuser, by a socket in a private folder. */
  readonly connection: Connection;
  /** Whether its log says that the disk is full: clients only see that it went away. */
  isFull(): Promise<boolean>;
}

/**
 * Makes a cluster that is as short-lived as we are, and starts it. It answers on a socket that nobody else can reach.
 * @throws CommandError `postgres.no-space`, `postgres.scratch`
 */
export async function startCluster(
  host: Host,
  programs: Client,
  signal: AbortSignal,
): Promise<ScratchCluster> {
  await using stack = new AsyncDisposableStack();
  const port = randomInt(10_000, 60_000);
  const running = stack.use(new Running(host, [programs.folder, `${port}`], signal));
  const { folder, sockets } = await running.ready(programs.version);
  const held = stack.move();
  return {
    connection: {
      host: sockets,
      port,
      user: 'postgres',
      password: new Secret(''),
      database: 'postgres',
      sslmode: undefined,
      settings: {},
    },
    async isFull() {
      const found = await runProgram(host, ['grep', '-q', 'No space left', `${folder}/log`], { signal });
      return found.code === 0;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A cancellation must not hurry it: the script ends with its stdin, in good order. */
const unending = new AbortController().signal;

/** The server process and its end. */
class Running implements AsyncDisposable {
  readonly #host: Host;
  readonly #signal: AbortSignal;
  readonly #stdin = new PassThrough();
  readonly #process: Process;
  readonly #end = (): void => {
    this.#stdin.end();
  };

  constructor(host: Host, args: readonly string[], signal: AbortSignal) {
    throwIfCancelled(signal);
    this.#host = host;
    this.#signal = signal;
    signal.addEventListener('abort', this.#end, { once: true });
    const argv = ['sh', '-c', clusterScript, 'sh', ...args] as const;
    this.#process = host.spawn([...argv], { signal: unending, stdin: this.#stdin });
    this.#process.exit.catch(() => {});
  }

  async ready(version: string): Promise<{ folder: string; sockets: string }> {
    let said = '';
    const output = this.#process.stdout[Symbol.asyncIterator]();
    while (said.split('\n').length < 3) {
      const { done, value } = await output.next();
      if (done) {
        throwIfCancelled(this.#signal);
        throw startFailed(this.#host, version, await this.#process.exit);
      }
      said += Buffer.from(value).toString('utf8');
    }
    // It says nothing more, but its end must be seen.
    output.next().catch(() => {});
    throwIfCancelled(this.#signal);
    const [folder = '', sockets = ''] = said.split('\n');
    return { folder, sockets };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#end);
    this.#end();
    await this.#process.exit.catch(() => {});
  }
}

function startFailed(host: Host, version: string, exit: Exit): CommandError {
  const why = lastLine(exit.stderr) || describeExit(exit);
  const full = /no space left|disk quota/i.test(exit.stderr);
  return new CommandError(
    `A scratch cluster of PostgreSQL ${version} could not be started on ${host.label}: ${why}.`,
    {
      code: full ? 'postgres.no-space' : 'postgres.scratch',
      hint: full
        ? 'Free some space in the temporary folder, or set TMPDIR to one with room.'
        : 'Name a server to load backups into with `scratch-url`.',
    },
  );
}
