import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { type BackupRequest, backup } from '../../src/core/backup.ts';
import type { Host } from '../../src/core/host.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let runner: Host;
let store: MemoryStore;

beforeAll(async () => {
  runner = await localHost();
});
beforeEach(() => {
  store = memoryStore();
});
afterAll(() => runner[Symbol.asyncDispose]());

function run(more: Partial<BackupRequest> = {}) {
  const engine = memoryEngine(runner, { app: { content: Buffer.from('a row of an app. ') } });
  return backup({
    ...{ name: 'app', engines: [engine], codecs: [], compressOn: 'auto', store, runner, verifyAfter: null },
    ...{ policy: null, failOnShrink: false, dryRun: false, signer: null, verifier: null, toolVersion: '1' },
    ...{ now: () => new Date('2026-11-21T12:00:00Z'), reporter: quietReporter(), signal, ...more },
  });
}

describe('a backup that is no longer encrypted', () => {
  const age = { ...codecById('gzip'), id: 'age', extension: 'age' };
  const earlier = () => run({ codecs: [age], now: () => new Date('2026-11-20T12:00:00Z') });

  test('is refused: the secret with the recipient may not be set', async () => {
    const { manifest } = await earlier();
    const changes = store.changes.length;
    for (const more of [{}, { dryRun: true }, { codecs: [codecById('zstd')] }]) {
      await expect(run(more)).rejects.toMatchObject({
        ...{ exitCode: 2, input: 'encrypt-to', hint: expect.stringContaining('`encrypt-to: none`') },
        message: expect.stringContaining(`The backup ${manifest?.id} before this one is encrypted`),
      });
    }
    expect(store.changes).toHaveLength(changes);
  });

  test('is made when the user says so, and from then on', async () => {
    await earlier();
    const said = await run({ inTheClear: true });
    expect(said.failure).toBeNull();
    const later = await run({ now: () => new Date('2026-11-22T12:00:00Z') });
    expect(later.failure).toBeNull();
  });

  test('is made under another name, and by a restore that saves what it replaces', async () => {
    await earlier();
    expect((await run({ name: 'other' })).failure).toBeNull();
    expect((await run({ purpose: 'safety' })).failure).toBeNull();
  });

  test('is no question where it is encrypted otherwise', async () => {
    await earlier();
    const gpg = { ...age, id: 'gpg', extension: 'gpg' };
    expect((await run({ codecs: [codecById('zstd'), gpg] })).failure).toBeNull();
  });
});
