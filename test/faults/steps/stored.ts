import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { formatManifest, type Manifest } from '../../../src/core/manifest.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { ActionRun } from '../../kit/run-action.ts';

/** Looks at the store, and changes it, behind the program's back. */
export async function readObject({ s3, bucket }: FaultBench, key: string): Promise<Buffer> {
  const { Body } = await s3.admin.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from(await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray());
}

export async function writeObject(
  { s3, bucket }: FaultBench,
  key: string,
  content: Uint8Array | string,
): Promise<void> {
  await s3.admin.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
}

/** Puts other plain bytes into a backup made with `compression: none`, and a manifest that agrees: somebody who may write both. */
export async function repack(bench: FaultBench, made: ActionRun, plain: Uint8Array): Promise<void> {
  expect(made.exitCode, made.stdout).toBe(0);
  const { manifestKey } = made.result.backup;
  const { checksum: _, ...manifest } = JSON.parse(
    (await readObject(bench, manifestKey)).toString(),
  ) as Manifest & { checksum?: string };
  const [entry] = manifest.databases;
  if (entry === undefined || entry.codecs.length > 0)
    throw new Error('only one plain object can be repacked');
  const sha256 = createHash('sha256').update(plain).digest('hex');
  const sizes = { plainBytes: plain.byteLength, storedBytes: plain.byteLength };
  const databases = [{ ...entry, ...sizes, plainSha256: sha256, storedSha256: sha256 }];
  await writeObject(bench, entry.key, plain);
  await writeObject(bench, manifestKey, formatManifest({ ...manifest, databases }));
}
