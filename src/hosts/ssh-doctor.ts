import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createConnection, isIP } from 'node:net';
import { collect } from '../core/bytes.ts';
import { doubtful, type Finding, good, untried } from '../core/doctor.ts';
import { HoldfastError } from '../core/errors.ts';
import { afterMark } from './after-mark.ts';
import { openSsh, type SshTarget } from './open-ssh.ts';
import { sshError } from './ssh-errors.ts';
import type { SshTransport } from './ssh-transport.ts';
import { bootstrap, scripted } from './tether.ts';

const answerTimeoutMs = 20_000;

/** Of our own key, and so of the login: told before the server is asked for its key, or after it. */
const keyCodes = ['ssh.key', 'ssh.passphrase'];
const loginCodes = [...keyCodes, 'ssh.key-refused'];

/** Looks at the way to a server step by step. Disposing closes the connection. */
export class SshDoctor implements AsyncDisposable {
  readonly #target: SshTarget;
  readonly #label: string;
  readonly #signal: AbortSignal;
  #opened: Promise<SshTransport | HoldfastError> | null = null;

  constructor(target: SshTarget, signal: AbortSignal) {
    this.#target = target;
    this.#label = `${target.user}@${target.host}`;
    this.#signal = signal;
  }

  async dns(): Promise<Finding> {
    const { host } = this.#target;
    if (isIP(host) !== 0) return good(`${host} is an address.`);
    try {
      const found = await lookup(host, { all: true });
      return good(`${host} is ${found.map(({ address }) => address).join(', ')}.`);
    } catch (error) {
      throw sshError(this.#label, error);
    }
  }

  async port(): Promise<Finding> {
    try {
      const banner = await this.#banner();
      return good(`Port ${this.#target.port} answers: ${banner}`);
    } catch (error) {
      if (this.#signal.aborted) throw error;
      throw sshError(this.#label, error);
    }
  }

  async hostKey(): Promise<Finding> {
    const opened = await this.#open();
    if (!(opened instanceof HoldfastError) || opened.code === 'ssh.key-refused') {
      return good('The server has a key of `ssh-known-hosts`.');
    }
    if (keyCodes.includes(opened.code)) return untried('`ssh-key` can not be read.');
    throw opened;
  }

  async login(): Promise<Finding> {
    const opened = await this.#open();
    if (!(opened instanceof HoldfastError)) return good(`Logged in as ${this.#target.user}.`);
    if (loginCodes.includes(opened.code)) throw opened;
    return untried('ssh.host-key is not good.');
  }

  /** Whether `sh` starts, and nothing else speaks before it. */
  async shell(): Promise<Finding> {
    const opened = await this.#open();
    if (opened instanceof HoldfastError) throw opened;
    const mark = `holdfast-${randomBytes(12).toString('hex')}`;
    const script = `printf '%s\\n' ${mark}\n`;
    const raw = await opened.start(bootstrap);
    raw.stdin.on('error', () => {});
    raw.stderr.resume();
    raw.stdin.end(scripted(script));
    const marked = afterMark(raw.stdout, mark);
    await collect(marked.bytes);
    await raw.ended;
    const said = marked.before().trim();
    if (!(await marked.seen)) throw noShell(this.#label, said);
    if (said === '') return good('`sh` starts, and no login script speaks before it.');
    return doubtful(
      `A login script prints ${JSON.stringify(said.slice(0, 80))} before every program; Holdfast skips it, scp and rsync break.`,
      'Begin ~/.bashrc on the server with: case $- in *i*) ;; *) return;; esac',
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened;
    if (opened !== null && !(opened instanceof HoldfastError)) await opened.close();
  }

  #open(): Promise<SshTransport | HoldfastError> {
    this.#opened ??= openSsh(this.#target, this.#signal).catch((error: unknown) => {
      if (error instanceof HoldfastError && !this.#signal.aborted) return error;
      throw error;
    });
    return this.#opened;
  }

  /** The first line that a server says. */
  async #banner(): Promise<string> {
    const { host, port } = this.#target;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answerTimeoutMs)]);
    const socket = createConnection({ host, port });
    let open = false;
    try {
      await once(socket, 'connect', { signal });
      open = true;
      const [first] = (await once(socket, 'data', { signal })) as [Buffer];
      const [line = ''] = first.toString('latin1').split(/\r?\n/, 1);
      if (!line.startsWith('SSH-')) throw new Error('no SSH banner');
      return line.slice(0, 80);
    } catch (cause) {
      if (this.#signal.aborted || (cause as Error).name !== 'AbortError') throw cause;
      if (open) throw new Error('no SSH banner', { cause });
      throw Object.assign(new Error('connect timed out', { cause }), { code: 'ETIMEDOUT' });
    } finally {
      socket.on('error', () => {});
      socket.destroy();
    }
  }
}

function noShell(label: string, said: string): HoldfastError {
  const why = said === '' ? 'nothing was answered' : `it says ${JSON.stringify(said.slice(-200))}`;
  return new HoldfastError(`No program can be started on ${label}: ${why}.`, {
    code: 'host.no-shell',
    input: 'ssh',
    hint: 'The account needs a login shell and `sh`: look at its line in /etc/passwd, and at ForceCommand or `command=`.',
  });
}
