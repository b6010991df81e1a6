import type { Bytes } from '../../core/bytes.ts';
import { digestFile } from '../../core/digest-file.ts';
import type { Packer, Snapshot, SnapshotProof } from '../../core/engine.ts';
import type { Host } from '../../core/host.ts';
import { copyAndSend } from './copy-live.ts';
import { wordsOfSnapshot } from './damage.ts';
import { checkFile } from './fingerprint.ts';
import type { SqliteTool } from './sqlite-tool.ts';

export interface SnapshotRequest {
  readonly host: Host;
  /** For messages. */
  readonly source: string;
  readonly tool: SqliteTool;
  readonly live: string;
  /** Its header says WAL. */
  readonly wal: boolean;
  readonly scratchUnder: string;
  readonly expectedBytes: number;
  /** Looks for what packs the bytes on the host; `undefined`: they come plain. */
  readonly packer: () => Promise<Packer | undefined>;
  readonly signal: AbortSignal;
}

/**
 * Copies the live database into a private folder of its host. When this resolves, the read transaction is over;
 * the copy is then checked, counted and hashed there while its bytes travel.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { host, tool, live, signal } = request;
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const during = AbortSignal.any([signal, stop.signal]);
  const looking = request.packer();
  looking.catch(() => {});
  const scratch = stack.use(await host.scratch({ signal, under: request.scratchUnder }));
  const copy = `${scratch.path}/copy.sqlite3`;
  const packer = await looking;
  const takenAt = new Date();
  const program = tool.copyProgram({ live, copy });
  const { bytes, ended } = await copyAndSend(host, { ...request, program, copy, packer, signal: during });
  const proof = prove(request, copy, during);
  // Whoever commits awaits the proof; until then its failure must not count as unhandled.
  proof.catch(() => {});
  let isSending = false;
  async function* read(): Bytes {
    for await (const chunk of bytes) {
      isSending = true;
      yield chunk;
    }
  }
  // Then what sends it has it open, and nobody else needs its name. Without that its room is given back as the sending ends, and not in a
  // step of its own, which takes 0.1 s for 600 MB.
  const unname = (): void => {
    if (isSending) scratch.unname();
  };
  proof.then(unname, () => {});
  stack.defer(async () => {
    stop.abort();
    await Promise.allSettled([proof, ended]);
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
    read,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function prove(request: SnapshotRequest, copy: string, signal: AbortSignal): Promise<SnapshotProof> {
  const { host, tool, source } = request;
  const checked = { host, tool, file: copy, words: wordsOfSnapshot(host, source) };
  const [found, digest] = await Promise.all([
    checkFile(checked, signal),
    digestFile(host, copy, { what: `the copy of ${source}`, signal }),
  ]);
  return { fingerprint: found, digest };
}
