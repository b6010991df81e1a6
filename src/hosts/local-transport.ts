import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import { CommandError } from '../core/errors.ts';
import type { RawProcess, Transport } from './transport.ts';

/** The only variables that programs on this machine get to see: none of them can carry a secret or change what runs. */
const passedOn = ['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'XDG_RUNTIME_DIR'];

/** Programs on this machine, found on the absolute folders of PATH alone and started outside of the current folder. */
export class LocalTransport implements Transport {
  readonly label = 'this machine';
  readonly remote = false;
  readonly #env: Record<string, string>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
    const path = (env['PATH'] ?? '/usr/bin:/bin').split(':').filter(isAbsolute).join(':');
    this.#env = { ...Object.fromEntries(kept), PATH: path };
  }

  async start([program, ...args]: readonly [string, ...string[]]): Promise<RawProcess> {
    const child = spawn(program, args, { cwd: '/', env: this.#env, stdio: 'pipe', detached: true });
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal: signal ?? undefined }));
    ended.catch(() => {});
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw new CommandError(`${program} could not be started on this machine.`, {
        code: 'host.start',
        cause,
      });
    }
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      ended,
      destroy() {
        child.stdin.destroy();
        child.kill('SIGKILL');
      },
    };
  }

  async close(): Promise<void> {}
}
