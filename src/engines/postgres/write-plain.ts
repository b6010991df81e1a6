import type { Bytes } from '../../core/bytes.ts';
import type { LoadRequest } from '../../core/engine.ts';
import { CommandError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { lastLine, programFailed, runProgram } from '../../core/program.ts';

/**
 * Writes a backup's plain bytes to a private file of the host, which nobody may open before this resolved.
 * @throws the source's own error when that failed; CommandError `postgres.no-space` on a full disk
 */
export async function writePlain(
  host: Host,
  file: string,
  { plain, plainBytes, signal }: LoadRequest,
): Promise<void> {
  const source = new Remembered(plain);
  let run: Exit & { readonly stdout: string };
  try {
    run = await runProgram(host, ['sh', '-c', script, 'sh', file], { signal, stdin: source.bytes() });
  } catch (error) {
    throw source.failed ? source.failure : error;
  }
  if (source.failed) throw source.failure;
  if (run.code !== 0) throw writeFailed(host, run, plainBytes);
  if (source.ended && Number(run.stdout) === source.count) return;
  throw new CommandError(
    `The backup could not be written on ${host.label}: ${Number(run.stdout)} of ${plainBytes} bytes arrived.`,
    { code: 'postgres.load', hint: 'Try again; if it repeats, look at the disk there.' },
  );
}

const script = 'umask 077; cat > "$1" && wc -c < "$1"';

function writeFailed(host: Host, run: Exit, plainBytes: number): Error {
  if (!/no space|disk quota|file too large/i.test(run.stderr)) {
    return programFailed('Writing the bytes of the backup', host, run);
  }
  return new CommandError(
    `The ${plainBytes} bytes of the backup could not be written on ${host.label}: ${lastLine(run.stderr)}.`,
    { code: 'postgres.no-space', hint: 'Free some space there, or set TMPDIR to a folder with room.' },
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
