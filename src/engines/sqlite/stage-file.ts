import { posix } from 'node:path';
import type { LoadRequest } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { lastLine, programFailed, runProgram } from '../../core/program.ts';
import { otherRestore, type Staged, type Swapped } from '../../core/target.ts';
import { writePlain } from '../../core/write-plain.ts';
import { wordsOfBackup } from './damage.ts';
import { mebibytes, roomFor } from './host-facts.ts';
import type { TargetPlace } from './inspect-target.ts';
import { LoadedFile, type LoadedFileOptions } from './loaded-file.ts';
import { type SwapPlace, swapFile } from './swap-file.ts';

export interface StagePlace {
  readonly host: Host;
  /** For messages. */
  readonly label: string;
  readonly place: TargetPlace;
}

/** Makes the new file, with the old one's owner and mode, in a private folder beside it: a rename swaps the two. */
export async function stageFile(target: StagePlace, request: LoadRequest): Promise<Staged> {
  const { host, place } = target;
  const { signal, engineVersion } = request;
  assertRoom(target, request.plainBytes);
  await using stack = new AsyncDisposableStack();
  const lock = await host.claim(`${place.folder}/.${posix.basename(place.path)}.holdfast-restore`, {
    signal,
  });
  if (lock === null) throw otherRestore(target.label);
  stack.use(lock);
  const scratch = stack.use(await host.scratch({ signal, under: place.folder }));
  const file = `${scratch.path}/new`;
  await giveOwner(target, file, signal);
  await writePlain(host, file, request, 'restore.no-space');
  const finished = await runProgram(host, ['sh', '-c', finishScript, 'sh', place.owner.mode, file], {
    signal,
  });
  if (finished.code !== 0) throw programFailed('Writing the new database to the disk', host, finished);
  const words = wordsOfBackup(host, place.tool, engineVersion);
  const options = { host, tool: place.tool, file, words, signal, held: stack.move() };
  return new StagedFile(options, { ...target, scratch: scratch.path, file, signal });
}

class StagedFile extends LoadedFile implements Staged {
  readonly #place: SwapPlace;

  constructor(options: LoadedFileOptions, place: SwapPlace) {
    super(options);
    this.#place = place;
  }

  swap(options: { readonly id: string; readonly force: boolean }): Promise<Swapped> {
    return swapFile(this.#place, options);
  }
}

const finishScript = 'chmod "$1" "$2" && { sync "$2" 2>/dev/null || sync; }';

function assertRoom({ label, place }: StagePlace, plainBytes: number): void {
  const wanted = roomFor(plainBytes);
  if (place.freeBytes >= wanted) return;
  throw new HoldfastError(
    `${label} can't be restored to: ${mebibytes(wanted)} must be free in ${place.folder} for the new file beside the old one, but it has ${mebibytes(place.freeBytes)}.`,
    { code: 'restore.no-space', hint: 'Free some space there.' },
  );
}

const ownerScript = `
umask 077
: >"$1" || exit 1
if [ "$2" -lt 0 ]; then exit 0; fi
now=$(stat -c '%u:%g' "$1" 2>/dev/null || stat -f '%u:%g' "$1")
if [ "$now" = "$2:$3" ]; then exit 0; fi
chown "$2:$3" "$1" || exit 3
`;

/** Before the download: a file that the app may not open is of no use. */
async function giveOwner(
  { host, label, place }: StagePlace,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { uid, gid } = place.owner;
  const run = await runProgram(host, ['sh', '-c', ownerScript, 'sh', file, `${uid}`, `${gid}`], { signal });
  if (run.code === 0) return;
  if (run.code !== 3) throw programFailed('Making the new file', host, run);
  throw new HoldfastError(
    `${label} can't be restored to: this user may not give the new file the old one's owner ${uid}:${gid} (${lastLine(run.stderr)}).`,
    {
      code: 'restore.owner',
      input: 'sudo',
      hint: 'Connect as the user that owns the file, or set `sudo: true`.',
    },
  );
}
