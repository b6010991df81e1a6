import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface FarAway {
  /** The loopback port, as seen from far away. */
  readonly port: number;
  stop(): void;
}

/** Each byte to or from a loopback port is under way for half of a round trip; any number of them may be. */
export async function startFarAway(targetPort: number, roundTripMs: number): Promise<FarAway> {
  const sockets = new Set<Socket>();
  const later = (work: () => void): void => {
    setTimeout(work, roundTripMs / 2);
  };
  const carry = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      later(() => to.destroy());
    });
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const target = createConnection({ host: '127.0.0.1', port: targetPort, noDelay: true });
    carry(client, target);
    carry(target, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
