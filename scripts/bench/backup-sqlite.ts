import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { makeBenchDatabase } from './data.ts';
import type { World } from './world.ts';

/** Makes `copy` in a read transaction. */
export function copyByHand(path: string): string {
  const statements = 'BEGIN\\; "SELECT count(*) FROM sqlite_master;" ".backup copy" COMMIT\\;';
  return `printf "%s\\n" ${statements} | sqlite3 -bail ${path} >/dev/null`;
}

/**
 * What the hand pipelines do on the server: a copy in a read transaction, its integrity_check, and then `send` on the copy.
 * The same work, but for the hashes, the fingerprint and the manifest.
 */
function copied({ ssh }: Pick<World, 'ssh'>, path: string, send: string): string {
  const copy = copyByHand(path);
  const check = 'test "$(sqlite3 -readonly copy "PRAGMA integrity_check")" = ok';
  return `${ssh} 'd=$(mktemp -d) && cd "$d" && ${copy} && ${check} && ${send}; s=$?; rm -rf "$d"; exit $s'`;
}

/** The faster of the hand pipelines, which compresses on the server. */
export function handPipeline(
  { ssh, rclone, bucket }: Pick<World, 'ssh' | 'rclone' | 'bucket'>,
  path: string,
): string {
  return `${copied({ ssh }, path, 'zstd -q -3 -c copy')} | ${rclone} rcat s3:${bucket}/hand/b`;
}

/** A SQLite database on a server, over SSH into S3. */
export async function backupSqlite(world: World, megabytes: number, rounds: number): Promise<string> {
  const { dir, rclone, bucket, env } = world;
  const path = join(dir, `app-${megabytes}.sqlite3`);
  makeBenchDatabase(path, megabytes);
  const recipient = /age1\S+/.exec(execFileSync('age-keygen', { encoding: 'utf8', stdio: 'pipe' }))?.[0];
  const backup = `${world.holdfast} backup ${world.sshFlags} --database sqlite:${path}`;
  const restic = `restic -q -r rclone:s3:${bucket}/restic`;
  return compare({
    title: `Backup of a SQLite database of ${(statSync(path).size / 1e6).toFixed(0)} MB over SSH into S3`,
    rounds,
    servers: world.servers,
    store: world,
    contenders: [
      {
        name: 'hand pipeline, zstd on the server: `ssh "…; zstd -3" | rclone rcat`',
        prefix: 'hand/b',
        script: handPipeline(world, path),
      },
      {
        name: 'hand pipeline, zstd here: `ssh "…; cat" | zstd -3 | rclone rcat`',
        prefix: 'hand/a',
        script: `${copied(world, path, 'cat copy')} | zstd -q -3 | ${rclone} rcat s3:${bucket}/hand/a`,
      },
      { name: 'holdfast backup', prefix: 'app/', script: `${backup} ${world.storeFlags}`, env },
      {
        name: 'holdfast backup, encrypted with age',
        prefix: 'secret/',
        script: `${backup} ${world.storeFlags.replace('--name app', '--name secret')} --encrypt-to ${recipient}`,
        env,
      },
      {
        name: 'the second pipeline into `restic backup --stdin`',
        prefix: 'restic',
        keeps: true,
        script: `${restic} cat config >/dev/null 2>&1 || ${restic} init; ${copied(world, path, 'cat copy')} | ${restic} backup --stdin --stdin-filename app.sqlite3`,
        env: {
          RESTIC_PASSWORD: 'bench',
          RESTIC_CACHE_DIR: join(dir, 'restic-cache'),
          RCLONE_CONFIG: join(dir, 'rclone.conf'),
        },
      },
    ],
  });
}
