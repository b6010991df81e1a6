import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bytes } from '../core/bytes.ts';
import { CancelledError, HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Exit } from '../core/host.ts';
import { afterMark, type Marked } from './after-mark.ts';
import type { RawProcess } from './transport.ts';

/** How long a program may take to end after we asked it to, before our side is cut. */
const graceMs = 4000;
/** How long the end of what was cut may take to be heard. */
const cutMs = 500;

export interface Running {
  readonly stdout: Bytes;
  /** Whether the mark came; known once that much of `stdout` was read. */
  readonly begun: Promise<boolean>;
  readonly exit: Promise<Exit>;
  /** Gives the tether a sign of life, with a word where it knows that. */
  beat(word?: string): void;
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
  const beat = (word = ''): void => {
    if (raw.stdin.writable) raw.stdin.write(`${word}\n`);
  };
  return { stdout: stopEarly(marked, exit, end, raw), begun: marked.seen, exit, beat, end };
}

/** The output; a reader that leaves before its end ends the program, and a missing begin is told by `exit`. */
async function* stopEarly(
  { bytes, seen }: Marked,
  exit: Promise<Exit>,
  end: () => void,
  raw: RawProcess,
): Bytes {
  let whole = false;
  try {
    yield* bytes;
    // Without its begin there may be more of it, that nobody reads.
    whole = await seen;
  } finally {
    if (!whole) {
      end();
      // Without the pipe to whoever has left: that would stop it again.
      raw.stdout.unpipe();
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

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
}
