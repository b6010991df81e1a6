import { codecById } from '../../src/codecs/registry.ts';
import { bytesOf } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import type { Reporter } from '../../src/core/reporter.ts';
import { type RestoreRequest, type RestoreResult, restore } from '../../src/core/restore.ts';
import { selectBackup } from '../../src/core/select-backup.ts';
import type { Store } from '../../src/core/store.ts';
import type { Staged, Target, TargetState } from '../../src/core/target.ts';
import { signal } from './signal.ts';
import { type FakeEngine, fingerprintOf } from './stored-backup.ts';

export interface FakeTargetOptions {
  readonly engine: FakeEngine;
  readonly host: Host;
  /** Told what is done: `stage`, `safety`. */
  readonly log: string[];
  readonly found: () => TargetState;
  readonly swap: Staged['swap'];
}

/** What is there can be backed up; what is staged is a fake. */
export const fakeTarget = ({ engine, host, log, found, swap }: FakeTargetOptions): Target => ({
  ...{ engine: 'fake', name: 'shop.db', label: 'fake:shop' },
  source: {
    ...engine,
    discover: async () => [{ name: 'shop', source: 'fake:shop' }],
    probe: async () => ({ expectedBytes: 10, warnings: [] }),
    async snapshot() {
      log.push('safety');
      const proof = Promise.resolve({ fingerprint: fingerprintOf({ users: 9 }) });
      const content = JSON.stringify({ users: 9 });
      return {
        ...{ host, extension: 'sqlite3', engineVersion: '1', toolVersion: '1', method: 'fake' },
        ...{ takenAt: new Date(), expectedBytes: 10, proof, read: () => bytesOf(content) },
        async [Symbol.asyncDispose]() {},
      };
    },
  },
  inspect: async () => found(),
  async stage(request) {
    const loaded = await engine.load(request);
    log.push('stage');
    return { ...loaded, swap };
  },
});

interface Place {
  readonly store: Store;
  readonly host: Host;
  readonly target: Target;
  readonly reporter: Reporter;
}

/** Restores the newest backup of `app`, confirmed. */
export async function restoreLatest(
  { store, host, target, reporter }: Place,
  changes: Partial<RestoreRequest> = {},
): Promise<RestoreResult> {
  const selector = { kind: 'latest' } as const;
  const selected = await selectBackup({ store, name: 'app', selector, verifier: null, reporter, signal });
  return restore({
    ...{ store, selected, target, only: null, confirm: 'shop.db', force: false, dryRun: false },
    hooks: { host, stop: null, start: null },
    codecById: (codec) => codecById(codec),
    safety: {
      codecs: [],
      signer: null,
      verifier: null,
      compressOn: 'runner',
      runner: host,
      toolVersion: '0.1.0',
      now: () => new Date(),
    },
    ...{ reporter, signal },
    ...changes,
  });
}
