import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Sshd } from './sshd.ts';

/** An sshd as seen from far away: each byte is under way for half of a round trip, and any number of them may be. To be stopped before it. */
export async function startFarAway(sshd: Sshd, roundTripMs: number): Promise<Sshd> {
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
    const target = createConnection({ host: '127.0.0.1', port: sshd.port, noDelay: true });
    carry(client, target);
    carry(target, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const from = (text: string): string => text.replaceAll(`:${sshd.port}`, `:${port}`);
  return {
    ...sshd,
    port,
    target: from(sshd.target),
    knownHosts: from(sshd.knownHosts),
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
