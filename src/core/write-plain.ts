import type { Bytes } from './bytes.ts';
import { digestFile } from './digest-file.ts';
import type { LoadRequest } from './engine.ts';
import { CommandError, HoldfastError, IntegrityError } from './errors.ts';
import type { Exit, Host } from './host.ts';
import { hasProgram, lastLine, programFailed, runProgram } from './program.ts';

type Request = Pick<LoadRequest, 'plain' | 'packed' | 'plainBytes' | 'signal'>;

/**
 * Writes a backup's plain bytes to a private file of a host, which nobody may open before this resolved. Where the host has
 * the program, it decodes them there: fewer bytes travel, and it is quicker.
 * @param noSpace the code of a full disk
 * @throws the source's own error when that failed; IntegrityError when the bytes are not what they must be
 */
export async function writePlain(host: Host, file: string, request: Request, noSpace: string): Promise<void> {
  const { packed, signal } = request;
  if (packed !== undefined && (await hasProgram(host, packed.program[0], signal))) {
    if (await writePacked(host, file, { ...request, packed }, noSpace)) return;
  }
  const { source, run } = await feed(host, ['sh', '-c', plainScript, 'sh', file], request.plain, request);
  if (run.code !== 0) throw writeFailed(host, run, request, noSpace);
  const written = Number(run.stdout);
  if (source.ended && written === source.count) return;
  throw new CommandError(
    `The backup could not be written on ${host.label}: ${written} of ${request.plainBytes} bytes arrived.`,
    { code: 'load.incomplete', hint: 'Try again; if it repeats, look at the disk there.' },
  );
}

const plainScript = 'umask 077; cat > "$1" && wc -c < "$1"';

/** More than the file should have is not written; a block is 512 bytes, or 1024 where sh is bash. */
const packedScript = `
umask 077
file=$1
ulimit -f "$2" 2>/dev/null
shift 2
exec "$@" >"$file"
`;

/** False where the host could not do it, for whatever reason: the plain way, which knows more, then tells or does it. */
async function writePacked(
  host: Host,
  file: string,
  { packed, plainBytes, signal }: Request & { readonly packed: NonNullable<Request['packed']> },
  noSpace: string,
): Promise<boolean> {
  const blocks = `${Math.ceil(plainBytes / 512) + 1}`;
  const argv = ['sh', '-c', packedScript, 'sh', file, blocks, ...packed.program] as const;
  const { run } = await feed(host, [...argv], packed.read(), { signal });
  if (isFull(run)) throw writeFailed(host, run, { plainBytes }, noSpace);
  if (run.code !== 0) return false;
  const found = await digestFile(host, file, { what: 'the file of the backup', signal });
  if (found.bytes === plainBytes && found.sha256 === packed.plainSha256) return true;
  throw new IntegrityError(
    `The backup is damaged: on ${host.label} it decodes to ${found.bytes} bytes with SHA-256 ${found.sha256} ` +
      `instead of ${plainBytes} with ${packed.plainSha256}.`,
    { code: 'object.damaged', hint: 'Take an earlier backup; `list` shows them.' },
  );
}

/** Runs a program on bytes; when these fail, that is the failure. */
async function feed(
  host: Host,
  argv: readonly [string, ...string[]],
  bytes: Bytes,
  { signal }: Pick<Request, 'signal'>,
): Promise<{ readonly source: Remembered; readonly run: Exit & { readonly stdout: string } }> {
  const source = new Remembered(bytes);
  try {
    const run = await runProgram(host, argv, { signal, stdin: source.bytes() });
    if (source.failed) throw source.failure;
    return { source, run };
  } catch (error) {
    throw source.failed ? source.failure : error;
  }
}

function isFull({ code, stderr }: Exit): boolean {
  return code !== 0 && /no space|disk quota/i.test(stderr);
}

function writeFailed(
  host: Host,
  run: Exit,
  { plainBytes }: Pick<Request, 'plainBytes'>,
  noSpace: string,
): Error {
  if (!isFull(run)) return programFailed('Writing the bytes of the backup', host, run);
  return new HoldfastError(
    `The backup could not be written on ${host.label}: the disk was full before all of its ${plainBytes} bytes were there (${lastLine(run.stderr)}).`,
    { code: noSpace, hint: 'Free some space there.' },
  );
}

/** The same bytes; how they ended is known afterwards. */
class Remembered {
  ended = false;
  failed = false;
  failure: unknown;
  count = 0;
  readonly #source: Bytes;

  constructor(source: Bytes) {
    this.#source = source;
  }

  async *bytes(): Bytes {
    try {
      for await (const chunk of this.#source) {
        this.count += chunk.byteLength;
        yield chunk;
      }
      this.ended = true;
    } catch (error) {
      this.failed = true;
      this.failure = error;
      throw error;
    }
  }
}
