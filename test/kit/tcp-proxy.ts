import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** How many connections there were so far. */
  readonly connections: number;
  /** When, by `performance.now()`, a byte last came from the server. */
  readonly lastByteMs: number;
  /** Cuts every connection once so many more bytes have come from the server. */
  cutAfter(bytes: number): void;
  /** How many bytes have come from the server so far. */
  passed(): number;
  /** From now on each new connection is on its own: cut, or silent for ever, after so many bytes from the server. */
  eachAfter(bytes: number, what: 'cut' | 'silence'): void;
  /** From now on nothing passes any more in either direction, and nobody hears of it. */
  silence(): void;
  /** Passes everything on again; a server that waits for a client who has gone hears of it. */
  forget(): void;
  stop(): void;
}

function pass(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

/** Passes bytes on to a loopback port until it is told to cut, or to be silent. `bytesPerSecond`: to the server, all in all. */
export async function startTcpProxy(
  targetPort: number,
  { bytesPerSecond = Number.POSITIVE_INFINITY } = {},
): Promise<TcpProxy> {
  const never = Number.POSITIVE_INFINITY;
  let left = never;
  let total = 0;
  let each: { readonly bytes: number; readonly what: 'cut' | 'silence' } = { bytes: never, what: 'cut' };
  let [silent, connections, lastByteMs, freeAtMs] = [false, 0, performance.now(), 0];
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  /** Those whose client has gone without the server being told. */
  const orphans = new Set<Socket>();
  const server = createServer((client) => {
    connections += 1;
    const upstream = createConnection({ host: '127.0.0.1', port: targetPort });
    const { what } = each;
    let own = each.bytes;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    const isSilent = (): boolean => silent || (own <= 0 && what === 'silence');
    client.on('close', () => {
      if (isSilent()) orphans.add(upstream);
      else upstream.destroy();
    });
    client.on('data', (chunk: Buffer) => {
      if (isSilent()) return;
      pass(chunk, client, upstream);
      if (bytesPerSecond === never) return;
      client.pause();
      freeAtMs = Math.max(freeAtMs, performance.now()) + (chunk.byteLength / bytesPerSecond) * 1000;
      setTimeout(() => client.resume(), freeAtMs - performance.now());
    });
    client.on('end', () => {
      if (!isSilent()) upstream.end();
    });
    upstream.on('data', (chunk: Buffer) => {
      if (isSilent()) return;
      const passed = chunk.subarray(0, Math.max(0, Math.min(left, own)));
      left -= passed.byteLength;
      own -= passed.byteLength;
      total += passed.byteLength;
      lastByteMs = performance.now();
      pass(passed, upstream, client);
      if (left <= 0) setImmediate(cut);
      else if (own <= 0 && what === 'cut') setImmediate(() => client.resetAndDestroy());
    });
    upstream.on('end', () => {
      if (!isSilent()) client.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get lastByteMs() {
      return lastByteMs;
    },
    cutAfter(bytes) {
      left = bytes;
      if (bytes === 0) cut();
    },
    eachAfter(bytes, what) {
      each = { bytes, what };
    },
    silence() {
      silent = true;
    },
    forget() {
      left = never;
      each = { bytes: never, what: 'cut' };
      silent = false;
      for (const socket of orphans) socket.resetAndDestroy();
      orphans.clear();
    },
    passed: () => total,
    stop() {
      server.close();
      cut();
    },
  };
}
