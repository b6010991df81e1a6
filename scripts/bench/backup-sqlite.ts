import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { makeAppDatabase } from '../../test/kit/sqlite.ts';
import { compare } from './compare.ts';
import type { World } from './world.ts';

/**
 * A SQLite database on a server, over SSH into S3. The hand pipelines do the same work: a copy in a read transaction, its
 * integrity_check, zstd, the upload.
 */
export async function backupSqlite(world: World, megabytes: number, rounds: number): Promise<string> {
  const { dir, ssh, rclone, bucket } = world;
  const path = join(dir, `app-${megabytes}.sqlite3`);
  makeAppDatabase(path, { megabytes });
  const copied = (send: string): string =>
    `${ssh} 'd=$(mktemp -d) && cd "$d" && printf "%s\\n" BEGIN\\; "SELECT count(*) FROM sqlite_master;" ".backup copy" COMMIT\\; | sqlite3 -bail ${path} >/dev/null` +
    ` && test "$(sqlite3 -readonly copy "PRAGMA integrity_check")" = ok && ${send}; s=$?; rm -rf "$d"; exit $s'`;
  const restic = `restic -q -r ${dir}/restic-repo --insecure-no-password`;
  const resticEnv = {
    RESTIC_REPOSITORY: `s3:${world.s3.endpoint}/${bucket}/restic`,
    RESTIC_PASSWORD: 'bench',
    ...world.env,
  };
  void restic;
  const identity = execFileSync('age-keygen', { encoding: 'utf8', stdio: 'pipe' });
  const recipient = /age1\S+/.exec(identity)?.[0];
  const backup = (more: string): string =>
    `${world.holdfast} backup ${world.storeFlags} ${world.sshFlags} --database sqlite:${path} ${more}`;
  const empty = (): void => {
    execFileSync('bash', ['-c', `${rclone} purge s3:${bucket} --rmdirs 2>/dev/null || true`], {
      env: withoutBundle(),
    });
  };
  void empty;
  const size = (statSync(path).size / 1e6).toFixed(0);
  return compare({
    title: `Backup of a SQLite database of ${size} MB over SSH into S3`,
    rounds,
    servers: world.servers,
    contenders: [
      { name: 'ssh, `.backup`, `integrity_check`, `cat`; zstd -3; rclone rcat', script: `${copied('cat copy')} | zstd -q -3 | ${rclone} rcat s3:${bucket}/hand/a` },
      { name: 'the same with zstd on the server', script: `${copied('zstd -q -3 -c copy')} | ${rclone} rcat s3:${bucket}/hand/b` },
      { name: 'holdfast backup', script: backup(''), env: world.env },
      { name: 'holdfast backup, encrypted with age', script: backup(`--encrypt-to ${recipient}`), env: world.env },
      {
        name: 'the first pipeline into restic backup --stdin',
        script: `restic -q init >/dev/null 2>&1; ${copied('cat copy')} | restic -q backup --stdin --stdin-filename app.sqlite3`,
        env: resticEnv,
      },
    ],
  });
}

/** With this one set, rclone 1.60 does not start. */
function withoutBundle(): NodeJS.ProcessEnv {
  const { AWS_CA_BUNDLE: _, ...own } = process.env;
  return own;
}
