import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

export interface PlainSshServer {
  readonly port: number;
  /** What was agreed with each client: the cipher from the server. */
  readonly ciphers: readonly string[];
  stop(): void;
}

export interface PlainSshOptions {
  readonly hostKeyFile: string;
  /** Algorithms as ssh2 takes them. */
  readonly algorithms?: Readonly<Record<string, readonly string[]>>;
  /** Does not know strict key exchange, as servers before December 2023. */
  readonly withoutStrictKex?: boolean;
  /** Closes the channels of commands whose script is like that without saying how they ended. */
  readonly withoutExitStatusOf?: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that lets everybody in and runs commands with `sh`: for what OpenSSH can't be made to do. */
export async function startPlainSshServer(options: PlainSshOptions): Promise<PlainSshServer> {
  const { hostKeyFile, algorithms = {}, withoutStrictKex = false, env = {} } = options;
  const ciphers: string[] = [];
  const connections = new Set<Connection>();
  const config = { hostKeys: [readFileSync(hostKeyFile)], algorithms };
  const server = new ssh2.Server(config as never, (client) => {
    connections.add(client);
    if (withoutStrictKex) forgetStrictKex(client);
    client.on('error', () => {});
    client.on('close', () => connections.delete(client));
    client.on('handshake', ({ sc }) => ciphers.push(sc.cipher));
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _, { command }) => run(acceptExec(), command));
    });
  });
  const run = (channel: ServerChannel, command: string): void => {
    let script = '';
    const child = spawn('sh', ['-c', command], { env: { PATH: '/usr/bin:/bin', ...env }, cwd: '/' });
    channel.on('data', (chunk: Buffer) => {
      script += chunk.toString('latin1');
    });
    channel.pipe(child.stdin);
    child.stdin.on('error', () => {});
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    channel.on('close', () => child.stdin.destroy());
    child.on('close', (code) => {
      if (options.withoutExitStatusOf?.test(script) !== true) channel.exit(code ?? 255);
      channel.end();
      channel.close();
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ciphers,
    stop() {
      server.close();
      for (const connection of connections) connection.end();
    },
  };
}

interface Inside {
  readonly _protocol: {
    _strictMode?: boolean;
    readonly _offer: { readonly lists: { readonly kex: { array: string[] }; readonly all: Buffer } };
  };
}

const strict = 'kex-strict-s-v00@openssh.com';

/** ssh2 always offers it: in its place comes a word of the same length that nobody knows. */
function forgetStrictKex(client: Connection): void {
  const protocol = (client as unknown as Inside)._protocol;
  protocol._strictMode = false;
  const { kex, all } = protocol._offer.lists;
  const unknown = strict.replace('strict', 'simple');
  kex.array = kex.array.map((name) => (name === strict ? unknown : name));
  const at = all.indexOf(strict);
  if (at >= 0) all.write(unknown, at, 'latin1');
}
