import { parseDuration } from '../core/duration.ts';
import { type Fields, show } from './fields.ts';

const absentMs = 60_000;
/** Shorter pauses are normal, and longer ones nobody waits for. */
const [leastMs, mostMs] = [1000, 86_400_000];

/** How long a peer may be silent, in milliseconds. */
export function parseStall(fields: Fields): number {
  const text = fields.text('stall-timeout');
  if (text === undefined) return absentMs;
  const ms = millisecondsOf(text);
  if (ms >= leastMs && ms <= mostMs) return ms;
  const message = `\`stall-timeout\` is ${show(text)}, which is no length of time from 1 second to 1 day.`;
  fields.problem('stall-timeout', message, 'Write `30s` or `5min` (`5m` would be months).');
  return absentMs;
}

function millisecondsOf(text: string): number {
  const { years, months, weeks, days, hours, minutes, seconds } = parseDuration(text) ?? nothing;
  if (years + months + weeks > 0) return Number.NaN;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const nothing = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
