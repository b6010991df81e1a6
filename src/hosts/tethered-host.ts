import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bytes } from '../core/bytes.ts';
import { CancelledError, CommandError, HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Exit, Forward, Host, Process, Scratch, SpawnOptions } from '../core/host.ts';
import { describeExit, lastLine } from '../core/program.ts';
import { afterMark } from './after-mark.ts';
import { holdClaim, holdScratch, taken } from './hold.ts';
import { bootstrap, type Job, tether } from './tether.ts';
import type { RawProcess, Transport } from './transport.ts';

const stderrBytes = 16 * 1024;
/** How long a program may take to end after we asked it to, before our side is cut. */
const graceMs = 4000;
/** How often a scratch folder is marked as in use, which counts for a day. */
const scratchBeatMs = 3_600_000;
/** A claim, which counts for five minutes. */
const claimBeatMs = 60_000;
/** How long the end of what was cut may take to be heard. */
const cutMs = 500;

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
    const { stdin, through, env, gentle, lingering } = options;
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
      gentle,
      env,
      mark,
      stdin: stdin === undefined ? 'watch' : typeof stdin === 'string' ? Buffer.byteLength(stdin) : 'stream',
    };
    const running = this.#run(tether(job), mark, options.signal, stdin);
    running.catch(() => {});
    return {
      stdout: lazily(async () => (await running).stdout),
      exit: running.then(({ exit }) => exit),
    };
  }

  async scratch({ signal, under }: { signal: AbortSignal; under?: string }): Promise<Scratch> {
    assertPlain([under ?? '']);
    const mark = newMark();
    const { said, held } = await this.#hold(holdScratch(mark, under), mark, signal, scratchBeatMs);
    if (held === null) {
      throw new CommandError(`No temporary folder could be made on ${this.label} (${said}).`, {
        code: 'host.scratch',
        hint: 'Free some space there, or set TMPDIR to a folder that this user may write to.',
      });
    }
    return held;
  }

  async claim(path: string, { signal }: { signal: AbortSignal }): Promise<Scratch | null> {
    assertPlain([path]);
    const mark = newMark();
    const { said, held } = await this.#hold(holdClaim(mark, path), mark, signal, claimBeatMs);
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
    everyMs: number,
  ): Promise<{ readonly said: string; readonly held: Scratch | null }> {
    const holder = await this.#run(script, mark, signal);
    const lines = holder.stdout[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const path = value === undefined ? '' : Buffer.from(value).toString('utf8').trimEnd();
    // The rest of its output is nothing, but must be read for its end to be seen.
    const rest = lines.next();
    rest.catch(() => {});
    if (!path.startsWith('/')) {
      await rest.catch(() => {});
      const exit = await holder.exit;
      return { said: path || lastLine(exit.stderr) || describeExit(exit), held: null };
    }
    const beating = setInterval(holder.beat, everyMs);
    beating.unref();
    const held = {
      path,
      async [Symbol.asyncDispose]() {
        clearInterval(beating);
        holder.end();
        await holder.exit.catch(() => {});
      },
    };
    return { said: '', held };
  }

  async #run(script: string, mark: string, signal: AbortSignal, stdin?: string | Bytes): Promise<Running> {
    throwIfCancelled(signal);
    const content = Buffer.from(script);
    const raw = await startUntil(signal, this.#transport.start(bootstrap(content.byteLength)));
    // A program that ends early no longer reads: not our failure, its exit code tells.
    raw.stdin.on('error', () => {});
    raw.stdin.write(content);
    if (typeof stdin === 'string') raw.stdin.write(stdin);
    else if (stdin !== undefined) feed(stdin, raw.stdin, () => raw.destroy());
    return watchOver(raw, {
      mark,
      signal,
      stderrBytes,
      unmarked: (before, exit) => noShell(this.label, before, exit),
    });
  }
}

