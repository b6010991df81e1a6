import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEveryMs = 20;
/** Memory of buffers from which on the young ones, and then all of them, are collected. About 30 MB are in use. */
const youngBytes = 36_000_000;
const allBytes = 43_000_000;
/** So often V8's own heap is collected, which grows by 0.2 MB a second in a transfer, and would be left so for most of a minute. */
const heapEveryMs = 5000;
/** How much must have come since the last time: what is in use is no reason to look again and again. */
const stepBytes = 6_000_000;
/**
 * By how much may be added before V8 collects by itself, in percent of what its heap holds, about 17 MB. A long listing is held short. But V8 counts the memory
 * of buffers as added too: while that is looked after from here, it would only do the same work once more.
 */
const [growthPercent, growthOfTransferPercent] = [100, 400];

/**
 * Keeps a long transfer, and a listing of ten thousand backups, at about 150 MB. V8 decides by the size of its own heap when to collect, and sees next to nothing of the
 * memory behind buffers: hundreds of megabytes that nobody uses would wait there.
 */
export function keepMemoryLow(): void {
  // The last of V8's compilers takes 5 to 10 MB, for a program that spends its time elsewhere.
  setFlagsFromString('--no-opt');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  let left = 0;
  let transfers = false;
  let collectedAt = 0;
  const collectAll = (): void => {
    collect();
    collectedAt = performance.now();
  };
  const setTransfers = (begun: boolean): void => {
    transfers = begun;
    letGrow(begun ? growthOfTransferPercent : growthPercent);
    // What it may grow to is known from the next time on.
    if (!begun) collect();
    collectedAt = performance.now();
  };
  const duringTransfer = (bytes: number): void => {
    if (bytes < youngBytes / 2) setTransfers(false);
    else if (performance.now() > collectedAt + heapEveryMs) collectAll();
  };
  letGrow(growthPercent);
  setInterval(() => {
    const bytes = bufferBytes();
    left = Math.min(left, bytes);
    if (transfers) duringTransfer(bytes);
    if (bytes < youngBytes || bytes < left + stepBytes) return;
    if (!transfers) setTransfers(true);
    collect({ type: 'minor', execution: 'sync' });
    if (bufferBytes() > allBytes) collectAll();
    left = bufferBytes();
  }, lookEveryMs).unref();
}

function letGrow(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/** Asked often: `process.memoryUsage()` takes six times as long. */
function bufferBytes(): number {
  return getHeapStatistics().external_memory;
}
