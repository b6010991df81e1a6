/**
 * A TCP proxy on loopback that is as slow as a network: `node slow-link.ts <port> <megabits a second> <round trip in ms>`.
 * Prints its own port. Each direction has the whole rate, shared by all connections.
 */

import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';

const [port = 0, megabits = 0, roundTripMs = 0] = process.argv.slice(2).map(Number);
const bytesPerMs = (megabits * 1e6) / 8 / 1000;

class Direction {
  /** When the wire is free again. */
  #freeMs = 0;

  carry(from: Socket, to: Socket): void {
    let waiting = 0;
    // Timers of one millisecond may fire in any order; bytes must not.
    const onTheWay: Buffer[] = [];
    from.on('data', (chunk: Buffer) => {
      const now = performance.now();
      const sentMs = Math.max(now, this.#freeMs) + chunk.byteLength / bytesPerMs;
      this.#freeMs = sentMs;
      waiting += chunk.byteLength;
      // What is on its way, and a router's queue.
      if (waiting > bytesPerMs * (roundTripMs + 20)) from.pause();
      onTheWay.push(chunk);
      setTimeout(
        () => {
          const next = onTheWay.shift() as Buffer;
          waiting -= next.byteLength;
          if (!to.destroyed) to.write(next);
          if (from.isPaused() && waiting < bytesPerMs * (roundTripMs + 10)) from.resume();
        },
        sentMs - now + roundTripMs / 2,
      );
    });
    from.on('end', () =>
      setTimeout(() => to.end(), Math.max(0, this.#freeMs - performance.now()) + roundTripMs / 2 + 5),
    );
    from.on('error', () => to.destroy());
  }
}

const [up, down] = [new Direction(), new Direction()];
const server = createServer({ noDelay: true }, (client) => {
  const target = createConnection({ host: '127.0.0.1', port, noDelay: true });
  up.carry(client, target);
  down.carry(target, client);
  client.on('close', () => target.destroy());
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
