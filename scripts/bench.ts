/**
 * Compares Holdfast with plain tools that do the same work, in turn, in one run: `npm run bench [-- --megabytes 600 --rounds 5]`.
 * Prints medians and ratios; nothing here passes or fails by a time.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type S3Server, startS3 } from '../test/kit/s3.ts';
import { makeAppDatabase } from '../test/kit/sqlite.ts';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '5' },
  },
});
const megabytes = Number(values.megabytes);
const rounds = Number(values.rounds);
const cli = join(import.meta.dirname, '../dist/cli.js');
const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));

interface Contender {
  readonly name: string;
  /** One run, in an empty folder. */
  readonly run: (folder: string) => void;
}

/** Runs a program to its end; a failure ends the benchmark. */
function run(argv: readonly string[], env: Record<string, string> = {}): string {
  const [program = '', ...args] = argv;
  // With this one set, rclone 1.60 does not start.
  const { AWS_CA_BUNDLE: _, ...own } = process.env;
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...own, ...env } });
  if (done.status !== 0) throw new Error(`${argv.join(' ')} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}

/** What a crash would lose is part of the work: both sides end with their data on the disk. */
function sync(folder: string): void {
  const handle = openSync(folder, 'r');
  closeSync(handle);
  run(['sync', '-f', folder]);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** All contenders in turn, round after round, so that a slow moment of the machine hits all of them. */
function compare(title: string, contenders: readonly [Contender, ...Contender[]]): void {
  const seconds = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run: once } of contenders) {
      const folder = mkdtempSync(join(dir, 'run-'));
      const startMs = performance.now();
      once(folder);
      sync(folder);
      seconds.get(name)?.push((performance.now() - startMs) / 1000);
      rmSync(folder, { recursive: true });
    }
  }
  const [first] = contenders;
  const base = median(seconds.get(first.name) as number[]);
  console.log(`\n${title}\n\n| | median | all | ratio |\n|---|---|---|---|`);
  for (const [name, all] of seconds) {
    const rows = all.map((each) => each.toFixed(2)).join(', ');
    console.log(`| ${name} | ${median(all).toFixed(2)} s | ${rows} | ${(median(all) / base).toFixed(2)} |`);
  }
}

function benchRestore(s3: S3Server, bucket: string): void {
  const source = join(dir, 'app.sqlite3');
  makeAppDatabase(source, { megabytes });
  const store = ['--store', `s3://${bucket}`, '--name', 'app', '--json'];
  const env = {
    HOLDFAST_S3_ENDPOINT: s3.endpoint,
    HOLDFAST_S3_ACCESS_KEY_ID: s3.accessKeyId,
    HOLDFAST_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  const holdfast = (...args: string[]) => run([process.execPath, cli, ...args, ...store], env);
  const { backup } = JSON.parse(holdfast('backup', '--database', `sqlite:${source}`)) as {
    backup: { databases: [{ key: string; storedBytes: number }] };
  };
  const [{ key, storedBytes }] = backup.databases;
  const config = join(dir, 'rclone.conf');
  writeFileSync(
    config,
    `[s3]\ntype = s3\nprovider = Other\nendpoint = ${s3.endpoint}\naccess_key_id = ${s3.accessKeyId}\nsecret_access_key = ${s3.secretAccessKey}\n`,
  );
  const aws = `aws s3 cp --endpoint-url ${s3.endpoint} --region us-east-1 s3://${bucket}/${key} -`;
  const awsKey = { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey };
  const rclone = `rclone --config ${config} cat s3:${bucket}/${key}`;
  const sh = (script: string, key = {}) => run(['bash', '-o', 'pipefail', '-ec', script], key);
  const megabytesOf = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  compare(
    `Restore of a SQLite database from S3: ${megabytesOf(statSync(source).size)}, stored as ${megabytesOf(storedBytes)}`,
    [
      {
        name: 'rclone cat, zstd -d, file',
        run: (folder) => sh(`${rclone} | zstd -dq -o ${folder}/app.sqlite3`),
      },
      {
        name: 'aws s3 cp, zstd -d, file',
        run: (folder) => sh(`${aws} | zstd -dq -o ${folder}/app.sqlite3`, awsKey),
      },
      {
        name: 'holdfast restore --to file: (every hash checked)',
        run: (folder) => holdfast('restore', '--to', `file:${folder}`),
      },
      {
        name: 'rclone cat, zstd -d, file; then sha256sum, integrity_check, count of each table',
        run: (folder) =>
          sh(
            `${rclone} | zstd -dq -o ${folder}/app.sqlite3; sha256sum ${folder}/app.sqlite3; ` +
              `sqlite3 ${folder}/app.sqlite3 'PRAGMA integrity_check; SELECT count(*) FROM pages; SELECT count(*) FROM accounts; SELECT count(*) FROM transfers;'`,
          ),
      },
      {
        name: 'holdfast restore --to sqlite: (hashes, integrity_check, counts, swap)',
        run: (folder) => holdfast('restore', '--to', `sqlite:${folder}/app.sqlite3`),
      },
    ],
  );
}

const s3 = await startS3();
try {
  mkdirSync(dir, { recursive: true });
  benchRestore(s3, await s3.createBucket());
} finally {
  await s3.stop();
  rmSync(dir, { recursive: true, force: true });
}
