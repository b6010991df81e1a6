import { randomBytes } from 'node:crypto';

/** Crockford's base 32 in lower case: no letter that reads like a digit (https://www.crockford.com/base32.html). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-hjkmnp-tv-z]{4}$/;

/** An id such as `20261121T031702Z-k3tq`: the time in UTC and four random characters. Ids sort by time. */
export function newBackupId(now: Date, random: (bytes: number) => Uint8Array = randomBytes): string {
  const suffix = Array.from(random(4), (byte) => alphabet[byte % alphabet.length]).join('');
  return `${compactTime(now)}-${suffix}`;
}

/** `20261121T031702Z`: ISO 8601 basic format, UTC, whole seconds. */
export function compactTime(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The time an id begins with; `null` when the text is not an id or names no real time. */
export function timeOfBackupId(id: string): Date | null {
  const [, year, month, day, hour, minute, second] = pattern.exec(id) ?? [];
  if (year === undefined) return null;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // 30 February would become 2 March, and 24:00 the next day.
  return time.getUTCDate() === Number(day) ? time : null;
}

/** The time of a {@link compactTime} text, or `null`. */
export function parseCompactTime(text: string): Date | null {
  return timeOfBackupId(`${text}-0000`);
}
