import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Snapshot } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { signal } from './signal.ts';

export const engineOn = (where: Host, ...paths: string[]): SqliteEngine =>
  new SqliteEngine({ host: where, paths, exclude: [] });

/** Probes, snapshots and copies one file; gives the snapshot's facts and the copy. */
export async function copyOf(
  path: string,
  where: Host,
): Promise<{ snapshot: Snapshot; proof: Awaited<Snapshot['proof']>; copy: string }> {
  const engine = engineOn(where, path);
  const [database] = await engine.discover({ signal });
  if (database === undefined) throw new Error('nothing was discovered');
  await engine.probe(database, { signal });
  await using snapshot = await engine.snapshot(database, { signal });
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-copy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const copy = join(folder, 'copy.sqlite3');
  const file = await open(copy, 'w');
  for await (const chunk of snapshot.read()) await file.write(chunk);
  await file.close();
  return { snapshot, proof: await snapshot.proof, copy };
}
