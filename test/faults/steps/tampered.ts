import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Manifest } from '../../../src/core/manifest.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Expected } from '../../kit/oracle.ts';
import { putManifest, putObject, readManifest, readObject } from '../../kit/seed-backup.ts';
import { besides } from './copies.ts';

/** A backup under a name of its own, and its one object. */
export async function made(bench: FaultBench, name: string, inputs: Record<string, string>) {
  const run = await bench.backup({ name, 'keep-last': undefined, ...inputs });
  expect(run.exitCode, run.stdout).toBe(0);
  const manifest = await readManifest(bench, name, run.outputs['backup-id'] as string);
  const { key } = manifest.databases[0] as Manifest['databases'][number];
  return { run, manifest, key, bytes: await readObject(bench, key) };
}

/** Puts other bytes in the place of an object, with their size and hash in the manifest: so only what decodes can tell. */
export async function replace(
  bench: FaultBench,
  manifest: Manifest,
  bytes: Uint8Array,
  more: object = {},
): Promise<void> {
  const [entry] = manifest.databases;
  await putObject(bench, entry?.key as string, bytes);
  const storedSha256 = createHash('sha256').update(bytes).digest('hex');
  const changed = { ...entry, storedBytes: bytes.byteLength, storedSha256, ...more };
  await putManifest(bench, manifest, { ...manifest, databases: [changed] });
}

/** Verifies and restores, both in vain; nothing is where the target would be, nor beside it. */
export async function isRefused(
  bench: FaultBench,
  { name, id }: Manifest,
  inputs: Record<string, string>,
  says: RegExp,
  outcome: 'damaged' | 'failed' = 'damaged',
): Promise<void> {
  const expected: Expected = { outcome, also: besides, withinMs: 20_000 };
  const verified = await bench.command('verify', { name, backup: id, ...inputs });
  await bench.judge(verified, { ...expected, says });
  const folder = mkdtempSync(join(bench.dir, 'target-'));
  const to = `sqlite:${folder}/app.sqlite3`;
  await bench.judge(await bench.command('restore', { name, backup: id, to, ...inputs }), expected);
  expect(readdirSync(folder)).toEqual([]);
}
