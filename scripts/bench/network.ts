import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyByHand, handPipeline } from './backup-sqlite.ts';
import { table } from './compare.ts';
import { makeBenchDatabase } from './data.ts';
import { measure, median } from './measure.ts';
import type { World } from './world.ts';

async function slowLink(
  port: number,
  megabits: number,
  roundTripMs: number,
): Promise<{ port: number; child: ChildProcess }> {
  const program = join(import.meta.dirname, 'slow-link.ts');
  const child = spawn(process.execPath, [program, `${port}`, `${megabits}`, `${roundTripMs}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { port: Number(first.toString()), child };
}

/** The same, but as users have it: a server some way off, and a store behind a fast line. */
export async function overNetwork(world: World, megabytes: number, rounds: number): Promise<string> {
  const path = join(world.dir, 'far.sqlite3');
  makeBenchDatabase(path, megabytes);
  const rows = [await overLine(world, path, 200, rounds), await overLine(world, path, 100, rounds)];
  const heads = ['', 'compressed bytes on the wire', '`.backup` there', 'hand pipeline', 'holdfast'];
  const ratios = ['ratio to wire + `.backup`', 'ratio to wire + its own snapshot'];
  return `### Over a network\n\nMedians of ${rounds}; seconds.\n\n${table([...heads, ...ratios], rows)}\n\n${await farStream(world, rounds)}`;
}

/** A row of the table. */
async function overLine(world: World, path: string, megabits: number, rounds: number): Promise<string[]> {
  const { dir, sshd, s3, servers } = world;
  const way = await slowLink(sshd.port, megabits, 30);
  const storeWay = await slowLink(Number(new URL(s3.endpoint).port), 1000, 2);
  try {
    const endpoint = s3.endpoint.replace(/:\d+$/, `:${storeWay.port}`);
    const [holdfast, hand] = contenders(world, path, way.port, endpoint);
    const env = { ...world.env, HOLDFAST_S3_ENDPOINT: endpoint };
    const rows: number[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { wallSeconds } = await measure(holdfast, env, servers);
      const said = JSON.parse(readFileSync(`${dir}/far.json`, 'utf8'));
      const byHand = await measure(hand, {}, servers);
      const plain = await measure(`cd ${dir} && rm -f copy && ${copyByHand(path)}`, {}, servers);
      rmSync(join(dir, 'copy'));
      await world.empty('');
      const [database] = said.backup.databases;
      const wire = (database.storedBytes * 8) / (megabits * 1e6);
      const own = database.snapshot.durationMs / 1000;
      const ratios = [plain.wallSeconds, own].map((snapshot) => wallSeconds / (wire + snapshot));
      rows.push([wire, plain.wallSeconds, byHand.wallSeconds, wallSeconds, ...ratios]);
    }
    const middle = rows[0]?.map((_, column) => median(rows.map((row) => row[column] as number)).toFixed(2));
    const size = `${(statSync(path).size / 1e6).toFixed(0)} MB`;
    return [`${size}, server at ${megabits} Mbit/s and 30 ms, store at 1 Gbit/s`, ...(middle ?? [])];
  } finally {
    way.child.kill();
    storeWay.child.kill();
  }
}

/** Holdfast, and the faster of the hand pipelines. */
function contenders(world: World, path: string, port: number, endpoint: string): [string, string] {
  const { dir, sshd, bucket } = world;
  const known = join(dir, 'known_hosts_far');
  writeFileSync(known, sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${port}`));
  const user = `${sshd.user}@127.0.0.1`;
  const flags = `--ssh ${user}:${port} --ssh-key ${sshd.privateKeyFile} --ssh-known-hosts ${known}`;
  const holdfast = `${world.holdfast} backup ${world.storeFlags} ${flags} --database sqlite:${path} >${dir}/far.json`;
  const ssh = `ssh -i ${sshd.privateKeyFile} -o UserKnownHostsFile=${known} -p ${port} ${user}`;
  const rclone = `${world.rclone} --s3-endpoint ${endpoint}`;
  return [holdfast, handPipeline({ ssh, rclone, bucket }, path)];
}

/** How much one stream carries where the round trip is long: a file that does not compress, sent as it is. */
async function farStream(world: World, rounds: number): Promise<string> {
  const { dir, sshd, env } = world;
  const path = join(dir, 'random.sqlite3');
  execFileSync('sqlite3', [path, 'CREATE TABLE t (x BLOB); INSERT INTO t VALUES (zeroblob(1));']);
  execFileSync('sqlite3', [path], {
    input: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT randomblob(100000) FROM n;`,
  });
  const way = await slowLink(sshd.port, 1000, 50);
  try {
    const known = join(dir, 'known_hosts_50');
    writeFileSync(known, sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${way.port}`));
    const ssh = `ssh -i ${sshd.privateKeyFile} -o UserKnownHostsFile=${known} -p ${way.port} ${sshd.user}@127.0.0.1`;
    const flags = `--ssh ${sshd.user}@127.0.0.1:${way.port} --ssh-key ${sshd.privateKeyFile} --ssh-known-hosts ${known}`;
    const tiny = join(dir, 'tiny.sqlite3');
    execFileSync('sqlite3', [tiny, 'CREATE TABLE t (x)']);
    const holdfast = (database: string): string =>
      `${world.holdfast} backup --store file:${dir}/far-store --name far --compression none ${flags} --database sqlite:${database} --json >${dir}/far.json`;
    const speeds = { ssh: [] as number[], holdfast: [] as number[] };
    const megabytes = statSync(path).size / 1e6;
    for (let round = 0; round < rounds; round += 1) {
      const seconds = async (script: string): Promise<number> =>
        (await measure(script, env, world.servers)).wallSeconds;
      const plain = await seconds(`${ssh} cat ${path} >/dev/null`);
      speeds.ssh.push(megabytes / (plain - (await seconds(`${ssh} true`))));
      const withoutSnapshot = async (database: string): Promise<number> => {
        const whole = await seconds(holdfast(database));
        const said = JSON.parse(readFileSync(`${dir}/far.json`, 'utf8'));
        return whole - said.backup.databases[0].snapshot.durationMs / 1000;
      };
      // What is left of the time when everything but the stream is taken away.
      const rest = await withoutSnapshot(tiny);
      speeds.holdfast.push(megabytes / ((await withoutSnapshot(path)) - rest));
    }
    const [own, theirs] = [median(speeds.holdfast), median(speeds.ssh)];
    return table(
      ['one stream at 50 ms round trip', 'MB/s', 'ratio'],
      [
        ['`ssh cat`', theirs.toFixed(0), '1.00'],
        ['holdfast', own.toFixed(0), (own / theirs).toFixed(2)],
      ],
    );
  } finally {
    way.child.kill();
  }
}
