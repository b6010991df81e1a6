import { randomInt } from 'node:crypto';
import { CommandError, throwIfCancelled } from '../../core/errors.ts';
import type { Exit, Host, Process, Scratch } from '../../core/host.ts';
import { describeExit, lastLine, runProgram } from '../../core/program.ts';
import { Secret } from '../../core/secret.ts';
import type { Client } from './clients.ts';
import type { Connection } from './connection.ts';
import { clusterScript, giveFolderScript } from './scratch-cluster-script.ts';

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
  const { path } = stack.use(await reachableFolder(host, signal));
  const sockets = fitsSocket(path) ? path : stack.use(await reachableFolder(host, signal, '/tmp')).path;
  const port = randomInt(10_000, 60_000);
  const running = stack.use(new Running(host, [programs.folder, path, sockets, `${port}`], signal));
  await running.ready(programs.version);
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
      const found = await runProgram(host, ['grep', '-q', 'No space left', `${path}/log`], { signal });
      return found.code === 0;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The server process and its end. */
class Running implements AsyncDisposable {
  readonly #host: Host;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #process: Process;

  constructor(host: Host, args: readonly string[], signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
    this.#process = host.spawn(['sh', '-c', clusterScript, 'sh', ...args], {
      signal: AbortSignal.any([signal, this.#stop.signal]),
    });
    this.#process.exit.catch(() => {});
  }

  async ready(version: string): Promise<void> {
    const output = this.#process.stdout[Symbol.asyncIterator]();
    const { done } = await output.next();
    if (done) throw startFailed(this.#host, version, await this.#process.exit);
    throwIfCancelled(this.#signal);
    // It says nothing more, but its end must be seen.
    output.next().catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
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

/** A private folder of the server's user: in the usual place, or in /tmp where he gets to that only. */
async function reachableFolder(host: Host, signal: AbortSignal, under?: string): Promise<Scratch> {
  const scratch = await host.scratch({ signal, ...(under === undefined ? {} : { under }) });
  try {
    const given = await runProgram(host, ['sh', '-c', giveFolderScript, 'sh', scratch.path], { signal });
    if (given.stdout.trim() === 'yes') return scratch;
    if (given.code !== 0 || under !== undefined) {
      const why = lastLine(given.stderr) || 'its user can not get into a temporary folder';
      throw new CommandError(`A scratch cluster can't be made on ${host.label}: ${why}.`, {
        code: 'postgres.scratch',
        hint: 'Name a server to load backups into with `scratch-url`.',
      });
    }
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
  await scratch[Symbol.asyncDispose]();
  return reachableFolder(host, signal, '/tmp');
}

/** The path of a socket has at most 103 bytes, 15 of them for its name; and it stands in a list, in quotes. */
function fitsSocket(folder: string): boolean {
  return folder.length <= 85 && /^[\w/.+-]+$/.test(folder);
}
