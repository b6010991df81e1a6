import type { Bytes } from '../../core/bytes.ts';
import type { Packer } from '../../core/engine.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Access } from './access.ts';
import { type ExportedSnapshot, type ExportRequest, exportSnapshot, hasCode } from './export-snapshot.ts';
import type { HeldSession } from './held-session.ts';
import { postgresError } from './postgres-errors.ts';

export interface OutputRequest {
  readonly access: Access;
  /** For messages. */
  readonly source: string;
  readonly reporter: Reporter;
  /** Packs the bytes on the host; `undefined`: they come plain. */
  readonly packer: Packer | undefined;
  readonly signal: AbortSignal;
}

/** A dump that has its locks. Disposing ends it, and the session of its snapshot. */
export interface StartedDump extends AsyncDisposable {
  readonly exported: ExportedSnapshot;
  /** To be called once. */
  read(): Bytes;
}

/**
 * How long pg_dump waits for a lock. The session of the snapshot has the same locks already, so that whoever is in the way waits
 * for that session, and pg_dump for him.
 */
const queueMs = 2000;

/** pg_dump writes nothing before it has its locks; what a packer makes of nothing is shorter. */
const pastLocksBytes = 4096;

/**
 * Runs pg_dump with a larger buffer for its output, where the host's stdbuf works with it: by itself it writes 4 KiB at a time, and
 * waking the reader for each takes more time than the dump. $1: pg_dump; then its command.
 */
const buffered = `
pg_dump=$1
shift
if said=$(stdbuf -o64K "$pg_dump" --version 2>&1 >/dev/null) && [ -z "$said" ]; then exec stdbuf -o64K "$@"; fi
exec "$@"`;

/**
 * Exports a snapshot and starts pg_dump on it. A migration that wants a table in between waits for our session, pg_dump behind
 * it, and the app behind both: then it is let through, and another snapshot is taken, once.
 */
export async function startDump(request: ExportRequest & OutputRequest): Promise<StartedDump> {
  const exported = await exportSnapshot(request);
  try {
    return await dumpOf(exported, request);
  } catch (error) {
    if (!hasCode(error, 'postgres.locked')) throw error;
    request.reporter.debug(`${error.message} Another snapshot is taken.`);
    return dumpOf(await exportSnapshot(request), request);
  }
}

/** Resolves once pg_dump has its locks. Takes over the session. */
async function dumpOf(exported: ExportedSnapshot, request: OutputRequest): Promise<StartedDump> {
  const { access } = request;
  const { id, session } = exported;
  await using stack = new AsyncDisposableStack();
  stack.use(session);
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const settings = ['--format=custom', '--compress=0', `--snapshot=${id}`, `--lock-wait-timeout=${queueMs}`];
  const dump = access.program('pg_dump', ...settings, '--no-password');
  const argv = ['sh', '-c', buffered, 'sh', `${access.client.folder}/pg_dump`, ...dump] as const;
  const bytes = readOutput({ ...request, signal }, argv)[Symbol.asyncIterator]();
  stack.defer(async () => {
    stop.abort();
    await bytes.return?.().catch(() => {});
  });
  const begin = await beginOf(bytes, session);
  const held = stack.move();
  async function* read(): Bytes {
    yield* begin.chunks;
    if (begin.failure !== undefined) throw begin.failure;
    yield* { [Symbol.asyncIterator]: () => bytes };
  }
  return { exported, read, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

interface Begin {
  readonly chunks: readonly Uint8Array[];
  /** Told by whoever reads to it. */
  readonly failure?: unknown;
}

/** So much of the bytes that they are pg_dump's, or all of them. @throws HoldfastError `postgres.locked` */
async function beginOf(bytes: AsyncIterator<Uint8Array>, session: HeldSession): Promise<Begin> {
  const chunks: Uint8Array[] = [];
  try {
    for (let count = 0; count < pastLocksBytes; ) {
      const { done, value } = await bytes.next();
      if (done) break;
      chunks.push(value);
      count += value.byteLength;
    }
    return { chunks };
  } catch (error) {
    if (hasCode(error, 'postgres.locked')) throw error;
    return {
      chunks,
      failure: hasCode(error, 'postgres.snapshot-gone') ? await endOf(session, error) : error,
    };
  }
}

/** Where the dump fails because the session of its snapshot did, that session's failure is the one to tell. */
async function endOf(session: HeldSession, failure: unknown): Promise<unknown> {
  return session.ask('SELECT 1;').then(
    () => failure,
    (first: unknown) => first,
  );
}

/** What a client's program writes, packed; what it warns of is told at the end. */
export async function* readOutput(
  { access, source, reporter, packer, signal }: OutputRequest,
  argv: readonly [string, ...string[]],
): AsyncGenerator<Uint8Array, void, undefined> {
  const { host, env } = access;
  const running = host.spawn(argv, { signal, env, ...(packer === undefined ? {} : { through: packer }) });
  running.exit.catch(() => {});
  yield* running.stdout;
  const exit = await running.exit;
  if (exit.code !== 0) throw postgresError(`The dump of ${source}`, exit);
  // A warning and the lines that explain it are one.
  for (const text of exit.stderr.split(/\n(?=\w+: warning: )/)) {
    if (text.trim() !== '') reporter.warn(text.trim());
  }
}
