import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Watch } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-stream-'));
  chmodSync(dir, 0o755);
});
afterAll(() => rmSync(dir, { recursive: true }));

function connect({ user, host, privateKey, knownHosts, ...server }: Sshd, port = server.port): Promise<Host> {
  const ssh = {
    ...{ user, host, port, privateKey: new Secret(privateKey) },
    knownHosts: knownHosts.replaceAll(`:${server.port}`, `:${port}`),
  };
  return openHost({ ssh, container: null, sudo: false, env: process.env, signal, stallMs: 20_000 });
}

describe('a long stream of a server', () => {
  test.each([
    ['aes128-gcm@openssh.com', 'hmac-sha2-256'],
    ['aes256-ctr', 'hmac-sha2-256-etm@openssh.com'],
    ['aes128-ctr', 'hmac-sha2-512'],
  ])('reaches a slow reader whole by %s and %s, while keys change', async (cipher, mac) => {
    const path = join(dir, 'random');
    const sent = randomBytes(40_000_000);
    writeFileSync(path, sent);
    const sshd = await startSshd({ config: ['RekeyLimit 16M', `Ciphers ${cipher}`, `MACs ${mac}`] });
    try {
      await using host = await connect(sshd);
      const watch = new Watch();
      const running = host.spawn(['cat', path], { signal });
      let chunks = 0;
      for await (const chunk of running.stdout) {
        chunks += 1;
        // What has come waits while more comes.
        if (chunks % 64 === 0) await sleep(10);
        watch.add(chunk);
      }
      const sha256 = createHash('sha256').update(sent).digest('hex');
      expect(watch.digest()).toEqual({ bytes: sent.byteLength, sha256 });
      expect((await running.exit).code).toBe(0);
    } finally {
      await sshd.stop();
    }
  });

  test('that arrives damaged is lost at once', async () => {
    const sshd = await startSshd();
    const line = await startDamagedLine(sshd.port);
    try {
      await using host = await connect(sshd, line.port);
      const running = host.spawn(['cat', '/dev/zero'], { signal });
      const bytes = running.stdout[Symbol.asyncIterator]();
      await bytes.next();
      line.damage();
      const startMs = performance.now();
      const exit = running.exit.catch((error: { code: string }) => error.code);
      const rest = (async () => {
        while (!(await bytes.next()).done);
      })();
      await expect(rest).rejects.toMatchObject({ code: 'ssh.lost' });
      expect(await exit).toBe('ssh.lost');
      // Of a peer that only falls silent it would be known after 18 s.
      expect(performance.now() - startMs).toBeLessThan(10_000);
    } finally {
      line.stop();
      await sshd.stop();
    }
  });
});

test('of a server that talks nonsense before there are keys no connection is left', async () => {
  const sshd = await startSshd();
  // A packet of the right length that is no offer, and more and more behind it.
  const packet = Buffer.concat([Buffer.from([0, 0, 0, 12, 10, 20]), Buffer.alloc(10)]);
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    socket.write('SSH-2.0-Nonsense\r\n');
    socket.write(packet);
    const more = setInterval(() => socket.write(Buffer.alloc(65_536)), 5);
    socket.on('close', () => clearInterval(more));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    await expect.poll(sockets).toBe(0);
    await expect(connect(sshd, (server.address() as AddressInfo).port)).rejects.toMatchObject({
      exitCode: 1,
    });
    await expect.poll(sockets).toBe(0);
  } finally {
    server.close();
    await sshd.stop();
  }
});

/** Passes bytes on to a loopback port; from `damage` on, those of the server arrive as others. */
async function startDamagedLine(target: number) {
  let damaged = false;
  const server = createServer((client) => {
    const upstream = createConnection({ host: '127.0.0.1', port: target });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('data', (chunk) => upstream.write(chunk));
    client.on('end', () => upstream.end());
    client.on('close', () => upstream.destroy());
    upstream.on('data', (chunk: Buffer) => {
      if (damaged) chunk.fill(0x55);
      if (client.write(chunk)) return;
      upstream.pause();
      client.once('drain', () => upstream.resume());
    });
    upstream.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    damage() {
      damaged = true;
    },
    stop: () => server.close(),
  };
}
