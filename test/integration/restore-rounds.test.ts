import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { backup } from '../../src/core/backup.ts';
import type { Host } from '../../src/core/host.ts';
import { restore } from '../../src/core/restore.ts';
import { selectBackup } from '../../src/core/select-backup.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { openFolderStore } from '../../src/stores/folder-store.ts';
import { stateOf } from '../kit/app-state.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';

let dir: string;
let host: Host;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-rounds-'));
  host = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

test('100 rounds of backup and restore under a writer: each copy is a state that the source really had', async () => {
  const source = join(dir, 'source.sqlite3');
  const copy = join(dir, 'copy.sqlite3');
  makeAppDatabase(source, { megabytes: 1 });
  const store = openFolderStore(join(dir, 'store'));
  const common = { store, reporter: quietReporter(), signal };
  const making = {
    codecs: [codecById('zstd')],
    compressOn: 'runner',
    runner: host,
    toolVersion: '1',
    signer: null,
    verifier: null,
    now: () => new Date(),
  } as const;
  const writer = await startWriter(source, { perSecond: 100 });
  const seen: { transfers: number; text: string }[] = [];
  for (let round = 0; round < 100; round += 1) {
    // Most go to where nothing is; every fourth replaces, with a backup of what was there.
    if (round % 4 !== 0) rmSync(copy);
    const made = await backup({
      ...{
        ...common,
        ...making,
        name: 'app',
        engines: [new SqliteEngine({ host, paths: [source], exclude: [] })],
      },
      ...{ policy: null, failOnShrink: false, verifyAfter: null, dryRun: false },
    });
    const id = made.manifest?.id as string;
    const selected = await selectBackup({
      ...common,
      name: 'app',
      verifier: null,
      selector: { kind: 'id', id },
    });
    const target = new SqliteTarget({ host, path: copy });
    await restore({
      ...{ ...common, selected, target, only: null, confirm: 'copy.sqlite3', force: false, dryRun: false },
      hooks: { host, stop: null, start: null },
      codecById: (codec) => codecById(codec),
      safety: making,
    });
    expect(brokenInvariants(copy)).toEqual([]);
    seen.push(stateOf(copy));
  }
  const { commits } = await writer.stop();
  expect(seen.at(-1)?.transfers).toBeGreaterThan(100);
  expect(seen.at(-1)?.transfers).toBeLessThanOrEqual(commits);
  for (const { transfers, text } of seen) {
    expect(text === stateOf(source, transfers).text, `the state after ${transfers} transfers`).toBe(true);
  }
}, 300_000);
