import { PutObjectCommand } from '@aws-sdk/client-s3';
import { newBackupId } from '../../src/core/backup-id.ts';
import { plan } from '../../src/core/retention.ts';
import { compare } from './compare.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

/** `list` and `prune --dry-run` over many backups, against the bare listing by the same SDK. */
export async function manyBackups(world: World, count: number, rounds: number): Promise<string> {
  const { s3, bucket, holdfast, env } = world;
  const Body = Buffer.from('x');
  const keys = Array.from({ length: count }, (_, index) => {
    const id = newBackupId(new Date(Date.now() - index * hourMs));
    return ['app.sqlite3.zst', 'manifest.json', 'verified-restore-20260101T000000Z.json'].map(
      (file) => `many/${id}/${file}`,
    );
  }).flat();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      await s3.admin.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    }
  };
  await Promise.all(Array.from({ length: 24 }, work));
  const bare = `import { S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
const client = new S3Client({ endpoint: '${s3.endpoint}', region: 'us-east-1', forcePathStyle: true });
let keys = 0;
for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: '${bucket}', Prefix: 'many/' })) keys += Contents.length;
if (keys !== ${keys.length}) throw new Error(String(keys));`;
  const flags = `--store s3://${bucket} --name many --json`;
  const listing = await compare({
    title: `${count} backups, ${keys.length} objects`,
    rounds,
    servers: world.servers,
    contenders: [
      {
        name: 'the bare listing, page by page, by the same SDK',
        script: `${process.execPath} --input-type=module -e "${bare.replaceAll('\n', ' ')}"`,
        env,
      },
      { name: 'holdfast list', script: `${holdfast} list ${flags.replace(' --json', '')} >/dev/null`, env },
      { name: 'holdfast list --json', script: `${holdfast} list ${flags} >/dev/null`, env },
      {
        name: 'holdfast prune --dry-run',
        script: `${holdfast} prune ${flags} --dry-run --keep-daily 30 --keep-weekly 20 >/dev/null`,
        env,
      },
    ],
  });
  return `${listing}\nThe plan of 100,000 backups alone: ${planSeconds(100_000).toFixed(2)} s.\n`;
}

function planSeconds(count: number): number {
  const now = new Date();
  const backups = Array.from({ length: count }, (_, index) => {
    const createdAt = new Date(now.getTime() - index * hourMs);
    return {
      id: newBackupId(createdAt),
      createdAt,
      verified: null,
      pinned: false,
      safety: false,
      missing: false,
    };
  });
  const counts = { last: 10, hourly: 48, daily: 30, weekly: 20, monthly: 24, yearly: 10, min: 3 };
  const startMs = performance.now();
  plan(backups, { ...counts, within: null, timeZone: 'Europe/Vienna' }, now);
  return (performance.now() - startMs) / 1000;
}
