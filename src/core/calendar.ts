import { Temporal } from 'temporal-polyfill';
import type { Duration } from './duration.ts';

const dayMs = 86_400_000;

/** The periods that a time falls into, in one time zone. Equal keys mean the same period; they are also fit for people. */
export interface Periods {
  readonly hourly: string;
  readonly daily: string;
  readonly weekly: string;
  readonly monthly: string;
  readonly yearly: string;
}

/** Cuts time into periods of one time zone. Quick when it is asked in order of time: offsets change seldom. */
export class Calendar {
  readonly #timeZone: string;
  #stretch = { fromMs: Number.POSITIVE_INFINITY, untilMs: Number.NEGATIVE_INFINITY, offsetMs: 0 };

  /** @param timeZone an IANA name, such as `Europe/Berlin` */
  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  periodsOf(time: Date): Periods {
    const localMs = time.getTime() + this.#offsetAt(time.getTime());
    const iso = new Date(localMs).toISOString();
    // Years past 9999 or before 0 have a sign and six digits.
    const [date = '', clock = ''] = iso.split('T');
    return {
      hourly: `${date} ${clock.slice(0, 2)}h`,
      daily: date,
      weekly: isoWeek(Math.floor(localMs / dayMs)),
      monthly: date.slice(0, -3),
      yearly: date.slice(0, -6),
    };
  }

  /** That long before, by the calendar: a day that a month does not have becomes its last one. */
  before(now: Date, duration: Duration): Date {
    const zoned = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(this.#timeZone);
    return new Date(zoned.subtract(duration).epochMilliseconds);
  }

  #offsetAt(timeMs: number): number {
    if (timeMs < this.#stretch.fromMs || timeMs >= this.#stretch.untilMs)
      this.#stretch = this.#stretchAt(timeMs);
    return this.#stretch.offsetMs;
  }

  /** The time around `timeMs` in which the zone's offset from UTC does not change. */
  #stretchAt(timeMs: number): { fromMs: number; untilMs: number; offsetMs: number } {
    const zoned = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(this.#timeZone);
    return {
      // A transition at this very instant is not "previous" to it: one millisecond more and it is.
      fromMs:
        zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ??
        Number.NEGATIVE_INFINITY,
      untilMs: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
      offsetMs: zoned.offsetNanoseconds / 1e6,
    };
  }
}

/** The ISO 8601 week of a day, counted from 1970-01-01 (a Thursday): `2020-W53`. A week belongs to its Thursday's year. */
function isoWeek(day: number): string {
  const thursday = new Date(Math.floor((day + 3) / 7) * 7 * dayMs);
  const year = thursday.getUTCFullYear();
  const dayOfYear = (thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs;
  return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}
