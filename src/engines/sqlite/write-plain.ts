import type { Bytes } from '../../core/bytes.ts';
import type { LoadRequest } from '../../core/engine.ts';
import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { programFailed, runProgram } from '../../core/program.ts';
import { mebibytes } from './host-facts.ts';

/** What a file of so many plain bytes takes on the disk, with some room. */
export function roomFor(plainBytes: number): number {
  return Math.ceil(plainBytes * 1.1);
}

/**
 * Writes a backup's plain bytes to a private file of the host, which nobody may open before this resolved.
 * @param noSpace the code of a full disk
 * @throws the source's own error when that failed
 */
export async function writePlain(
  host: Host,
  file: string,
  { plain, plainBytes, signal }: LoadRequest,
  noSpace: string,
): Promise<void> {
  const source = remember(plain);
  let run: Exit & { readonly stdout: string };
  try {
    run = await runProgram(host, ['sh', '-c', script, 'sh', file], { signal, stdin: source.bytes });
  } catch (error) {
    throw source.failure() ?? error;
  }
  const failure = source.failure();
  if (failure !== undefined) throw failure;
  if (run.code !== 0) throw writeFailed(host, run, noSpace, plainBytes);
  const written = Number(run.stdout);
  if (source.ended() && written === source.count()) return;
  throw new CommandError(
    `The backup could not be written on ${host.label}: ${written} of ${plainBytes} bytes arrived.`,
    { code: 'sqlite.load', hint: 'Try again; if it repeats, look at the disk there.' },
  );
}

const script = 'umask 077; cat > "$1" && wc -c < "$1"';

function writeFailed(host: Host, run: Exit, noSpace: string, plainBytes: number): Error {
  if (!/no space|disk quota|file too large/i.test(run.stderr)) {
    return programFailed('Writing the bytes of the backup', host, run);
  }
  return new HoldfastError(
    `The backup could not be written on ${host.label}: the disk was full before all of its ${mebibytes(plainBytes)} were there.`,
    { code: noSpace, hint: 'Free some space there.' },
  );
}

/** The same bytes; how they ended is known afterwards. */
function remember(plain: Bytes) {
  let ended = false;
  let failure: unknown;
  let count = 0;
  async function* bytes(): Bytes {
    try {
      for await (const chunk of plain) {
        count += chunk.byteLength;
        yield chunk;
      }
      ended = true;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { bytes: bytes(), ended: () => ended, failure: () => failure, count: () => count };
}
