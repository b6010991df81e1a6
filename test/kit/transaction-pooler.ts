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

const sslRequest = 80877103;
const gssRequest = 80877104;
const protocol3 = 196608;

/** What PgBouncer does in transaction mode, or in session mode, for clients that send plain queries only. */
export async function startPooler({ port, shared, options }: PoolerOptions): Promise<Pooler> {
  const sockets = new Set<Socket>();
  const free: Server[] = [];
  const waiting: ((server: Server) => void)[] = [];
  let opened = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const open = async (startup: Buffer): Promise<Server> => {
    const socket = keep(createConnection({ host: '127.0.0.1', port }));
    socket.write(startup);
    const replies = framesOf(socket, false);
    const said: Buffer[] = [];
    for (let type = ''; type !== 'Z'; ) {
      const frame = (await replies.next()).value as Frame;
      said.push(frame.bytes);
      type = frame.type;
    }
    return { socket, replies, greeting: Buffer.concat(said) };
  };
  const release = (server: Server): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(server);
    else next(server);
  };
  // Round robin: the one that has been free for longest.
  const acquire = (): Promise<Server> | Server =>
    free.shift() ?? new Promise((resolve) => waiting.push(resolve));

  async function serve(client: Socket): Promise<void> {
    let held: Server | null = null;
    for await (const { type, bytes } of framesOf(client, true)) {
      if (type === '') {
        const own = await greet(client, bytes);
        if (own !== null) held = own;
      } else if (type === 'Q') {
        const server: Server = held ?? (await acquire());
        const inTransaction = await answer(server, bytes, client);
        held = shared === 0 || inTransaction ? server : null;
        if (held === null) release(server);
      } else if (type === 'X') break;
    }
    held?.socket.destroy();
    client.end();
  }

  async function greet(client: Socket, bytes: Buffer): Promise<Server | null> {
    const code = bytes.readInt32BE(4);
    if (code === sslRequest || code === gssRequest) client.write('N');
    if (code !== protocol3) return null;
    const { startup, hadOptions } = withoutOptions(bytes);
    if (hadOptions && options === 'refused') {
      client.end(failure('unsupported startup parameter: options'));
      return null;
    }
    const server = await open(startup);
    client.write(server.greeting);
    if (shared === 0) return server;
    if (opened < shared) {
      opened += 1;
      release(server);
    } else server.socket.destroy();
    return null;
  }

  const listener = createServer((client) => void serve(keep(client)).catch(() => client.destroy()));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    stop() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Whether the server is in a transaction afterwards. */
async function answer({ socket, replies }: Server, query: Buffer, client: Socket): Promise<boolean> {
  socket.write(query);
  for (;;) {
    const { type, bytes } = (await replies.next()).value as Frame;
    client.write(bytes);
    if (type === 'Z') return bytes.toString('latin1', 5) !== 'I';
  }
}

/** A client begins without letters, until it has said who it is. */
async function* framesOf(socket: Socket, client: boolean): AsyncGenerator<Frame> {
  let held = Buffer.alloc(0);
  let lettered = !client;
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (;;) {
      const at = lettered ? 1 : 0;
      if (held.byteLength < at + 4) break;
      const end = at + held.readInt32BE(at);
      if (held.byteLength < end) break;
      const bytes = held.subarray(0, end);
      held = held.subarray(end);
      const type = lettered ? bytes.toString('latin1', 0, 1) : '';
      if (!lettered && bytes.readInt32BE(4) === protocol3) lettered = true;
      yield { type, bytes };
    }
  }
}

function withoutOptions(bytes: Buffer): { startup: Buffer; hadOptions: boolean } {
  const words = bytes.toString('utf8', 8).split('\0');
  const kept: string[] = [];
  for (let at = 0; words[at]; at += 2) {
    if (words[at] !== 'options') kept.push(`${words[at]}\0${words[at + 1]}\0`);
  }
  const body = Buffer.from(`${kept.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.byteLength, 0);
  head.writeInt32BE(protocol3, 4);
  return { startup: Buffer.concat([head, body]), hadOptions: words.indexOf('options') % 2 === 0 };
}

function failure(message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E', 0, 'latin1');
  head.writeInt32BE(4 + body.byteLength, 1);
  return Buffer.concat([head, body]);
}