/** A machine that no longer answers must not keep a cancelled run waiting; a program that starts after all is ended. */
export async function startUntil(signal: AbortSignal, starting: Promise<RawProcess>): Promise<RawProcess> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(reasonOf(signal));
    starting.then(
      (late) => late.destroy(),
      () => {},
    );
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([starting, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

export interface Running {
  readonly stdout: Bytes;
  readonly exit: Promise<Exit>;
  /** Gives the tether a sign of life. */
  beat(): void;
  /** Tells the tether that it is over. */
  end(): void;
}

export interface Watched {
  /** The line before the program's own output. */
  readonly mark: string;
  readonly signal: AbortSignal;
  /** How much of the end of stderr is kept. */
  readonly stderrBytes: number;
  /** The error of a program that never said the mark. */
  unmarked(before: string, exit: Exit): Error;
}

/** A started program with its end, however that comes. */
export function watchOver(raw: RawProcess, { mark, signal, stderrBytes, unmarked }: Watched): Running {
  const output = new PassThrough({ highWaterMark: 1024 * 1024 });
  raw.stdout.on('error', (error) => output.destroy(error));
  raw.stdout.pipe(output);
  const stderr = tailOf(raw.stderr, stderrBytes);
  let cut: NodeJS.Timeout | undefined;
  const unheard = Promise.withResolvers<{ readonly code: null }>();
  const end = (): void => {
    raw.stdin.end();
    cut ??= setTimeout(() => {
      raw.destroy();
      // Of a machine that no longer answers the end is never heard.
      cut = setTimeout(() => unheard.resolve({ code: null }), cutMs);
    }, graceMs);
  };
  const onAbort = (): void => {
    end();
    raw.stdout.unpipe(output);
    raw.stdout.resume();
    output.destroy(reasonOf(signal));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  const marked = afterMark(output, mark);
  const exit = (async (): Promise<Exit> => {
    try {
      const ended = await Promise.race([raw.ended, unheard.promise]).finally(() => throwIfCancelled(signal));
      const found: Exit = { ...ended, stderr: stderr() };
      if (!(await marked.seen)) throw unmarked(marked.before(), found);
      return found;
    } finally {
      clearTimeout(cut);
      signal.removeEventListener('abort', onAbort);
    }
  })();
  exit.catch((error: unknown) => output.destroy(error as Error));
  const beat = (): void => {
    if (raw.stdin.writable) raw.stdin.write('\n');
  };
  return { stdout: stopEarly(marked.bytes, exit, end, raw), exit, beat, end };
}

/** The output; a reader that leaves before its end ends the program, and a missing begin is told by `exit`. */
async function* stopEarly(bytes: Bytes, exit: Promise<Exit>, end: () => void, raw: RawProcess): Bytes {
  let whole = false;
  try {
    yield* bytes;
    whole = true;
  } finally {
    if (!whole) {
      end();
      raw.stdout.resume();
    }
  }
  // Rejects when the program never began: then the empty output must not look like success.
  await exit;
}

function tailOf(stream: Readable, limitBytes: number): () => string {
  let tail = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-limitBytes);
  });
  stream.on('error', () => {});
  return () => tail.toString('utf8');
}

/** Gives a program what it reads. */
export function feed(source: Bytes, stdin: Writable, onFailure: () => void): void {
  pipeline(source, stdin).catch(() => {
    // The source failed or the program closed its stdin; only the first must stop the program.
    if (!stdin.closed) onFailure();
  });
}

/** Bytes that are there later. */
export async function* lazily(open: () => Promise<Bytes>): Bytes {
  yield* await open();
}

function noShell(label: string, before: string, exit: Exit): CommandError {
  const said = lastLine(before) || lastLine(exit.stderr);
  return new CommandError(
    `No program can be started on ${label}: ${said === '' ? describeExit(exit) : `it says "${said}"`}.`,
    {
      code: 'host.no-shell',
      hint: 'The account needs a login shell and `sh`; a container must be running and contain `sh`.',
    },
  );
}

function newMark(): string {
  return `holdfast-${randomBytes(12).toString('hex')}`;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
}

function assertPlain(texts: readonly string[]): void {
  const bad = texts.find((text) => text.includes('\0'));
  if (bad === undefined) return;
  throw new HoldfastError(`${JSON.stringify(bad)} holds a NUL character, which no program can take.`, {
    code: 'host.argument',
  });
}
