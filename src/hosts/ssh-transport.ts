import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { Client, ClientChannel } from 'ssh2';
import { CommandError } from '../core/errors.ts';
import type { Forward } from '../core/host.ts';
import { quote } from '../core/quote.ts';
import { sshError } from './ssh-errors.ts';
import { widen } from './ssh-window.ts';
import type { RawProcess, Transport } from './transport.ts';

/** With a longer round trip a server is far away: then the window is what limits a stream, and each start is waited for. */
const farMs = 12;

/** How many programs are started ahead there, as many as a large stream has before it, and how long they wait. */
const [aheadCount, aheadMs] = [3, 5000];

interface Opened extends RawProcess {
  /** The program has ended, or its channel, whether that was read or not. */
  hasEnded(): boolean;
}

/** Programs that nobody has asked for yet. */
interface Ahead {
  readonly command: string;
  /** `null`: it could not be started. */
  readonly openings: Promise<Opened | null>[];
}

/** Programs on a machine over one SSH connection, a channel each. */
export class SshTransport implements Transport {
  readonly label: string;
  readonly remote = true;
  readonly #client: Client;
  /** Rejects when the connection is lost. */
  readonly #lost: Promise<never>;
  #closing = false;
  readonly #isFar: boolean;
  /** `null`: not yet. */
  #ahead: Ahead | null = null;

  /** @param roundTripMs of a question and its answer */
  constructor(client: Client, label: string, roundTripMs: number) {
    this.label = label;
    this.#isFar = roundTripMs > farMs;
    this.#client = client;
    this.#lost = new Promise((_, reject) => {
      let cause: Error | undefined;
      client.on('error', (error) => {
        cause ??= error;
      });
      client.once('close', () => {
        if (!this.#closing) reject(lostConnection(label, cause));
      });
    });
    this.#lost.catch(() => {});
  }

  async start(argv: readonly [string, ...string[]]): Promise<RawProcess> {
    const command = argv.map(quote).join(' ');
    for (;;) {
      const opening = this.#ahead?.command === command ? this.#ahead.openings.shift() : undefined;
      if (opening === undefined) return this.#open(command);
      const opened = await opening;
      if (opened !== null && !opened.hasEnded()) return opened;
    }
  }

  startAhead(argv: readonly [string, ...string[]]): void {
    if (this.#ahead !== null || !this.#isFar) return;
    const command = argv.map(quote).join(' ');
    const open = (): Promise<Opened | null> => this.#open(command).catch(() => null);
    const ahead = { command, openings: Array.from({ length: aheadCount }, open) };
    this.#ahead = ahead;
    const dismiss = async (): Promise<void> => {
      for (const opening of ahead.openings.splice(0)) (await opening)?.destroy();
    };
    setTimeout(dismiss, aheadMs).unref();
  }

  async #open(command: string): Promise<Opened> {
    const opened = new Promise<[ClientChannel, Pick<Opened, 'ended' | 'hasEnded'>]>((resolve, reject) => {
      // The exit status may come in the same packet, before anybody who awaits the channel has it.
      this.#client.exec(command, (error, channel) =>
        error ? reject(sshError(this.label, error)) : resolve([channel, this.#endOf(channel)]),
      );
    });
    // What is lost says so, where ssh2 says only that there is no connection.
    const [channel, end] = await Promise.race([this.#lost, opened]);
    if (this.#isFar) widen(this.#client, channel);
    return {
      stdin: channel.stdin,
      stdout: channel.stdout,
      stderr: channel.stderr,
      ...end,
      destroy: () => channel.close(),
    };
  }

  #endOf(channel: ClientChannel): Pick<Opened, 'ended' | 'hasEnded'> {
    let exit: { code: number | null; signal?: string } | null = null;
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { code, ...(signal ? { signal } : {}) };
    });
    const closed = once(channel, 'close').then(() => exit ?? { code: null });
    // After a loss ssh2 closes some of its channels and forgets others: which of the two comes first must not matter.
    const judged = closed.then((found) => (this.#isConnected() ? found : orAfter(1000, this.#lost, found)));
    const ended = Promise.race([judged, this.#lost]);
    ended.catch(() => {});
    return { ended, hasEnded: () => exit !== null || !channel.writable };
  }

  #isConnected(): boolean {
    return this.#closing || this.#isOpen();
  }

  #isOpen(): boolean {
    const socket = this.#socket;
    return socket?.writable === true && !socket.destroyed;
  }

  get #socket(): Socket | undefined {
    return (this.#client as unknown as { _sock?: Socket })._sock;
  }

  async forward(address: { readonly host: string; readonly port: number }): Promise<Forward> {
    const sockets = new Set<Socket>();
    let refusal: Error | null = null;
    const end = (): void => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    // ssh2 forgets some channels of a lost connection: whoever waits for an answer through one must hear of it.
    this.#lost.catch(end);
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      this.#client.forwardOut('127.0.0.1', 0, address.host, address.port, (error, channel) => {
        if (error) {
          refusal = error;
          socket.destroy();
          return;
        }
        socket.on('error', () => channel.destroy());
        channel.on('error', () => socket.destroy());
        socket.pipe(channel).pipe(socket);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      refusal: () => refusal,
      async [Symbol.asyncDispose]() {
        end();
      },
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    const socket = this.#socket;
    if (socket === undefined) return;
    const connected = this.#isOpen();
    // A link that breaks now has nothing more to break. What the server answers to our goodbye is for nobody.
    const sent = once(socket, 'finish').catch(() => {});
    this.#client.end();
    // A dead link may take nothing more.
    if (connected) await orAfter<unknown>(1000, sent, undefined);
    // ssh2 destroys no socket that it has ended.
    socket.destroy();
  }
}

function lostConnection(label: string, cause: Error | undefined): CommandError {
  const why = cause === undefined ? '' : ` (${cause.message})`;
  return new CommandError(`The connection to ${label} was lost${why}.`, {
    code: 'ssh.lost',
    hint: 'Run it again; if it repeats, look at the network and at the log of sshd.',
    cause,
  });
}

/** What the promise gives, or `late` when that takes too long. */
async function orAfter<T>(ms: number, promise: Promise<T>, late: T): Promise<T> {
  const { promise: timeout, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(resolve, ms, late);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
