import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { ActionRun } from '../../kit/run-action.ts';

type Inputs = Readonly<Record<string, string | undefined>>;

/**
 * A backup whose sending stops for ever after `bytes`, a word of the shell that knows the whole as `$all`; `then` happens
 * once these bytes have passed the proxy.
 */
export async function heldSend(
  bench: FaultBench,
  bytes: string,
  then: (child: ChildProcess) => void,
  inputs: Inputs = {},
): Promise<ActionRun> {
  const mark = join(bench.dir, 'sent');
  rmSync(mark, { force: true });
  const script = `all=$(($(wc -c <"$1"))); head -c "$((${bytes}))" "$1"; : >${mark}; exec sleep 300`;
  const during = async (child: ChildProcess): Promise<void> => {
    while (child.exitCode === null && !existsSync(mark)) await sleep(20);
    while (performance.now() - bench.sshProxy.lastByteMs < 200) await sleep(20);
    then(child);
  };
  return await bench.withShim('cat', script, () => bench.backup(inputs, { during }));
}

/** The processes of an sshd that serve its connections. */
export function sessionsOf(sshdPid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const [, program, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(statOf(name)) ?? [];
        return program === 'sshd' ? [[Number(name), Number(parent)] as const] : [];
      }),
  );
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === sshdPid || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
