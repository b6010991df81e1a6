import type { Bytes } from '../../core/bytes.ts';
import { readDigest } from '../../core/digest-file.ts';
import type { Packer, Snapshot, SnapshotProof } from '../../core/engine.ts';
import { CommandError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { copyFailed } from './copy-live.ts';
import { wordsOfSnapshot } from './damage.ts';
import { readFingerprint } from './fingerprint.ts';
import { proofMark } from './gate-script.ts';
import { readUntil } from './read-until.ts';
import { checkMark } from './script-parts.ts';

export interface GatedRequest {
  readonly host: Host;
  /** For messages. */
  readonly source: string;
  /** The file that is meant. */
  readonly path: string;
  /** The words that ask for it. */
  readonly request: readonly [string, ...string[]];
  readonly sqliteVersion: string;
  readonly expectedBytes: number;
  /** Packs the bytes there; `undefined`: they come plain. */
  readonly packer: Packer | undefined;
  readonly signal: AbortSignal;
}

/** One request is one snapshot: the gate copies, says which file it was, waits for a word, and sends and proves the copy. */
export async function takeGatedSnapshot(request: GatedRequest): Promise<Snapshot> {
  const { host, signal, sqliteVersion } = request;
  const stop = new AbortController();
  const chosen = Promise.withResolvers<string>();
  const over = Promise.withResolvers<void>();
  async function* words(): Bytes {
    yield Buffer.from(await chosen.promise);
    // The end of its stdin would end the gate.
    await over.promise;
  }
  const takenAt = new Date();
  const running = host.spawn(request.request, {
    signal: AbortSignal.any([signal, stop.signal]),
    stdin: words(),
  });
  const release = (): void => {
    chosen.resolve('');
    over.resolve();
  };
  running.exit.then(release, release);
  const end = async (): Promise<void> => {
    stop.abort();
    await running.exit.catch(() => {});
  };
  try {
    const { head, rest } = await readUntil(0, running.stdout);
    if (head === null) throw copyFailed(host, request.path, await running.exit);
    if (head !== request.path) throw changed(request, head);
    const proof = running.exit.then((exit) => readProof(request, exit));
    proof.catch(() => {});
    return {
      host,
      extension: 'sqlite3',
      engineVersion: sqliteVersion,
      toolVersion: `sqlite3 ${sqliteVersion}`,
      method: 'sqlite3 .backup inside a read transaction',
      takenAt,
      expectedBytes: request.expectedBytes,
      proof,
      read() {
        chosen.resolve(sendWord(request.packer));
        return endProven(rest, proof);
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** `send zstd 3` for the program's arguments; the gate knows the rest of them. */
function sendWord(packer: Packer | undefined): string {
  if (packer === undefined) return 'send plain\n';
  const level = packer.find((argument) => /^-\d+$/.test(argument))?.slice(1);
  return `send ${packer[0]} ${level}\n`;
}

async function* endProven(bytes: Bytes, proof: Promise<unknown>): Bytes {
  yield* bytes;
  await proof;
}

/** What the gate said after all went well: the digest in two lines, the schema, and what the check found. */
function readProof({ host, source }: GatedRequest, exit: Exit): SnapshotProof {
  const words = wordsOfSnapshot(host, source);
  if (exit.code !== 0) throw words.unreadable(exit);
  const [, said = ''] = exit.stderr.split(`${proofMark}\n`);
  const lines = said.split('\n').slice(0, -1);
  const mark = lines.indexOf(checkMark);
  if (mark < 2) {
    throw new CommandError(`${host.label} gave no proof of the copy of ${source}.`, { code: 'sqlite.proof' });
  }
  return {
    fingerprint: readFingerprint(lines.slice(2, mark), lines.slice(mark + 1), words),
    digest: readDigest(lines.slice(0, 2).join('\n'), `the copy of ${source}`, host),
  };
}

function changed({ host, path }: GatedRequest, found: string): CommandError {
  return new CommandError(
    `The files of the key on ${host.label} changed while they were listed: ${found} was copied instead of ${path}; nothing was stored.`,
    { code: 'sqlite.changed', hint: 'Run the backup again.' },
  );
}
