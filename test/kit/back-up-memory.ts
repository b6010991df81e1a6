import { type BackupRequest, type BackupResult, backup } from '../../src/core/backup.ts';
import { type MemoryDatabase, type MemoryEngine, memoryEngine } from './memory-engine.ts';
import { signal } from './signal.ts';

/** A database of so many bytes. */
export const rows = (bytes: number): MemoryDatabase => ({
  content: Buffer.alloc(bytes, 'a row of an app. '),
});

/** Backs up databases of memory, as they are or by an engine of their own. */
export function backUpMemory(
  { runner, store, reporter }: Pick<BackupRequest, 'runner' | 'store' | 'reporter'>,
  databases: Readonly<Record<string, MemoryDatabase>> | MemoryEngine,
  more: Partial<BackupRequest> = {},
): Promise<BackupResult> {
  const engine = 'snapshot' in databases ? (databases as MemoryEngine) : memoryEngine(runner, databases);
  return backup({
    ...{ name: 'app', engines: [engine], codecs: [], compressOn: 'auto', store, runner, verifyAfter: null },
    ...{ policy: null, failOnShrink: false, dryRun: false, signer: null, verifier: null, toolVersion: '1' },
    ...{ now: () => new Date('2026-11-21T12:00:00Z'), reporter, signal, ...more },
  });
}
