import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { handPipeline } from './backup-sqlite.ts';
import { table } from './compare.ts';
import { makeBenchDatabase } from './data.ts';
import { type Measurement, measure, median } from './measure.ts';
import type { World } from './world.ts';

/** Time and memory against the size of one database, and against the number of small ones. */
export async function growth(world: World, sizes: readonly number[], rounds: number): Promise<string> {
  const rows: string[][] = [];
  for (const [indexes, note, wanted] of shapes(sizes)) {
    for (const megabytes of wanted) {
      const path = join(world.dir, `grown-${megabytes}.sqlite3`);
      makeBenchDatabase(path, megabytes, indexes);
      rows.push(rowOf(`1 of ${megabytes} MB${note}`, megabytes, await backUp(world, path, rounds, true)));
      rmSync(path);
    }
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
  const heads = ['databases', 'wall', 'wall per 100 MB', 'CPU', 'peak RSS', 'hand pipeline', 'ratio to it'];
  return `### Growth\n\nOver one SSH connection into S3; medians of ${rounds}.\n\n${table(heads, rows)}\n`;
}

/** The larger ones with a second index, too: a check of those takes longer than all the rest. */
const shapes = (sizes: readonly number[]) =>
  [
    [1, '', sizes],
    [2, ', two indexes', sizes.filter((size) => size >= 640)],
  ] as const;

interface Runs {
  readonly own: readonly Measurement[];
  readonly byHand: readonly Measurement[];
}

async function backUp(world: World, path: string, rounds: number, withHand = false): Promise<Runs> {
  const script = `${world.holdfast} backup ${world.storeFlags} ${world.sshFlags} --database 'sqlite:${path}' >/dev/null`;
  const [own, byHand]: [Measurement[], Measurement[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await measure(script, world.env, world.servers));
    if (withHand) byHand.push(await measure(handPipeline(world, path), {}, world.servers));
    await world.empty('');
  }
  return { own, byHand };
}

const wallOf = (runs: readonly Measurement[]): number => median(runs.map(({ wallSeconds }) => wallSeconds));

function rowOf(name: string, megabytes: number, { own, byHand }: Runs): string[] {
  const wall = wallOf(own);
  return [
    name,
    `${wall.toFixed(2)} s`,
    `${((wall / megabytes) * 100).toFixed(2)} s`,
    `${median(own.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s`,
    `${median(own.map(({ rssMegabytes }) => rssMegabytes)).toFixed(0)} MB`,
    ...(byHand.length === 0
      ? ['', '']
      : [`${wallOf(byHand).toFixed(2)} s`, (wall / wallOf(byHand)).toFixed(2)]),
  ];
}
