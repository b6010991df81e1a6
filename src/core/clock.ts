import { type Finding, good } from './doctor.ts';
import { HoldfastError } from './errors.ts';
import type { Reporter } from './reporter.ts';
import type { Store } from './store.ts';

const minuteMs = 60_000;
/** S3 refuses requests that are 15 minutes off, some stores later. */
const toleranceMs = 5 * minuteMs;
/** From here on nobody knows which backups are young. */
const hopelessMs = 60 * minuteMs;

/** Dated later than a clock may be ahead: by a wrong clock, or worse. */
export function isFuture({ createdAt }: { readonly createdAt: Date }, now: Date): boolean {
  return createdAt.getTime() > now.getTime() + toleranceMs;
}

/** @param aheadMs how much the store's clock is ahead of ours */
export function judgeClock(aheadMs: number): Finding {
  const off = Math.abs(aheadMs);
  if (off <= toleranceMs) return good('The clocks here and there agree.');
  const detail = `The clock of this machine is ${Math.round(off / minuteMs)} minutes ${aheadMs > 0 ? 'behind' : 'ahead of'} the store's.`;
  const hint = 'Set the clock (NTP): ids, retention and signatures of requests go by it.';
  return { level: off > hopelessMs ? 'fail' : 'warn', detail, hint };
}

/** Warns when the clocks differ, as far as the store has told the time. */
export function warnOfClock({ clockAheadMs }: Store, reporter: Reporter): void {
  if (clockAheadMs === null) return;
  const { level, detail, hint } = judgeClock(clockAheadMs);
  if (level !== 'ok') reporter.warn(`${detail} ${hint}`);
}

/** @throws HoldfastError `prune.clock` when by this machine's clock nothing may be called old */
export function assertClock({ clockAheadMs }: Store): void {
  if (clockAheadMs === null) return;
  const { level, detail, hint } = judgeClock(clockAheadMs);
  if (level !== 'fail') return;
  throw new HoldfastError(`Nothing is pruned by a wrong clock: ${detail}`, { code: 'prune.clock', hint });
}
