import { newBackupId } from '../../src/core/backup-id.ts';
import type { PlannedBackup, Policy } from '../../src/core/retention.ts';

export const nothing: Policy = {
  last: 0,
  within: null,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  min: 0,
  timeZone: 'UTC',
};
export const hour = 3_600_000;
export const day = 24 * hour;
/** So late that nothing is "younger than a day" unless a test wants it. */
export const now = new Date('2027-03-01T12:00:00Z');

let count = 0;
export const backupAt = (time: string | number, more: Partial<PlannedBackup> = {}): PlannedBackup => {
  const createdAt = new Date(time);
  count += 1;
  const id = newBackupId(createdAt, () => Uint8Array.from([count >> 15, count >> 10, count >> 5, count]));
  return { id, createdAt, verified: null, pinned: false, safety: false, missing: false, ...more };
};
