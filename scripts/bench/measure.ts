import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts } from './counters.ts';

/** One run of a contender. */
export interface Measurement {
  readonly wallSeconds: number;
  /** Of the contender and of the servers that worked for it. */
  readonly cpuSeconds: number;
  /** Peak of the contender's largest process. */
  readonly rssMegabytes: number;
  /** From the server over SSH; `null` where there is none, or nobody counts. */
  readonly sshMegabytes: number | null;
  /** To the store. */
  readonly requests: number | null;
}

export interface Servers {
  /** Processes whose CPU time counts, with that of their ended children. */
  readonly pids: readonly number[];
  readonly counts?: () => Promise<Counts>;
}

/**
 * Runs a shell script to its end and measures it: wall time, CPU time and peak RSS by GNU time, the servers' CPU time by
 * /proc. A failure ends the benchmark.
 */
export async function measure(
  script: string,
  env: Readonly<Record<string, string>>,
  servers: Servers,
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-measure-'));
  const file = join(folder, 'time');
  const cpuBefore = cpuOf(servers.pids);
  const before = await servers.counts?.();
  // With this one set, rclone 1.60 does not start.
  const { AWS_CA_BUNDLE: _, ...own } = process.env;
  const argv = ['-q', '-o', file, '-f', '%e %U %S %M', 'bash', '-o', 'pipefail', '-ec', script];
  const startMs = performance.now();
  const child = spawn('/usr/bin/time', argv, { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const wallSeconds = (performance.now() - startMs) / 1000;
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${said}`);
  const [, user, system, kilobytes] = readFileSync(file, 'utf8').trim().split(' ').map(Number) as [
    number,
    number,
    number,
    number,
  ];
  rmSync(folder, { recursive: true });
  // The last processes of a connection end a moment after it.
  await sleep(300);
  const serverSeconds = cpuOf(servers.pids) - cpuBefore;
  const after = await servers.counts?.();
  const since = (what: keyof Counts, unit: number): number | null => {
    const [from, to] = [before?.[what] ?? null, after?.[what] ?? null];
    return from === null || to === null ? null : (to - from) / unit;
  };
  return {
    wallSeconds,
    cpuSeconds: user + system + serverSeconds,
    rssMegabytes: kilobytes / 1000,
    sshMegabytes: since('sshBytes', 1e6),
    requests: since('requests', 1),
  };
}

/** Clock ticks a second, which Linux fixes for programs. */
const ticks = 100;

/** CPU seconds of processes, of those they have ended, and of those that run below them. */
function cpuOf(pids: readonly number[]): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const counted = new Set(pids);
  for (let grown = true; grown; ) {
    const more = stats.filter(({ pid, parent }) => !counted.has(pid) && counted.has(parent));
    for (const { pid } of more) counted.add(pid);
    grown = more.length > 0;
  }
  return stats.filter(({ pid }) => counted.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0);
}

function statOf(pid: number): { pid: number; parent: number; seconds: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { pid, parent: fields[1] as number, seconds: (user + system + endedUser + endedSystem) / ticks };
  } catch {
    return null;
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
