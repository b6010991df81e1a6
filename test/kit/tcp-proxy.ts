import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Cuts every connection once so many more bytes have come from the server. */
  cutAfter(bytes: number): void;
  /** How many bytes have come from the server so far. */
  passed(): number;
  stop(): void;
}

/** Passes bytes on to a loopback port until it is told to cut. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let left = Number.POSITIVE_INFINITY;
  let total = 0;
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((client) => {
    const upstream = createConnection({ host: '127.0.0.1', port: targetPort });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      const passed = chunk.subarray(0, left);
      left -= passed.byteLength;
      total += passed.byteLength;
      if (!client.write(passed)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
      if (left <= 0) setImmediate(cut);
    });
    upstream.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter(bytes) {
      left = bytes;
      if (bytes === 0) cut();
    },
    passed: () => total,
    stop() {
      server.close();
      cut();
    },
  };
}
