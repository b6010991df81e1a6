import type { Signer } from '../../../src/core/signature.ts';
import type { FaultBench, GoodBackup } from '../../kit/fault-bench.ts';
import { daysAgo, seedBackup } from '../../kit/seed-backup.ts';

/** Copies of a good backup under a name that is the row's own, so many days old. Gives their ids. */
export async function copies(
  bench: FaultBench,
  name: string,
  days: readonly number[],
  signer: Signer | null = null,
): Promise<string[]> {
  const ids: string[] = [];
  for (const age of days)
    ids.push(await seedBackup(bench, bench.good[0] as GoodBackup, { name, at: daysAgo(age), signer }));
  return ids;
}

/** Whether a key belongs to that name. */
export const below =
  (name: string) =>
  (key: string): boolean =>
    key.startsWith(`${name}/`);

/** Whether it is none of the good backups'. */
export const besides = (key: string): boolean => !key.startsWith('shop/');
