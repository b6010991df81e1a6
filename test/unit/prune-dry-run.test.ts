import { expect, test } from 'vitest';
import { backup } from '../../src/core/backup.ts';
import type { Host } from '../../src/core/host.ts';
import { prune } from '../../src/core/prune.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { hour, nothing, now } from '../kit/planned-backup.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

const here = { label: 'this machine', remote: false, stallMs: 60_000 } as Host;

async function madeHourly(count: number): Promise<MemoryStore> {
  const store = memoryStore();
  for (let age = 1; age <= count; age += 1) {
    await backup({
      ...{
        name: 'app',
        engines: [memoryEngine(here, { app: { content: Buffer.from('rows') } })],
        codecs: [],
      },
      ...{ compressOn: 'auto', store, runner: here, verifyAfter: null, policy: null, failOnShrink: false },
      ...{ dryRun: false, signer: null, verifier: null, toolVersion: '1', reporter: quietReporter(), signal },
      now: () => new Date(now.getTime() - (age + 48) * hour),
    });
  }
  return store;
}

test('a dry run over many backups reads the manifests of a few, and says of how many it did not', async () => {
  const store = await madeHourly(61);
  const policy = { ...nothing, last: 1, min: 1 };
  const reporter = quietReporter();
  let reads = 0;
  store.before = (operation) => {
    if (operation === 'get') reads += 1;
  };
  const request = { store, name: 'app', policy, verifier: null, now, signal };
  const dry = await prune({ ...request, dryRun: true, reporter });
  expect(reads).toBe(20);
  expect(reporter.infos).toEqual([
    expect.stringMatching(/^The manifests of 40 more backups were not looked at/),
  ]);
  const real = await prune({ ...request, dryRun: false, reporter: quietReporter() });
  expect({ ...dry, dryRun: false }).toEqual(real);
  expect(real.pruned).toHaveLength(60);
});
