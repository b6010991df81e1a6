import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';

/** What has passed so far; `null` where this machine does not tell. */
export interface Counts {
  /** From the SSH server, with the headers of TCP and IP. */
  readonly sshBytes: number | null;
  readonly requests: number | null;
}

export interface Counters extends Disposable {
  read(): Promise<Counts>;
}

/** Counts beside the servers, not in their way: the kernel's packet filter the bytes, the S3 server its requests. */
export function startCounters(sshPort: number, adminSocket: string): Counters {
  const rule = ['OUTPUT', '-o', 'lo', '-p', 'tcp', '--sport', `${sshPort}`];
  const filter = (...args: readonly string[]): string =>
    execFileSync('iptables', ['-w', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  let counts = true;
  try {
    filter('-I', ...rule);
  } catch {
    counts = false;
  }
  return {
    async read() {
      const line = counts
        ? filter('-nvxL', 'OUTPUT').match(new RegExp(`^.*spt:${sshPort}\\b.*$`, 'm'))
        : null;
      const bytes = line?.[0].trim().split(/\s+/)[1];
      return {
        sshBytes: bytes === undefined ? null : Number(bytes),
        requests: await requestsOf(adminSocket).catch(() => null),
      };
    },
    [Symbol.dispose]() {
      if (counts) filter('-D', ...rule);
    },
  };
}

async function requestsOf(adminSocket: string): Promise<number> {
  const socket = createConnection(adminSocket);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).end('{"prefix":"perf dump"}\0');
  await once(socket, 'close');
  // The answer's length comes first.
  const answer = JSON.parse(Buffer.concat(chunks).subarray(4).toString()) as { rgw: { req: number } };
  return answer.rgw.req;
}
