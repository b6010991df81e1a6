import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface PoolerOptions {
  /** The server, which must let everybody in. */
  readonly port: number;
  /** How many connections to it all clients share, each for a transaction; 0: every client has one of its own. */
  readonly shared: number;
  /** What becomes of a client's `options`. */
  readonly options: 'refused' | 'dropped';
}

export interface Pooler {
  readonly port: number;
  stop(): void;
}

interface Frame {
  /** A letter; '' for what a client begins with. */
  readonly type: string;
  readonly bytes: Buffer;
}

interface Server {
  readonly socket: Socket;
  readonly replies: AsyncGenerator<Frame>;
  /** What it said until it was ready. */
  readonly greeting: Buffer;
}

const protocol3 = 196608;

/** What PgBouncer does in transaction mode, or in session mode, for clients that send plain queries only. */
export async function startPooler(options: PoolerOptions): Promise<Pooler> {
  const pool = new Pool(options);
  const listener = createServer((client) => {
    pool.keep(client);
    pool.serve(client).catch(() => client.destroy());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    stop() {
      listener.close();
      pool.stop();
    },
  };
}

class Pool {
  readonly #options: PoolerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #free: Server[] = [];
  readonly #waiting: ((server: Server) => void)[] = [];
  #shared = 0;

  constructor(options: PoolerOptions) {
    this.#options = options;
  }

  keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket
      .setNoDelay()
      .on('error', () => {})
      .on('close', () => this.#sockets.delete(socket));
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async serve(client: Socket): Promise<void> {
    const frames = framesOf(client, '');
    let held = await this.#greet(client, frames);
    for await (const { type, bytes } of frames) {
      if (type !== 'Q') break;
      const server: Server = held ?? (await this.#acquire());
      const inTransaction = await answer(server, bytes, client);
      held = this.#options.shared === 0 || inTransaction ? server : null;
      if (held === null) this.#release(server);
    }
    held?.socket.destroy();
    client.end();
  }

  /** Gives the connection that is the client's own. */
  async #greet(client: Socket, frames: AsyncGenerator<Frame>): Promise<Server | null> {
    let bytes = await next(frames);
    // TLS and GSS are asked for first.
    for (; bytes.readInt32BE(4) !== protocol3; bytes = await next(frames)) client.write('N');
    const { startup, hadOptions } = withoutOptions(bytes);
    if (hadOptions && this.#options.options === 'refused') {
      client.end(failure('unsupported startup parameter: options'));
      return null;
    }
    const server = await this.#open(startup);
    client.write(server.greeting);
    if (this.#options.shared === 0) return server;
    this.#shared += 1;
    if (this.#shared <= this.#options.shared) this.#release(server);
    else server.socket.destroy();
    return null;
  }

  async #open(startup: Buffer): Promise<Server> {
    const socket = createConnection({ host: '127.0.0.1', port: this.#options.port });
    this.keep(socket);
    socket.write(startup);
    const replies = framesOf(socket, 'lettered');
    const said: Buffer[] = [];
    for (let ready = false; !ready; ) {
      const bytes = await next(replies);
      said.push(bytes);
      ready = letterOf(bytes) === 'Z';
    }
    return { socket, replies, greeting: Buffer.concat(said) };
  }

  /** In turn: the one that has been free for longest. */
  #acquire(): Promise<Server> | Server {
    return this.#free.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(server: Server): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#free.push(server);
    else waiting(server);
  }
}

/** Whether the server is in a transaction afterwards. */
async function answer({ socket, replies }: Server, query: Buffer, client: Socket): Promise<boolean> {
  socket.write(query);
  for (;;) {
    const bytes = await next(replies);
    client.write(bytes);
    if (letterOf(bytes) === 'Z') return bytes.toString('latin1', 5) !== 'I';
  }
}

async function next(frames: AsyncGenerator<Frame>): Promise<Buffer> {
  const { value } = await frames.next();
  if (value === undefined) throw new Error('the other side is gone');
  return value.bytes;
}

function letterOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 1);
}

/** A client begins without letters, until it has said who it is. */
async function* framesOf(socket: Socket, begin: '' | 'lettered'): AsyncGenerator<Frame, undefined> {
  let held = Buffer.alloc(0);
  let lettered = begin === 'lettered';
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (let end = endOf(held, lettered); end <= held.byteLength; end = endOf(held, lettered)) {
      const bytes = held.subarray(0, end);
      held = held.subarray(end);
      const type = lettered ? letterOf(bytes) : '';
      lettered ||= bytes.readInt32BE(4) === protocol3;
      yield { type, bytes };
    }
  }
}

/** Where the first frame ends; past all bytes while nobody knows. */
function endOf(held: Buffer, lettered: boolean): number {
  const at = lettered ? 1 : 0;
  return held.byteLength < at + 4 ? Number.POSITIVE_INFINITY : at + held.readInt32BE(at);
}

function withoutOptions(bytes: Buffer): { startup: Buffer; hadOptions: boolean } {
  const words = bytes.toString('utf8', 8).split('\0');
  let [kept, hadOptions] = ['', false];
  for (let at = 0; words[at]; at += 2) {
    if (words[at] === 'options') hadOptions = true;
    else kept += `${words[at]}\0${words[at + 1]}\0`;
  }
  const body = Buffer.from(`${kept}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.byteLength, 0);
  head.writeInt32BE(protocol3, 4);
  return { startup: Buffer.concat([head, body]), hadOptions };
}

function failure(message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E', 0, 'latin1');
  head.writeInt32BE(4 + body.byteLength, 1);
  return Buffer.concat([head, body]);
}
