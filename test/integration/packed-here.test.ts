import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, run } from '../../src/app/run.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

const dir = mkdtempSync(join(tmpdir(), 'holdfast-packed-'));
const path = join(dir, 'app.sqlite3');
beforeAll(() => makeAppDatabase(path, { megabytes: 40 }));
afterAll(() => rmSync(dir, { recursive: true }));

/** A backup of the large database of this machine, with one of its programs replaced. */
function backup(
  store: string,
  shim?: { readonly program: string; readonly script: string },
): Promise<Outcome> {
  const bin = mkdtempSync(join(dir, 'bin-'));
  if (shim !== undefined) {
    writeFileSync(join(bin, shim.program), `#!/bin/sh\n${shim.script}\n`);
    chmodSync(join(bin, shim.program), 0o755);
  }
  return run({
    read: {
      command: 'backup',
      raw: { database: `sqlite:${path}`, store: `file:${store}`, name: 'app' },
      problems: [],
    },
    face: 'cli',
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: dir },
    cwd: dir,
    reporter: quietReporter(),
    signal,
  });
}

test('a large database of this machine is packed beside this process, and is what the manifest says', async () => {
  const store = join(dir, 'good');
  const { document, exitCode } = await backup(store);
  expect(exitCode).toBe(0);
  const { id, databases } = (document as unknown as { backup: Backup }).backup;
  const [{ key, plainBytes, plainSha256, storedBytes, storedSha256 }] = databases;
  const stored = readFileSync(join(store, key));
  expect([stored.byteLength, sha256(stored)]).toEqual([storedBytes, storedSha256]);
  const plain = execFileSync('zstd', ['-dcq'], { input: stored, maxBuffer: 1e9 });
  expect([plain.byteLength, sha256(plain)]).toEqual([plainBytes, plainSha256]);
  expect(readdirSync(join(store, 'app', id)).sort()).toEqual(['app.sqlite3.zst', 'manifest.json']);
});

test.each([
  ['ends badly after all bytes', '"$@"; exit 1', 1],
  ['ends badly half-way', 'head -c 20000000 | "$@"; exit 1', 1],
  ['leaves a byte out', 'head -c -1 | "$@"', 3],
  ['changes a byte', '{ head -c 5000; dd bs=1 count=1 >/dev/null 2>&1; printf x; cat; } | "$@"', 3],
])('nothing is stored when the program that reads it %s', async (_, script, expected) => {
  const store = mkdtempSync(join(dir, 'bad-'));
  // Of all that it starts, the program that packs.
  const only = `case $* in *zstdCompress*) shift 2 ;; *) exec /usr/bin/nice "$@" ;; esac`;
  const { exitCode } = await backup(store, { program: 'nice', script: `${only}\n${script}` });
  expect(exitCode).toBe(expected);
  expect(readdirSync(store, { recursive: true }).filter((name) => /zst|manifest/.test(`${name}`))).toEqual(
    [],
  );
  expect(existsSync(path)).toBe(true);
});

interface Backup {
  readonly id: string;
  readonly databases: readonly [
    {
      readonly key: string;
      readonly plainBytes: number;
      readonly plainSha256: string;
      readonly storedBytes: number;
      readonly storedSha256: string;
    },
  ];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
