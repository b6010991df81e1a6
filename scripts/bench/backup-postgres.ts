import { execFileSync } from 'node:child_process';
import { startPostgres } from '../../test/kit/postgres.ts';
import { compare } from './compare.ts';
import type { World } from './world.ts';

/** A PostgreSQL database of about 600 MB on this machine, by its URL into S3. */
export async function backupPostgres(world: World, rounds: number): Promise<string> {
  const { rclone, bucket, env } = world;
  const postgres = await startPostgres();
  try {
    postgres.sql('postgres', 'CREATE DATABASE app');
    postgres.sql(
      'app',
      `CREATE TABLE events AS SELECT i AS id, i % 50000 AS account, now() - i * interval '1 second' AS created_at,
         (SELECT string_agg((ARRAY['order','paid','late','invoice','customer','address','total','refund'])[1 + (hashint8(i * 31 + n) & 7)] || (hashint8(i + n) & 1023), ' ')
            FROM generate_series(1, 18) n) AS body
       FROM generate_series(1, 2600000) i;
       ALTER TABLE events ADD PRIMARY KEY (id);
       CREATE INDEX ON events (account, created_at);
       VACUUM ANALYZE events;`,
    );
    const size = postgres.sql('app', 'SELECT pg_database_size(current_database()) / 1000000').trim();
    const url = postgres.url('app');
    const pid = Number(
      execFileSync('head', ['-n', '1', `${postgres.socket}/data/postmaster.pid`], { encoding: 'utf8' }),
    );
    const holdfast = `${world.holdfast} backup ${world.storeFlags} --database '${url}'`;
    return await compare({
      title: `Backup of a PostgreSQL database of ${size} MB into S3`,
      rounds,
      servers: { ...world.servers, pids: [...world.servers.pids, pid] },
      store: world,
      contenders: [
        {
          name: '`pg_dump -Fc -Z0 | zstd -3 | rclone rcat`',
          prefix: 'hand/pg0',
          script: `${postgres.bin}/pg_dump -Fc -Z0 -d ${url} | zstd -q -3 | ${rclone} rcat s3:${bucket}/hand/pg0`,
        },
        {
          name: '`pg_dump -Fc | rclone rcat`',
          prefix: 'hand/pg6',
          script: `${postgres.bin}/pg_dump -Fc -d ${url} | ${rclone} rcat s3:${bucket}/hand/pg6`,
        },
        {
          name: '`pg_dump -Fc -Z0 | zstd -3 | aws s3 cp -`',
          prefix: 'hand/pga',
          script: `${postgres.bin}/pg_dump -Fc -Z0 -d ${url} | zstd -q -3 | ${world.aws} s3 cp - s3://${bucket}/hand/pga --expected-size 700000000 >/dev/null`,
          env,
        },
        { name: 'holdfast backup', prefix: 'app/', script: holdfast, env },
      ],
    });
  } finally {
    postgres.stop();
  }
}
