import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { newBackupId } from '../../src/core/backup-id.ts';
import { formatManifest, type Manifest } from '../../src/core/manifest.ts';
import type { Signer } from '../../src/core/signature.ts';
import type { FaultBench } from './fault-bench.ts';

type Place = Pick<FaultBench, 's3' | 'bucket'>;

export async function readObject({ s3, bucket }: Place, Key: string): Promise<Buffer> {
  const { Body } = await s3.admin.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from(await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray());
}

export async function putObject({ s3, bucket }: Place, Key: string, Body: string | Uint8Array) {
  await s3.admin.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

export async function removeObject({ s3, bucket }: Place, Key: string): Promise<void> {
  await s3.admin.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
}

/** A manifest as it is stored. */
export async function readManifest(place: Place, name: string, id: string): Promise<Manifest> {
  return JSON.parse((await readObject(place, `${name}/${id}/manifest.json`)).toString());
}

/** Puts it, with its checksum made anew, as somebody who wants to deceive would. */
export async function putManifest(place: Place, { name, id }: Manifest, content: object): Promise<void> {
  const { checksum: _, signature: __, ...rest } = content as Record<string, unknown>;
  await putObject(place, `${name}/${id}/manifest.json`, formatManifest(rest as Manifest));
}

const dayMs = 86_400_000;
export const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);

/** The same backup again, as if it had been made under another name at another time. Gives its id. */
export async function seedBackup(
  place: Place,
  from: { readonly bucket?: string; readonly name?: string; readonly id: string },
  {
    name,
    at,
    store = '',
    signer = null,
  }: { readonly name: string; readonly at: Date; readonly store?: string; readonly signer?: Signer | null },
): Promise<string> {
  const id = newBackupId(at);
  const { bucket = place.bucket, name: oldName = 'shop', id: oldId } = from;
  const text = JSON.stringify(await readManifest({ ...place, bucket }, oldName, oldId));
  const manifest: Manifest = {
    ...JSON.parse(text.replaceAll(`${oldName}/${oldId}/`, `${name}/${id}/`)),
    ...{ id, name, createdAt: at.toISOString() },
  };
  for (const { key } of manifest.databases) {
    const CopySource = `${bucket}/${key.replace(`${name}/${id}/`, `${oldName}/${oldId}/`)}`;
    await place.s3.admin.send(
      new CopyObjectCommand({ Bucket: place.bucket, Key: `${store}${key}`, CopySource }),
    );
  }
  const { checksum: _, signature: __, ...rest } = manifest as Manifest & Record<string, unknown>;
  await putObject(place, `${store}${name}/${id}/manifest.json`, formatManifest(rest as Manifest, signer));
  return id;
}
