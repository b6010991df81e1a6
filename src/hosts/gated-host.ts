import type { Bytes } from '../core/bytes.ts';
import { CommandError, HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Exit, Folder, Host, Process, Scratch, SpawnOptions } from '../core/host.ts';
import { describeExit, lastLine, runProgram } from '../core/program.ts';
import { feed, lazily, type Running, startUntil, watchOver } from './running.ts';
import type { Transport } from './transport.ts';

/** What a gate says before it answers. */
const greeting = 'holdfast-gate 1';
/** A gate says its whole proof there: a name and a number for each table. */
const stderrBytes = 16 * 1024 * 1024;

/**
 * A machine behind a key whose line in authorized_keys has a gate for its command. `spawn` starts no program: its words are
 * a request that the gate knows, or refuses.
 */
export class GatedHost implements Host {
  readonly label: string;
  readonly remote: boolean;
  readonly stallMs: number;
  readonly #transport: Transport;

  constructor(transport: Transport, stallMs: number) {
    this.stallMs = stallMs;
    this.#transport = transport;
    this.label = transport.label;
    this.remote = transport.remote;
  }

  spawn(words: readonly [string, ...string[]], { signal, stdin }: SpawnOptions): Process {
    const running = this.#run(words, signal, typeof stdin === 'string' ? undefined : stdin);
    running.catch(() => {});
    return {
      stdout: lazily(async () => (await running).stdout),
      exit: running.then(({ exit }) => exit),
    };
  }

  async has(program: string, signal: AbortSignal): Promise<boolean> {
    return (await runProgram(this, ['holdfast', '1', 'has', program], { signal })).code === 0;
  }

  claim(): Promise<Folder> {
    return this.scratch();
  }

  async scratch(): Promise<Scratch> {
    throw new HoldfastError(`A key with \`ssh-gate\` makes no folder on ${this.label}.`, {
      code: 'ssh.gate',
      input: 'ssh-gate',
      hint: 'Use a key without a gate for this.',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.close();
  }

  async #run(
    words: readonly [string, ...string[]],
    signal: AbortSignal,
    stdin: Bytes | undefined,
  ): Promise<Running> {
    throwIfCancelled(signal);
    const raw = await startUntil(signal, this.#transport.start(words));
    raw.stdin.on('error', () => {});
    if (stdin !== undefined) feed(stdin, raw.stdin, () => raw.destroy());
    const unmarked = (before: string, exit: Exit): Error => noGate(this.label, before, exit);
    return watchOver(raw, { mark: greeting, signal, stderrBytes, unmarked });
  }
}

function noGate(label: string, before: string, exit: Exit): CommandError {
  const said = lastLine(exit.stderr) || lastLine(before) || describeExit(exit);
  return new CommandError(`${label} does not answer as \`ssh-gate\` wants it: it says "${said}".`, {
    code: 'ssh.gate',
    input: 'ssh-gate',
    hint: 'Put the line that `holdfast doctor --print-authorized-key` prints in the place of the key in ~/.ssh/authorized_keys there.',
  });
}
