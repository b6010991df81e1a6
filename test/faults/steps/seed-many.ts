import type { FaultBench } from '../../kit/fault-bench.ts';
import { putObject } from '../../kit/seed-backup.ts';

/** Manifests of so many made-up backups, an hour apart from 2020 on. */
export async function seedMany(
  place: Pick<FaultBench, 's3' | 'bucket'>,
  name: string,
  from: number,
  to: number,
): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) {
      const at = new Date(Date.UTC(2020, 0, 1) + next * 3_600_000);
      next += 1;
      const id = `${at.toISOString().replace(/[-:]|\.\d{3}/g, '')}-0000`;
      await putObject(place, `${name}/${id}/manifest.json`, '{}');
    }
  };
  await Promise.all(Array.from({ length: 24 }, worker));
}
