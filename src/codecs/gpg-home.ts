import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bytes, bytesOf, collect } from '../core/bytes.ts';
import { CommandError, HoldfastError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';

/** How gpg ended. */
export interface GpgRun {
  readonly code: number | null;
  /** Its machine-readable lines (doc/DETAILS of GnuPG, "The status output"). */
  readonly status: string;
  readonly stderr: string;
}

interface Started {
  readonly stdout: Bytes;
  readonly ended: Promise<GpgRun>;
}

/** Nobody's configuration, key ring, agent, key server or terminal. */
const quiet = [
  '--batch',
  '--no-tty',
  '--no-options',
  '--disable-dirmngr',
  '--no-auto-key-locate',
  '--no-symkey-cache',
];

/** A home folder of gpg that nobody else has. Disposing ends its agent and removes it. */
export class GpgHome implements AsyncDisposable {
  readonly #path: string;
  readonly #env: Readonly<Record<string, string>>;
  #files = 0;
  #hasAgent = false;

  private constructor(path: string, searchPath: string) {
    this.#path = path;
    const PATH = searchPath.split(':').filter(isAbsolute).join(':');
    this.#env = { PATH, HOME: path, LC_ALL: 'C' };
  }

  /** @param searchPath where gpg is looked for, as in PATH; relative folders do not count */
  static async open(searchPath: string): Promise<GpgHome> {
    // Mode 0700 by mkdtemp.
    return new GpgHome(await mkdtemp(join(tmpdir(), 'holdfast.gpg-')), searchPath);
  }

  /** Writes public keys for gpg to read, and gives their paths. */
  async writeAll(keys: readonly string[]): Promise<string[]> {
    const paths: string[] = [];
    for (const key of keys) {
      this.#files += 1;
      const path = join(this.#path, `key-${this.#files}.asc`);
      await writeFile(path, key, { mode: 0o600 });
      paths.push(path);
    }
    return paths;
  }

  /** @throws HoldfastError `gpg.private-key` */
  async importKey(key: Secret, passphrase: Secret | null): Promise<void> {
    this.#hasAgent = true;
    const running = this.start(['--import'], bytesOf(key.reveal()), passphrase);
    const [, { code, stderr }] = await Promise.all([collect(running.stdout), running.ended]);
    if (code === 0) return;
    throw new HoldfastError(
      `gpg does not take the private key of \`identity\`: ${stderr.trim().split('\n').at(-1)}.`,
      {
        code: 'gpg.private-key',
        input: 'identity',
        hint: 'Give it armored, as `gpg --export-secret-keys --armor` prints it.',
      },
    );
  }

  /** Starts gpg; the passphrase goes over a descriptor of its own. */
  start(args: readonly string[], stdin: Bytes, passphrase: Secret | null): Started {
    const withPassphrase = passphrase === null ? [] : ['--pinentry-mode', 'loopback', '--passphrase-fd', '3'];
    const argv = ['--homedir', this.#path, ...quiet, '--status-fd', '4', ...withPassphrase, ...args];
    const child = spawn('gpg', argv, {
      cwd: '/',
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    const [, , , secret, status] = child.stdio as unknown as [unknown, unknown, unknown, Writable, Readable];
    secret.on('error', () => {});
    secret.end(passphrase === null ? '' : `${passphrase.reveal()}\n`);
    const texts = Promise.all([textOf(status), textOf(child.stderr)]);
    const source = new Remembering(stdin);
    // gpg may close its stdin early, which its exit code tells; only the source's own failure counts here.
    pipeline(source.bytes(), child.stdin).catch(() => child.kill('SIGKILL'));
    const ended = (async (): Promise<GpgRun> => {
      const [code] = (await once(child, 'close')) as [number | null];
      const [said, stderr] = await texts;
      return { code, status: said, stderr };
    })().catch((cause: unknown) => {
      throw notStarted(cause);
    });
    ended.catch(() => {});
    return { stdout: outputOf(child.stdout, () => child.kill('SIGKILL'), source, ended), ended };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasAgent) {
      const ending = spawn('gpgconf', ['--homedir', this.#path, '--kill', 'gpg-agent'], {
        stdio: 'ignore',
        env: this.#env,
      });
      await once(ending, 'close').catch(() => {});
    }
    await rm(this.#path, { recursive: true, force: true });
  }
}

/** What gpg writes; a failure of what it is fed with is the one to tell, and a reader that leaves early ends it. */
async function* outputOf(
  stdout: Readable,
  kill: () => void,
  source: Remembering,
  ended: Promise<GpgRun>,
): Bytes {
  try {
    yield* stdout;
    await ended;
    if (source.failure !== undefined) throw source.failure;
  } finally {
    kill();
  }
}

/** A source that remembers why it failed: its reader is told too late, or nothing. */
class Remembering {
  failure: unknown;
  readonly #source: Bytes;

  constructor(source: Bytes) {
    this.#source = source;
  }

  async *bytes(): Bytes {
    try {
      yield* this.#source;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text = (text + chunk).slice(-16_384);
  return text;
}

function notStarted(cause: unknown): CommandError {
  return new CommandError('gpg could not be started on this machine.', {
    code: 'gpg.missing',
    hint: 'Install the package `gnupg`, or encrypt with age (`encrypt-to: age1…`), which needs no program.',
    cause,
  });
}
