import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { makeBenchDatabase } from './data.ts';
import type { World } from './world.ts';

/** A SQLite backup out of S3 into a file on this machine; all sides end with their data on the disk. */
export async function restoreSqlite(world: World, megabytes: number, rounds: number): Promise<string> {
  const { dir, bucket, env, holdfast } = world;
  const source = join(dir, 'restore.sqlite3');
  makeBenchDatabase(source, megabytes);
  const flags = `--store s3://${bucket} --name restore --json`;
  const run = `${holdfast} backup ${flags} --database sqlite:${source}`;
  const made = execFileSync('bash', ['-ec', run], { encoding: 'utf8', env: { ...process.env, ...env } });
  const { backup } = JSON.parse(made) as { backup: { databases: [{ key: string; storedBytes: number }] } };
  const [{ key, storedBytes }] = backup.databases;
  const out = join(dir, 'out');
  const before = (): void => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
  };
  const end = `; sync -f ${out}`;
  const file = `${out}/restore.sqlite3`;
  const counts = 'PRAGMA integrity_check; SELECT count(*) FROM events;';
  return compare({
    title: `Restore of a SQLite database of ${megabytes} MB, stored as ${(storedBytes / 1e6).toFixed(0)} MB`,
    rounds,
    servers: { pids: world.servers.pids },
    contenders: [
      {
        name: '`aws s3 cp - | zstd -d` into a file',
        script: `${world.aws} s3 cp s3://${bucket}/${key} - | zstd -dq -o ${file}${end}`,
        env,
        before,
      },
      {
        name: '`rclone cat | zstd -d` into a file',
        script: `${world.rclone} cat s3:${bucket}/${key} | zstd -dq -o ${file}${end}`,
        before,
      },
      {
        name: 'holdfast restore into a folder (every hash checked)',
        script: `${holdfast} restore ${flags} --to file:${out}${end}`,
        env,
        before,
      },
      {
        name: '`rclone cat | zstd -d` into a file, then sha256sum, integrity_check, count of each table',
        script: `${world.rclone} cat s3:${bucket}/${key} | zstd -dq -o ${file}; sha256sum ${file}; sqlite3 ${file} '${counts}'${end}`,
        before,
      },
      {
        name: 'holdfast restore to the database (hashes, integrity_check, counts, swap)',
        script: `${holdfast} restore ${flags} --to sqlite:${file}${end}`,
        env,
        before,
      },
    ],
  });
}
