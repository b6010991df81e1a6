import { once } from 'node:events';
import type { Socket } from 'node:net';
import pRetry from 'p-retry';
import type { Client, ConnectConfig } from 'ssh2';
import { HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { fingerprintOf, lookUpHost, type PinnedKeys } from './known-hosts.ts';
import { normalizePrivateKey } from './private-key.ts';
import { isTransient, isUnmatched, sshError } from './ssh-errors.ts';
import { signAtOnce } from './ssh-sign.ts';
import { endSilence, openSocket } from './ssh-socket.ts';
import { SshTransport } from './ssh-transport.ts';

export interface SshTarget {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly privateKey: Secret;
  readonly passphrase?: Secret | undefined;
  /** known_hosts lines: the only keys that are trusted. */
  readonly knownHosts: string;
  /** How long the server may be silent before the connection counts as lost, in milliseconds; default a minute. */
  readonly stallMs?: number | undefined;
}

/** Connecting, with what is tried again of it, is given up after that long. */
const connectTimeoutMs = 15_000;

/** Today's algorithms, the fastest first: AES-GCM; no SHA-1, no CBC, no ChaCha20 (Terrapin). */
const algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

/** The signature algorithms by which a server can prove a key of that type. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Connects and authenticates; the host's key is compared with the pinned ones before anything of ours is sent. */
export async function openSsh(target: SshTarget, signal: AbortSignal): Promise<SshTransport> {
  const label = labelOf(target);
  const { stallMs = 60_000 } = target;
  const pinned = pinnedKeys(target, label);
  const { Client, utils } = (await import('ssh2')).default;
  const privateKey = readKey(target, utils);
  const giveUpAtMs = performance.now() + connectTimeoutMs;
  let roundTripMs = 0;
  const connectOnce = async (): Promise<Client> => {
    throwIfCancelled(signal);
    const client = new Client();
    const refusal: { error: HoldfastError | undefined } = { error: undefined };
    let offered = '';
    let askedMs = 0;
    const config = {
      username: target.user,
      authHandler: [{ type: 'publickey', username: target.user, key: privateKey }],
      tryKeyboard: false,
      agentForward: false,
      readyTimeout: Math.max(1000, Math.floor(giveUpAtMs - performance.now())),
      // Asked now and then, a living server answers; how long it may take is for the watch on the socket.
      keepaliveInterval: Math.min(10_000, stallMs / 4),
      keepaliveCountMax: Number.POSITIVE_INFINITY,
      algorithms: { ...algorithms, serverHostKey: serverHostKeys(pinned) },
      hostVerifier: (key: Buffer) => {
        refusal.error = judgeHostKey(pinned, key, target, label);
        return refusal.error === undefined;
      },
      // What does not match is known from here alone: the last list before the end.
      debug: (line: string) => {
        offered = /^Handshake: \(remote\) [^:]*: *(.*)$/.exec(line)?.[1] ?? offered;
        // The one question that takes a server no time.
        if (line.startsWith('Outbound: Sending SERVICE_REQUEST')) askedMs = performance.now();
        if (line.startsWith('Inbound: Received SERVICE_ACCEPT')) roundTripMs = performance.now() - askedMs;
      },
    };
    try {
      // ssh2 takes a parsed key and any list of algorithm names; its types are narrower.
      return await connect(client, config as unknown as ConnectConfig, { ...target, stallMs }, signal);
    } catch (error) {
      client.on('error', () => {});
      client.destroy();
      throw refusal.error ?? withOffer(error, offered);
    }
  };
  try {
    const client = await pRetry(connectOnce, {
      retries: 2,
      minTimeout: 500,
      shouldRetry: ({ error }) => isTransient(error) && performance.now() < giveUpAtMs,
      signal,
    });
    return new SshTransport(client, label, roundTripMs);
  } catch (error) {
    throwIfCancelled(signal);
    throw sshError(label, error);
  }
}

/** The public half of the key, as a line of authorized_keys ends: `ssh-ed25519 AAAA…`. */
export async function publicKeyOf(target: Pick<SshTarget, 'privateKey' | 'passphrase'>): Promise<string> {
  const key = readKey(target, (await import('ssh2')).default.utils);
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

/** ssh2 says that nothing matches, but not what the server has. */
function withOffer(error: unknown, offered: string): unknown {
  if (!(error instanceof Error) || !isUnmatched(error)) return error;
  return new Error(`${error.message}: ${offered.replaceAll(',', ', ')}`, { cause: error });
}

function labelOf({ user, host, port }: SshTarget): string {
  return port === 22 ? `${user}@${host}` : `${user}@${host}:${port}`;
}

async function connect(
  client: Client,
  config: ConnectConfig,
  { host, port, stallMs }: SshTarget & { readonly stallMs: number },
  signal: AbortSignal,
): Promise<Client> {
  const { readyTimeout = 0 } = config;
  const { socket, reuseFor } = await openSocket({ host, port }, readyTimeout, signal);
  const ready = once(client, 'ready', { signal });
  const closed = once(client, 'close').then(() => {
    throw new Error('the connection closed before it was ready');
  });
  closed.catch(() => {});
  client.connect({ ...config, sock: socket });
  signAtOnce(client);
  try {
    await Promise.race([ready, closed]);
  } catch (error) {
    const named = nameSilence(error, socket);
    // ssh2 destroys no socket that it has ended.
    socket.destroy();
    throw named;
  }
  reuseFor(client);
  endSilence(socket, stallMs);
  return client;
}

function nameSilence(error: unknown, socket: Socket): unknown {
  const timedOut = error instanceof Error && /timed out/i.test(error.message);
  return timedOut && socket.bytesRead === 0 ? new Error('no SSH banner', { cause: error }) : error;
}

function pinnedKeys({ knownHosts, host, port }: SshTarget, label: string): PinnedKeys {
  const input = 'ssh-known-hosts';
  let pinned: PinnedKeys;
  try {
    pinned = lookUpHost(knownHosts, host, port);
  } catch (cause) {
    throw new HoldfastError(`\`ssh-known-hosts\` can't be read: ${(cause as Error).message}.`, {
      code: 'ssh.known-hosts',
      input,
      hint: 'Give it lines as `ssh-keyscan` prints them.',
      cause,
    });
  }
  const usable = pinned.trusted.filter(({ type }) => type in signatures);
  if (usable.length > 0) return { ...pinned, trusted: usable };
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
  const why = pinned.certAuthority
    ? 'it has only a @cert-authority line for it, and host certificates are not supported'
    : 'it has no key for it';
  throw new HoldfastError(`${label} is not trusted by \`ssh-known-hosts\`: ${why}.`, {
    code: 'ssh.host-unknown',
    input,
    hint:
      `Add the lines that \`${scan}\` prints, after comparing the fingerprint with ` +
      '`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the server itself.',
  });
}

function serverHostKeys({ trusted }: PinnedKeys): string[] {
  return [...new Set(trusted.flatMap(({ type }) => signatures[type] ?? []))];
}

function judgeHostKey(
  { trusted, revoked }: PinnedKeys,
  key: Buffer,
  { host, port }: SshTarget,
  label: string,
): HoldfastError | undefined {
  const input = 'ssh-known-hosts';
  const shown = fingerprintOf(key);
  if (revoked.some(({ blob }) => blob.equals(key))) {
    return new HoldfastError(`${label} shows the key ${shown}, which is marked @revoked.`, {
      code: 'ssh.host-revoked',
      input,
      hint: 'Do not connect to it before you know why the key was revoked.',
    });
  }
  if (trusted.some(({ blob }) => blob.equals(key))) return undefined;
  const expected = trusted.map(({ blob }) => fingerprintOf(blob)).join(' or ');
  return new HoldfastError(
    `${label} shows the host key ${shown}, but \`ssh-known-hosts\` has ${expected}; nothing was sent.`,
    {
      code: 'ssh.host-changed',
      input,
      hint:
        'Either the server was set up anew, or somebody poses as it. Compare the fingerprint on the server itself; ' +
        `only then replace the lines of ${port === 22 ? host : `[${host}]:${port}`}.`,
    },
  );
}

function readKey(
  { privateKey, passphrase }: Pick<SshTarget, 'privateKey' | 'passphrase'>,
  utils: typeof import('ssh2').utils,
): ReturnType<typeof parsed> {
  return parsed(normalizePrivateKey(privateKey.reveal()), passphrase?.reveal(), utils);
}

function parsed(text: string, passphrase: string | undefined, utils: typeof import('ssh2').utils) {
  const result = utils.parseKey(text, passphrase);
  const key = Array.isArray(result) ? result[0] : result;
  if (key instanceof Error || key === undefined) {
    const said = key?.message ?? '';
    const locked = /encrypted|passphrase|integrity|bad decrypt/i.test(said);
    throw locked ? lockedKey(passphrase !== undefined) : unreadableKey();
  }
  if (!key.isPrivateKey()) throw unreadableKey('it is a public key');
  return key;
}

function lockedKey(tried: boolean): HoldfastError {
  return tried
    ? new HoldfastError('`ssh-key-passphrase` does not open the key in `ssh-key`.', {
        code: 'ssh.passphrase',
        input: 'ssh-key-passphrase',
        hint: 'Try it with `ssh-keygen -y -f KEYFILE`.',
      })
    : new HoldfastError('The key in `ssh-key` is encrypted, and no passphrase is given.', {
        code: 'ssh.passphrase',
        input: 'ssh-key-passphrase',
        hint: 'Set `ssh-key-passphrase`.',
      });
}

function unreadableKey(why = 'it is not a private key in OpenSSH or PEM format'): HoldfastError {
  return new HoldfastError(`\`ssh-key\` can't be used: ${why}.`, {
    code: 'ssh.key',
    input: 'ssh-key',
    hint: 'Paste the whole file, from -----BEGIN to -----END, of a key made by `ssh-keygen -t ed25519`.',
  });
}
