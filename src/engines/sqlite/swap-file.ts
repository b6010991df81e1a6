import { HoldfastError, throwIfCancelled } from '../../core/errors.ts';
import type { Exit } from '../../core/host.ts';
import { lastLine, programFailed, runProgram } from '../../core/program.ts';
import { quote } from '../../core/quote.ts';
import type { Swapped } from '../../core/target.ts';
import { inUse, whoUses } from './in-use.ts';
import type { Settlement } from './sqlite-tool.ts';
import type { StagePlace } from './stage-file.ts';
import { swapScript } from './swap-script.ts';

export interface SwapPlace extends StagePlace {
  /** Private folder on the same file system. */
  readonly scratch: string;
  /** The new file in it. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/** How long the last script may take; it is not stopped by a cancellation. */
const swapTimeoutMs = 10 * 60_000;

/**
 * Puts the new file in the old one's place. First the old database's transactions are brought into its one file, by
 * SQLite itself, so that a single rename is the whole swap. Where that can't be (it is damaged, or somebody writes to it
 * and `force` is set), its side files go out of the way just before the rename; only a crash of the machine in between
 * leaves the old file without them, and then they lie complete beside the kept old one.
 */
export async function swapFile(
  swap: SwapPlace,
  { id, force }: { readonly id: string; readonly force: boolean },
): Promise<Swapped> {
  const { host, label, place, signal } = swap;
  if (!force) {
    const by = await whoUses(host, place.path, signal);
    if (by !== null) throw inUse(label, by);
  }
  const settlement = place.content === 'database' ? await settle(swap) : 'failed';
  throwIfCancelled(signal);
  if (settlement === 'busy' && !force) throw inUse(label, 'a process that holds a lock on it');
  const settled = settlement === 'settled';
  const kept = `${place.path}.before-${id}`;
  const moved = await runSwap(swap, { kept, settled, force });
  if (!place.exists) return { previous: null, goBack: [] };
  return { previous: kept, goBack: goBack(place.path, kept, moved) };
}

const saveScript = `
for side in wal shm journal; do
  if [ -e "$1-$side" ]; then cp -p "$1-$side" "$2/$side" || exit 1; fi
done
`;

/** Keeps copies of the side files first. */
async function settle({ host, place, scratch, signal }: SwapPlace): Promise<Settlement> {
  const saved = await runProgram(host, ['sh', '-c', saveScript, 'sh', place.path, scratch], { signal });
  if (saved.code !== 0) throw programFailed(`Keeping the side files of ${place.path}`, host, saved);
  return place.tool.settle(host, place.path, signal);
}

interface Last {
  readonly kept: string;
  readonly settled: boolean;
  readonly force: boolean;
}

/** Gives the endings of the side files that went to the kept old one. */
async function runSwap(swap: SwapPlace, { kept, settled, force }: Last): Promise<string[]> {
  const { host, label, place, scratch, file } = swap;
  const flags = [place.exists ? 'present' : 'absent', settled ? 'settled' : '-', force ? 'force' : '-'];
  const argv = ['sh', '-c', swapScript, 'sh', place.path, file, kept, scratch, ...flags] as const;
  let run: Exit & { readonly stdout: string };
  try {
    run = await runProgram(host, [...argv], { signal: AbortSignal.timeout(swapTimeoutMs) });
  } catch (cause) {
    throw unknownOutcome(swap, kept, cause);
  }
  const [answer = '', ...moved] = run.stdout.trimEnd().split('\n');
  if (answer === 'swapped') return moved;
  const said = lastLine(run.stderr);
  if (answer === 'in-use') throw inUse(label, 'a process that opened it just now');
  if (answer === 'changed') throw changed(swap);
  if (answer === 'failed') throw swapFailed(swap, said);
  throw unknownOutcome(swap, kept, new Error(said));
}

function changed({ label, place }: SwapPlace): HoldfastError {
  const what = place.exists ? 'is gone since the restore began' : 'appeared since the restore began';
  return new HoldfastError(`${label} ${what}; nothing was changed.`, {
    code: 'restore.changed',
    hint: 'Stop the app first, and run the restore again.',
  });
}

function swapFailed({ label }: SwapPlace, said: string): HoldfastError {
  return new HoldfastError(
    `The new file could not be put in the place of ${label}: ${said || 'a command failed'}; everything was put back.`,
    {
      code: 'restore.swap',
      hint: 'A file that is mounted into a container by itself can only be swapped outside of it.',
    },
  );
}

function unknownOutcome({ label, place }: SwapPlace, kept: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    `The host did not say how the swap of ${label} ended: it is the old database or the new one, whole.`,
    {
      code: 'restore.unknown',
      hint: place.exists ? `The old one is also ${kept}, if that is there.` : 'Look whether it is there.',
      cause,
    },
  );
}

function goBack(path: string, kept: string, moved: readonly string[]): string[] {
  const sides = ['wal', 'shm', 'journal'].map((side) => quote(`${path}-${side}`));
  return [
    `rm -f ${sides.join(' ')}`,
    `mv -f ${quote(kept)} ${quote(path)}`,
    ...moved.map((side) => `mv -f ${quote(`${kept}-${side}`)} ${quote(`${path}-${side}`)}`),
  ];
}
