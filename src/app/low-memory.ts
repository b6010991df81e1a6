import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEveryMs = 20;
/** Memory of buffers from which on the young ones, and then all of them, are collected. About 45 MB are in use. */
const youngBytes = 60_000_000;
const allBytes = 80_000_000;
/** How much must have come since the last time: what is in use is no reason to look again and again. */
const stepBytes = 8_000_000;

/**
 * Keeps a long transfer below 200 MB. V8 decides by the size of its own heap when to collect, and sees next to nothing of the
 * memory behind buffers: hundreds of megabytes that nobody uses would wait there.
 */
export function keepMemoryLow(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  let left = 0;
  setInterval(() => {
    const bytes = bufferBytes();
    left = Math.min(left, bytes);
    if (bytes < youngBytes || bytes < left + stepBytes) return;
    collect({ type: 'minor', execution: 'sync' });
    if (bufferBytes() > allBytes) collect();
    left = bufferBytes();
  }, lookEveryMs).unref();
}

/** Asked often: `process.memoryUsage()` takes six times as long. */
function bufferBytes(): number {
  return getHeapStatistics().external_memory;
}
