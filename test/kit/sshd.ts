import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface SshdOptions {
  /** Lines for sshd_config. */
  readonly config?: readonly string[];
  /** Types of its host keys, default ed25519. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
  readonly user?: string;
  /** Shell text that is run before it, as root, with mounts that nobody else sees. */
  readonly mounts?: string;
}

export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** `user@127.0.0.1:port`. */
  readonly target: string;
  /** Private folder with the keys. */
  readonly dir: string;
  /** The authorized client key, its text and its file. */
  readonly privateKey: string;
  readonly privateKeyFile: string;
  /** A line for each host key. */
  readonly knownHosts: string;
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
}

/** Makes a key pair in `dir` and gives the private key's file. */
export function makeKey(dir: string, name: string, type = 'ed25519', passphrase = ''): string {
  const file = join(dir, name);
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-C', name, '-f', file]);
  return file;
}

/** A private sshd on a loopback port, with keys of its own. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-sshd-'));
  const user = options.user ?? userInfo().username;
  const port = await freePort();
  const hostKeys = (options.hostKeys ?? ['ed25519']).map((type) => makeKey(dir, `host_${type}`, type));
  const privateKeyFile = makeKey(dir, 'client');
  const authorized = join(dir, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${privateKeyFile}.pub`));
  const lines = [
    // Of two lines for one setting the first counts.
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${authorized}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'PidFile none',
    'LogLevel VERBOSE',
  ];
  writeFileSync(join(dir, 'sshd_config'), `${lines.join('\n')}\n`);
  // sshd wants this folder when it runs as root.
  mkdirSync('/run/sshd', { recursive: true });
  const argv = ['/usr/sbin/sshd', '-D', '-e', '-f', join(dir, 'sshd_config')];
  const [program = '', ...args] =
    options.mounts === undefined
      ? argv
      : ['unshare', '--mount', 'sh', '-ec', `${options.mounts}\nexec "$@"`, 'sh', ...argv];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  await listening(port, () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`);
  });
  const publicKeys = hostKeys.map((file) =>
    readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
  );
  return {
    host: '127.0.0.1',
    port,
    user,
    target: `${user}@127.0.0.1:${port}`,
    dir,
    privateKey: readFileSync(privateKeyFile, 'utf8'),
    privateKeyFile,
    knownHosts: publicKeys.map((key) => `[127.0.0.1]:${port} ${key}`).join('\n'),
    pid: child.pid as number,
    log: () => log,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, check: () => void): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    check();
    const socket = createConnection({ host: '127.0.0.1', port });
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
