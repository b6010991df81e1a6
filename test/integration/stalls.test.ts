import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drain } from '../../src/core/bytes.ts';
import type { Engine } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { commandLines } from '../kit/oracle.ts';
import { signal } from '../kit/signal.ts';
import { type SlowLink, startSlowLink } from '../kit/slow-link.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

const stallMs = 1500;
const dir = mkdtempSync(join(tmpdir(), 'holdfast-stalls-'));
const [shims, scratch, path] = [join(dir, 'shims'), join(dir, 'tmp'), join(dir, 'app.sqlite3')];
let sshd: Sshd;
let link: SlowLink;

beforeAll(async () => {
  mkdirSync(shims);
  mkdirSync(scratch);
  makeAppDatabase(path, { megabytes: 20 });
  sshd = await startSshd({ config: [`SetEnv PATH=${shims}:/usr/bin:/bin TMPDIR=${scratch}`] });
});
afterAll(async () => {
  await sshd.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(async () => {
  link = await startSlowLink(sshd.port);
  return () => {
    link.stop();
    for (const name of readdirSync(shims)) rmSync(join(shims, name));
  };
});

function connect(limitMs = stallMs): Promise<Host> {
  const { user, privateKey, knownHosts } = sshd;
  const ssh = {
    ...{ user, host: '127.0.0.1', port: link.port, privateKey: new Secret(privateKey) },
    knownHosts: knownHosts.replaceAll(`:${sshd.port}`, `:${link.port}`),
  };
  return openHost({ ssh, container: null, sudo: false, env: process.env, signal, stallMs: limitMs });
}

/** A program of ours before the server's own. */
function shim(name: string, script: string): void {
  writeFileSync(join(shims, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(shims, name), 0o755);
}

/** Reads a whole snapshot and its proof; `onBytes` hears how many have come. */
async function read(engine: Engine, onBytes: (bytes: number) => void | Promise<void>): Promise<number> {
  const [database] = await engine.discover({ signal });
  if (database === undefined) throw new Error('no database');
  await using snapshot = await engine.snapshot(database, { signal });
  let bytes = 0;
  for await (const chunk of snapshot.read()) {
    bytes += chunk.byteLength;
    await onBytes(bytes);
  }
  await snapshot.proof;
  return bytes;
}

/** Nothing of ours is left on the server. */
async function cleaned(): Promise<void> {
  const left = () => [
    ...readdirSync(scratch),
    ...commandLines().filter((line) => line.includes(`${scratch}/`)),
  ];
  for (let tries = 0; left().length > 0; tries += 1) {
    expect(tries, `left behind: ${left()}`).toBeLessThan(100);
    await sleep(100);
  }
}

const engineOf = (host: Host): Engine => new SqliteEngine({ host, paths: [path], exclude: [] });

describe('a snapshot over SSH', () => {
  test('a server that falls silent is lost', async () => {
    // The watch on the connection is a tenth quicker than the one on the bytes: a tenth that a busy machine keeps to.
    const limitMs = 4000;
    await using host = await connect(limitMs);
    let silentAt = 0;
    const reading = read(engineOf(host), (bytes) => {
      if (bytes < 1e6 || silentAt > 0) return;
      silentAt = performance.now();
      link.fallSilent();
    });
    await expect(reading).rejects.toMatchObject({
      code: 'ssh.lost',
      message: expect.stringContaining('nothing came for 4 s'),
    });
    expect(performance.now() - silentAt).toBeLessThan(2 * limitMs);
    link.stop();
    await cleaned();
  });

  test('a program that is stopped while it sends is ended, though the server still answers', async () => {
    shim(
      'cat',
      'case $1 in *copy.sqlite3) head -c 1000000 "$1"; kill -STOP $$ ;; *) exec /bin/cat "$@" ;; esac',
    );
    await using host = await connect();
    const started = performance.now();
    const reading = read(engineOf(host), () => {});
    await expect(reading).rejects.toMatchObject({
      code: 'host.stalled',
      input: 'stall-timeout',
      message: `Nothing came from ${host.label} for 1.5 s in the middle of a transfer.`,
    });
    expect(performance.now() - started).toBeLessThan(20_000);
    await cleaned();
  });

  test('a check that takes its time is no silence', async () => {
    shim('openssl', 'sleep 4; exec /usr/bin/openssl "$@"');
    await using host = await connect();
    expect(await read(engineOf(host), () => {})).toBeGreaterThan(19e6);
  });

  test('neither is a reader that takes its time', async () => {
    await using host = await connect();
    let pauses = 2;
    const reading = read(engineOf(host), async (bytes) => {
      if (bytes < 1e6 || pauses === 0) return;
      pauses -= 1;
      await sleep(2 * stallMs);
    });
    expect(await reading).toBeGreaterThan(19e6);
  });

  test('neither is a network that is slow', async () => {
    await using host = await connect();
    let started = 0;
    const reading = read(engineOf(host), (bytes) => {
      if (started === 0) {
        started = performance.now();
        link.slowTo(200_000);
      }
      // Of what has not been sent before.
      if (performance.now() - started > 4 * stallMs || bytes > 15e6) link.slowTo(Number.POSITIVE_INFINITY);
    });
    expect(await reading).toBeGreaterThan(19e6);
    expect(performance.now() - started).toBeGreaterThan(2 * stallMs);
  });
});

test('a connection through a server that falls silent ends too', async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  await using host = await connect();
  const { port } = echo.address() as { port: number };
  await using forward = await host.forward?.({ host: '127.0.0.1', port });
  const socket = createConnection({ host: '127.0.0.1', port: forward?.port as number });
  socket.on('error', () => {});
  socket.write('hello');
  await once(socket, 'data');
  link.fallSilent();
  const started = performance.now();
  await Promise.race([once(socket, 'close'), drain(socket)]);
  expect(performance.now() - started).toBeLessThan(3 * stallMs);
  socket.destroy();
  echo.close();
});
