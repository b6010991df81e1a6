import { randomBytes } from 'node:crypto';
import type { Bytes } from '../core/bytes.ts';
import { CommandError, HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Folder, Forward, Host, Process, Scratch, ScratchOptions, SpawnOptions } from '../core/host.ts';
import { describeExit, lastLine } from '../core/program.ts';
import { holdClaim, holdScratch, taken, unnameWord } from './hold.ts';
import { noShell } from './no-shell.ts';
import { feed, lazily, type Running, startUntil, watchOver } from './running.ts';
import { bootstrap, type Job, scripted, tether } from './tether.ts';
import type { Transport } from './transport.ts';

const stderrBytes = 16 * 1024;
/** How many signs of life may get lost before a remote machine takes us for dead, and how many there are while a peer may be silent. */
const [beatsOfLease, beatsOfStall] = [6, 2];
/** A claim without a sign of life counts for five minutes. */
const slowestBeatMs = 60_000;

/** Programs and folders on a machine that end and vanish with us, over any transport. */
export class TetheredHost implements Host {
  readonly label: string;
  readonly remote: boolean;
  readonly stallMs: number;
  readonly forward?: (address: { host: string; port: number }) => Promise<Forward>;
  readonly #transport: Transport;

  constructor(transport: Transport, stallMs: number) {
    this.stallMs = stallMs;
    this.#transport = transport;
    this.label = transport.label;
    this.remote = transport.remote;
    const { forward } = transport;
    if (forward !== undefined) this.forward = (address) => forward.call(transport, address);
  }

  spawn(argv: readonly [string, ...string[]], options: SpawnOptions): Process {
    const { stdin, through, env, niceness, lingering } = options;
    assertPlain([
      ...argv,
      ...(through ?? []),
      ...Object.values(env ?? {}),
      typeof stdin === 'string' ? stdin : '',
    ]);
    const mark = newMark();
    const job: Job = {
      argv,
      through,
      lingering,
      niceness,
      env,
      mark,
      leaseSeconds: this.#leaseSeconds(),
      stdin: stdin === undefined ? 'watch' : typeof stdin === 'string' ? Buffer.byteLength(stdin) : 'stream',
    };
    const running = this.#run(tether(job), mark, options.signal, stdin);
    running.catch(() => {});
    return {
      stdout: lazily(async () => (await running).stdout),
      exit: running.then(({ exit }) => exit),
    };
  }

  async scratch({ signal, under, file }: ScratchOptions): Promise<Scratch> {
    assertPlain([under ?? '', file?.name ?? '']);
    if (file?.text.includes('\0')) throw nulIn('The text of a file');
    const mark = newMark();
    const script = holdScratch({ mark, under, file, leaseSeconds: this.#leaseSeconds() });
    const { said, held } = await this.#hold(script, mark, signal);
    if (held === null) {
      throw new CommandError(`No temporary folder could be made on ${this.label} (${said}).`, {
        code: 'host.scratch',
        hint: 'Free some space there, or set TMPDIR to a folder that this user may write to.',
      });
    }
    return held;
  }

  async claim(path: string, { signal }: { signal: AbortSignal }): Promise<Folder | null> {
    assertPlain([path]);
    const mark = newMark();
    const { said, held } = await this.#hold(holdClaim(mark, path, this.#leaseSeconds()), mark, signal);
    if (held !== null || said === taken) return held;
    throw new CommandError(`${path} could not be made on ${this.label} (${said}).`, { code: 'host.claim' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.close();
  }

  /** Starts a script that says the path of a folder and removes it in the end; or else why there is none. */
  async #hold(
    script: string,
    mark: string,
    signal: AbortSignal,
  ): Promise<{ readonly said: string; readonly held: Scratch | null }> {
    const holder = await this.#run(script, mark, signal);
    const lines = holder.stdout[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const path = value === undefined ? '' : Buffer.from(value).toString('utf8').trimEnd();
    // The rest of its output is nothing, but must be read for its end to be seen.
    const rest = lines.next();
    rest.catch(() => {});
    if (!path.startsWith('/')) {
      holder.end();
      await rest.catch(() => {});
      const exit = await holder.exit;
      return { said: path || lastLine(exit.stderr) || describeExit(exit), held: null };
    }
    const held = {
      path,
      unname: () => holder.beat(unnameWord),
      async [Symbol.asyncDispose]() {
        holder.end();
        await holder.exit.catch(() => {});
      },
    };
    return { said: '', held };
  }

  async #run(script: string, mark: string, signal: AbortSignal, stdin?: string | Bytes): Promise<Running> {
    throwIfCancelled(signal);
    const raw = await startUntil(signal, this.#transport.start(bootstrap));
    // A program that ends early no longer reads: not our failure, its exit code tells.
    raw.stdin.on('error', () => {});
    raw.stdin.write(scripted(script));
    if (typeof stdin === 'string') raw.stdin.write(stdin);
    else if (stdin !== undefined) feed(stdin, raw.stdin, () => raw.destroy());
    const running = watchOver(raw, {
      mark,
      signal,
      stderrBytes,
      unmarked: (before, exit) => noShell(this.label, before, exit),
    });
    running.begun.then(
      (begun) => {
        if (begun) this.#transport.startAhead?.(bootstrap);
      },
      () => {},
    );
    if (stdin === undefined || typeof stdin === 'string') {
      beatWhile(running, Math.min(this.stallMs / beatsOfStall, slowestBeatMs));
    }
    return running;
  }

  /** A program of this machine ends with us in any case. */
  #leaseSeconds(): number {
    return this.remote ? Math.ceil(((this.stallMs / beatsOfStall) * beatsOfLease) / 1000) : 0;
  }
}

function beatWhile({ beat, exit }: Running, everyMs: number): void {
  const beating = setInterval(beat, everyMs);
  beating.unref();
  const stop = (): void => clearInterval(beating);
  exit.then(stop, stop);
}

function newMark(): string {
  return `holdfast-${randomBytes(12).toString('hex')}`;
}

function assertPlain(texts: readonly string[]): void {
  const bad = texts.find((text) => text.includes('\0'));
  if (bad !== undefined) throw nulIn(JSON.stringify(bad));
}

function nulIn(what: string): HoldfastError {
  return new HoldfastError(`${what} holds a NUL character, which no program can take.`, {
    code: 'host.argument',
  });
}
