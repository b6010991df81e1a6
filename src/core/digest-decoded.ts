import { type Bytes, type Digest, drain, Watch } from './bytes.ts';
import type { Codec } from './codec.ts';
import { IntegrityError } from './errors.ts';
import type { Host } from './host.ts';
import { describeExit, hasProgram, lastLine } from './program.ts';

export interface DecodedOptions {
  /** This machine. */
  readonly runner: Host;
  /** About how many plain bytes there will be. */
  readonly expectedBytes: number;
  /** Told the number of plain bytes so far. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Hashes stdin in one buffer, says now and then how many bytes there were, and last the digest. Node does it because it is
 * there for sure.
 */
const hashScript = `
const { readSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const buffer = Buffer.allocUnsafe(1 << 20);
let bytes = 0, said = 0;
for (let count; (count = readSync(0, buffer)) > 0; ) {
  hash.update(buffer.subarray(0, count));
  bytes += count;
  if (bytes - said >= 1 << 24) process.stdout.write((said = bytes) + '\\n');
}
process.stdout.write(bytes + ' ' + hash.digest('hex') + '\\n');
`;

/** For fewer plain bytes than these it does not pay to start programs. */
export const programBytes = 32_000_000;

/**
 * Size and SHA-256 of what encoded bytes decode to. Where this machine has the codec's program, that decodes, beside this
 * process: three to four times as many bytes as are stored then never come into its memory.
 * @throws IntegrityError for bytes that do not decode
 */
export async function digestDecoded(codec: Codec, encoded: Bytes, options: DecodedOptions): Promise<Digest> {
  const { runner, expectedBytes, onBytes, signal } = options;
  const program = codec.decodeProgram;
  if (
    program === undefined ||
    expectedBytes < programBytes ||
    !(await hasProgram(runner, program[0], signal))
  ) {
    return decodeHere(codec, encoded, onBytes);
  }
  const through = [process.execPath, '-e', hashScript];
  const running = runner.spawn(program, { signal, stdin: encoded, through });
  running.exit.catch(() => {});
  let said = '';
  for await (const chunk of running.stdout) {
    said += Buffer.from(chunk).toString('latin1');
    onBytes(Number(/(?:^|\n)(\d+)[^\n]*\n$/.exec(said)?.[1] ?? 0));
  }
  const exit = await running.exit;
  const [, bytes, sha256] = /(?:^|\n)(\d+) ([0-9a-f]{64})\n$/.exec(said) ?? [];
  if (exit.code === 0 && sha256 !== undefined) return { bytes: Number(bytes), sha256 };
  throw damaged(codec, lastLine(exit.stderr) || describeExit(exit));
}

async function decodeHere(codec: Codec, encoded: Bytes, onBytes: (bytes: number) => void): Promise<Digest> {
  const plain = new Watch(onBytes);
  try {
    await drain(plain.through(codec.decode(encoded, { passing: true })));
  } catch (error) {
    throw error instanceof IntegrityError ? damaged(codec, error.message) : error;
  }
  return plain.digest();
}

function damaged({ id }: Codec, why: string): IntegrityError {
  return new IntegrityError(
    `What was compressed by ${id} does not decode (${why.replace(/\.$/, '')}); nothing was stored.`,
    { code: 'snapshot.mismatch', hint: 'Run the backup again; if it repeats, set `compress-on: runner`.' },
  );
}
