import type { Bytes, Digest } from '../../core/bytes.ts';
import type { Snapshot, SnapshotProof } from '../../core/engine.ts';
import { CommandError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { outputOf, programFailed, runProgram } from '../../core/program.ts';
import { wordsOfSnapshot } from './damage.ts';
import { checkFile } from './fingerprint.ts';
import type { SqliteTool } from './sqlite-tool.ts';

export interface SnapshotRequest {
  readonly host: Host;
  /** For messages. */
  readonly source: string;
  readonly tool: SqliteTool;
  readonly live: string;
  readonly readOnly: boolean;
  readonly scratchUnder: string;
  readonly expectedBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Copies the live database into a private folder of its host. When this resolves, the read transaction is over;
 * the copy is then checked, counted and hashed there while its bytes travel.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { host, tool, live, readOnly, signal } = request;
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const during = AbortSignal.any([signal, stop.signal]);
  const scratch = stack.use(await host.scratch({ signal, under: request.scratchUnder }));
  const copy = `${scratch.path}/copy.sqlite3`;
  const takenAt = new Date();
  await tool.copy(host, { live, copy, readOnly }, signal);
  const proof = prove(request, copy, during);
  // Whoever commits awaits the proof; until then its failure must not count as unhandled.
  proof.catch(() => {});
  stack.defer(async () => {
    stop.abort();
    await proof.catch(() => {});
  });
  const held = stack.move();
  return {
    host,
    extension: 'sqlite3',
    engineVersion: tool.sqliteVersion,
    toolVersion: tool.label,
    method: tool.method,
    takenAt,
    expectedBytes: request.expectedBytes,
    proof,
    read: (through) => readCopy(request, copy, through, during),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function readCopy(
  { host, source }: SnapshotRequest,
  copy: string,
  through: readonly [string, ...string[]] | undefined,
  signal: AbortSignal,
): Bytes {
  const options = through === undefined ? { signal } : { signal, through };
  return outputOf(host, ['cat', copy], options, (exit) => programFailed(`Sending ${source}`, host, exit));
}

async function prove(request: SnapshotRequest, copy: string, signal: AbortSignal): Promise<SnapshotProof> {
  const { host, tool, source } = request;
  const checked = { host, tool, file: copy, words: wordsOfSnapshot(host, source) };
  const [found, digest] = await Promise.all([checkFile(checked, signal), digestOf(request, copy, signal)]);
  return { fingerprint: found, digest };
}

/** Size and SHA-256, whichever tool the host has for it; openssl is about three times as fast as sha256sum. */
const digestScript = `
wc -c <"$1" || exit 1
if command -v openssl >/dev/null 2>&1; then exec openssl dgst -sha256 -r "$1"; fi
if command -v sha256sum >/dev/null 2>&1; then exec sha256sum "$1"; fi
exec shasum -a 256 "$1"
`;

async function digestOf(
  { host, source }: SnapshotRequest,
  copy: string,
  signal: AbortSignal,
): Promise<Digest> {
  const run = await runProgram(host, ['sh', '-c', digestScript, 'sh', copy], { signal, gentle: true });
  if (run.code !== 0) throw programFailed(`Hashing the copy of ${source}`, host, run);
  return readDigest(run.stdout, source, host);
}

/** Size and SHA-256 out of two lines. */
export function readDigest(text: string, source: string, host: Host): Digest {
  const [bytes = '', hashed = ''] = text.trim().split('\n');
  const sha256 = /^\\?([0-9a-f]{64})\b/.exec(hashed)?.[1];
  if (sha256 === undefined) {
    throw new CommandError(`${host.label} gave no SHA-256 for the copy of ${source}.`, {
      code: 'sqlite.digest',
      hint: 'Install `openssl` or coreutils (`sha256sum`) there.',
    });
  }
  return { bytes: Number(bytes), sha256 };
}
