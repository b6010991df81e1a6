import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { Client } from 'ssh2';

/** Read at a time at most: eight of the packets that carry data. */
const readBytes = 256 * 1024;

/** A connection, and how it is read. */
export interface SshSocket {
  readonly socket: Socket;
  /** From now on reads into one buffer, where the client keeps nothing of what it is given. */
  reuseFor(client: Client): void;
}

/**
 * Connects within that many milliseconds. Each read is a buffer of its own at first, as ssh2 keeps parts of what it exchanges before there are
 * keys; later that would be as much memory to collect as the database is large.
 */
export async function openSocket(
  { host, port }: { readonly host: string; readonly port: number },
  withinMs: number,
  signal: AbortSignal,
): Promise<SshSocket> {
  const buffer = Buffer.allocUnsafe(readBytes);
  let reused = false;
  const socket: Socket = createConnection({
    host,
    port,
    onread: {
      buffer,
      callback(count) {
        const data = buffer.subarray(0, count);
        socket.emit('data', reused ? data : Buffer.from(data));
        // Also when nobody listens any more: only who reads on sees the end.
        return true;
      },
    },
  });
  // Until ssh2 listens.
  socket.pause();
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
  } catch (error) {
    socket.destroy();
    if (signal.aborted || (error as Error).name !== 'AbortError') throw error;
    throw Object.assign(new Error('connect timed out', { cause: error }), { code: 'ETIMEDOUT' });
  }
  socket.setNoDelay(true);
  return {
    socket,
    reuseFor(client) {
      reused = copies(client);
    },
  };
}

/** ssh2 decrypts into buffers of its own, unless the native module was built that it may have: that does it in place. */
function copies(client: Client): boolean {
  const { _protocol: protocol } = client as unknown as { _protocol?: { _decipher?: object } };
  return /DecipherNative$/.test(protocol?._decipher?.constructor.name ?? '');
}

/**
 * A server from which nothing comes for so long is gone, though no FIN or RST says so. Every byte is a sign of life: ssh2's
 * own count would give up a slow one, whose answer waits behind the data.
 */
export function endSilence(socket: Socket, stallMs: number): void {
  const [everyMs, looks] = [stallMs / 10, 9];
  let [seen, quiet] = [socket.bytesRead, 0];
  // Looks are counted, not time: this machine may have been asleep.
  const timer = setInterval(() => {
    quiet = socket.bytesRead === seen ? quiet + 1 : 0;
    seen = socket.bytesRead;
    if (quiet === looks) socket.destroy(new Error(`nothing came for ${stallMs / 1000} s`));
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}
