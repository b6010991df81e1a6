import type { Bytes } from '../../core/bytes.ts';
import { readDigest } from '../../core/digest-file.ts';
import type { Snapshot, SnapshotProof } from '../../core/engine.ts';
import { CommandError } from '../../core/errors.ts';
import { giveWayBySession, niceness } from '../../core/give-way.ts';
import { programFailed, steadily } from '../../core/program.ts';
import { sweepFolders } from '../../core/sweep-folders.ts';
import { copyFailed } from './copy-live.ts';
import { wordsOfSnapshot } from './damage.ts';
import { readFingerprint } from './fingerprint.ts';
import { newline, nul, readUntil } from './read-until.ts';
import {
  changedMark,
  checkLines,
  checkMark,
  copyLines,
  judgeLive,
  settings,
  tablesQuery,
} from './script-parts.ts';
import { unsynced } from './sqlite-shell.ts';
import type { SnapshotRequest } from './sqlite-snapshot.ts';
import { doneMark } from './sqlite-tool.ts';

/**
 * All of a small snapshot in one program, for where there are hundreds: it copies, says so, checks and hashes the copy, says
 * what it found up to a NUL, and sends it through the packer. It ends, and its folder with it, when this process does.
 */
const script = (sweeps: boolean, copyOptions: string): string => `
umask 077
under=$1 live=$2 wal=$3
shift 3
dir=
clean() {
  trap "" HUP INT TERM PIPE
  if [ -n "$dir" ]; then cd / && rm -rf -- "$dir"; fi
}
${sweeps ? `${sweepFolders}\nsweep "$under"` : ''}
${settings}
${judgeLive}
if ! is_there; then echo ${changedMark}; exit 0; fi
case $live in /*) ;; *) live=$PWD/$live ;; esac
only=-readonly
if must_write; then only=; fi
trap clean EXIT
trap "exit 1" HUP INT TERM PIPE
dir=$(mktemp -d "$under/holdfast.XXXXXXXX") && cd "$dir" || exit 1
# Where a shell has files for what follows "<<".
TMPDIR=$dir
q="'"${tablesQuery}
said=$(sqlite3 $quiet $only "$live" <<end
${copyLines(copyOptions, '$tables').join('\n')}
end
) || exit 1
case $said in *${doneMark}) ;; *) exit 1 ;; esac
echo ${doneMark}
# The lock of the copy is nobody's trouble any more.
renice -n ${niceness.bulk} -p $$ >/dev/null 2>&1
${giveWayBySession(niceness.bulk)}
if command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
elif command -v sha256sum >/dev/null 2>&1; then sha256sum
else shasum -a 256
fi <copy.sqlite3 || exit 1
sqlite3 $quiet "$immutable" <<end || exit 1
PRAGMA page_size;
PRAGMA page_count;
${checkLines.join('\n')}
\${said%${doneMark}}
end
printf "\\000"
"$@" <copy.sqlite3
`;

/**
 * As `takeSnapshot` does, by sqlite3 alone; `null` when the file is no longer what it was when it was looked at. With `sweeps`,
 * what dead runs left there is removed first.
 */
export async function takeSmallSnapshot(request: SnapshotRequest, sweeps: boolean): Promise<Snapshot | null> {
  const { host, source, live, wal, tool, signal } = request;
  const packer = (await request.packer()) ?? ['cat'];
  const stop = new AbortController();
  const during = AbortSignal.any([signal, stop.signal]);
  const takenAt = new Date();
  const argv = [
    'sh',
    '-c',
    script(sweeps, unsynced(tool.sqliteVersion)),
    'sh',
    request.scratchUnder,
    live,
    `${wal}`,
    ...packer,
  ];
  const running = host.spawn(argv as [string, ...string[]], { signal: during });
  running.exit.catch(() => {});
  const end = async (): Promise<void> => {
    stop.abort();
    await running.exit.catch(() => {});
  };
  try {
    const { head, rest } = await readUntil(newline, running.stdout);
    if (head === changedMark) {
      await end();
      return null;
    }
    if (head !== doneMark) throw copyFailed(host, live, await running.exit);
    const proven = readProven(request, rest, () => running.exit);
    proven.catch(() => {});
    const proof = proven.then((found) => found.proof);
    proof.catch(() => {});
    async function* read(): Bytes {
      const { bytes } = await proven;
      yield* steadily(host, { bytes, exit: running.exit }, stop, (ended) =>
        programFailed(`Sending ${source}`, host, ended),
      );
    }
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
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The SHA-256, the size as pages, the schema, and what the check found; then the bytes. */
async function readProven(
  { host, source }: SnapshotRequest,
  stdout: Bytes,
  exit: () => Promise<Parameters<typeof programFailed>[2]>,
): Promise<{ proof: SnapshotProof; bytes: Bytes }> {
  const words = wordsOfSnapshot(host, source);
  const { head, rest } = await readUntil(nul, stdout);
  const lines = (head ?? '').split('\n').slice(0, -1);
  const mark = lines.indexOf(checkMark);
  if (head === null || mark < 3) {
    const ended = await exit();
    if (ended.code !== 0) throw words.unreadable(ended);
    throw new CommandError(`${host.label} gave no proof of the copy of ${source}.`, { code: 'sqlite.proof' });
  }
  const [hashed = '', pageBytes, pages] = lines;
  const bytes = Number(pageBytes) * Number(pages);
  const proof = {
    fingerprint: readFingerprint(lines.slice(3, mark), lines.slice(mark + 1), words),
    digest: readDigest(`${bytes}\n${hashed}`, `the copy of ${source}`, host),
  };
  return { proof, bytes: rest };
}
