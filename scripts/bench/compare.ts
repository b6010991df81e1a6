import { type Measurement, measure, median, type Servers } from './measure.ts';
import type { World } from './world.ts';

/** A way to do the work, as a shell script. */
interface Contender {
  readonly name: string;
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where in the bucket it stores; absent where it stores nothing. */
  readonly prefix?: string;
  /** Finds there what it stored in the round before; default: nothing is left of that. */
  readonly keeps?: boolean;
  /** Makes what the script needs, before each run; not measured. */
  readonly before?: () => void | Promise<void>;
}

export interface Comparison {
  readonly title: string;
  /** The first is what the others are compared with. */
  readonly contenders: readonly [Contender, ...Contender[]];
  readonly rounds: number;
  readonly servers: Servers;
  /** Absent where nobody stores anything. */
  readonly store?: Pick<World, 'storedMegabytes' | 'empty'>;
}

/** All contenders in turn, round after round, so that a slow moment of the machine hits all of them. Gives a Markdown table. */
export async function compare({ title, contenders, rounds, servers, store }: Comparison): Promise<string> {
  const runs = new Map(contenders.map(({ name }): [string, Measurement[]] => [name, []]));
  const stored = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, script, env = {}, before } of contenders) {
      await before?.();
      const run = await measure(script, env, servers);
      runs.get(name)?.push(run);
      console.error(`${title}: ${name}: ${run.wallSeconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(1)} s`);
    }
    if (store !== undefined) await clear(store, contenders, stored);
  }
  const base = summaryOf(runs.get(contenders[0].name) as Measurement[]);
  const rows = contenders.map(({ name }) => {
    const own = summaryOf(runs.get(name) as Measurement[]);
    return [
      name,
      `${own.wall.toFixed(2)} s`,
      (own.wall / base.wall).toFixed(2),
      `${own.cpu.toFixed(1)} s`,
      (own.cpu / base.cpu).toFixed(2),
      `${own.rss.toFixed(0)} MB`,
      own.ssh === null || own.ssh < 1 ? '' : `${own.ssh.toFixed(0)} MB`,
      own.requests === null ? '' : own.requests.toFixed(0),
      stored.has(name) ? `${stored.get(name)?.toFixed(0)} MB` : '',
    ];
  });
  const heads = ['', 'wall', 'ratio', 'CPU', 'ratio', 'peak RSS', 'over SSH', 'requests', 'stored'];
  return `### ${title}\n\nMedians of ${rounds}.\n\n${table(heads, rows)}\n`;
}

/** Notes how much each has stored, the first time, and removes it. */
async function clear(
  store: NonNullable<Comparison['store']>,
  contenders: readonly Contender[],
  stored: Map<string, number>,
): Promise<void> {
  for (const { name, prefix, keeps = false } of contenders) {
    if (prefix === undefined) continue;
    if (!stored.has(name)) stored.set(name, await store.storedMegabytes(prefix));
    if (!keeps) await store.empty(prefix);
  }
}

function summaryOf(runs: readonly Measurement[]) {
  const ssh = runs.flatMap(({ sshMegabytes }) => sshMegabytes ?? []);
  const requests = runs.flatMap(({ requests: made }) => made ?? []);
  return {
    wall: median(runs.map(({ wallSeconds }) => wallSeconds)),
    cpu: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    rss: median(runs.map(({ rssMegabytes }) => rssMegabytes)),
    ssh: ssh.length === 0 ? null : median(ssh),
    requests: requests.length === 0 ? null : median(requests),
  };
}

/** A Markdown table; columns in which nothing is said are left out. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = heads.map((_, column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => kept[column])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
