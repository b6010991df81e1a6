import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './compare.ts';
import { makeBenchDatabase } from './data.ts';
import { type Measurement, measure, median } from './measure.ts';
import type { World } from './world.ts';

/** Time and memory against the size of one database, and against the number of small ones. */
export async function growth(world: World, sizes: readonly number[], rounds: number): Promise<string> {
  const rows: string[][] = [];
  for (const megabytes of sizes) {
    const path = join(world.dir, `grown-${megabytes}.sqlite3`);
    makeBenchDatabase(path, megabytes);
    rows.push(rowOf(`1 of ${megabytes} MB`, megabytes, await backUp(world, path, rounds)));
    rmSync(path);
  }
  const folder = join(world.dir, 'small');
  mkdirSync(folder);
  const first = join(folder, 'app-000.sqlite3');
  makeBenchDatabase(first, 2);
  let made = 1;
  for (const count of [1, 10, 50, 200]) {
    for (; made < count; made += 1) {
      execFileSync('cp', [first, join(folder, `app-${`${made}`.padStart(3, '0')}.sqlite3`)]);
    }
    rows.push(rowOf(`${count} of 2 MB`, count * 2, await backUp(world, `${folder}/*.sqlite3`, rounds)));
  }
  const heads = ['databases', 'wall', 'wall per 100 MB', 'CPU', 'peak RSS'];
  return `### Growth\n\nOver one SSH connection into S3; medians of ${rounds}.\n\n${table(heads, rows)}\n`;
}

async function backUp(world: World, path: string, rounds: number): Promise<Measurement[]> {
  const script = `${world.holdfast} backup ${world.storeFlags} ${world.sshFlags} --database 'sqlite:${path}' >/dev/null`;
  const runs: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    runs.push(await measure(script, world.env, world.servers));
    await world.empty('app/');
  }
  return runs;
}

function rowOf(name: string, megabytes: number, runs: readonly Measurement[]): string[] {
  const wall = median(runs.map(({ wallSeconds }) => wallSeconds));
  return [
    name,
    `${wall.toFixed(2)} s`,
    `${((wall / megabytes) * 100).toFixed(2)} s`,
    `${median(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s`,
    `${median(runs.map(({ rssMegabytes }) => rssMegabytes)).toFixed(0)} MB`,
  ];
}
