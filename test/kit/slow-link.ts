import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlowLink {
  readonly port: number;
  /** From now on so many bytes a second come from the server. */
  slowTo(bytesPerSecond: number): void;
  /** Passes nothing on any more, either way, and keeps the connections: neither FIN nor RST tells. */
  fallSilent(): void;
  stop(): void;
}

/** Passes bytes on to a loopback port as a bad network does. */
export async function startSlowLink(targetPort: number): Promise<SlowLink> {
  let perSecond = Number.POSITIVE_INFINITY;
  let silent = false;
  const sockets = new Set<Socket>();
  async function* paced(from: Socket): AsyncGenerator<Buffer> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.byteLength; ) {
        // Twenty pieces a second.
        const size = perSecond / 20;
        if (size < chunk.byteLength) await sleep(50);
        yield chunk.subarray(at, at + size);
        at += size;
      }
    }
  }
  async function pass(from: AsyncIterable<Buffer>, to: Socket): Promise<void> {
    for await (const chunk of from) {
      while (silent) await sleep(100);
      if (!to.write(chunk)) await once(to, 'drain');
    }
    to.end();
  }
  const server = createServer((client) => {
    const upstream = createConnection({ host: '127.0.0.1', port: targetPort });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    // Who breaks the connection breaks both.
    const end = (): void => [client, upstream].forEach((socket) => void socket.destroy());
    pass(client, upstream).catch(end);
    pass(paced(upstream), client).catch(end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    slowTo(bytesPerSecond) {
      perSecond = bytesPerSecond;
    },
    fallSilent() {
      silent = true;
    },
    stop() {
      silent = false;
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
