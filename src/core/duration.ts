/** A length of time in calendar units. */
export interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const units = {
  y: 'years',
  m: 'months',
  w: 'weeks',
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
} as const;
const form =
  /^(?:(\d{1,5})y)?(?:(\d{1,5})m(?!in))?(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})min)?(?:(\d{1,8})s)?$/;

/** Reads `26h`, `7d`, `4w`, `6m` (months), `1y`, `90min`, `30s`, or several from the largest to the smallest: `1y6m`. `null`: not a duration. */
export function parseDuration(text: string): Duration | null {
  const match = form.exec(text);
  if (match === null || text === '') return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const duration = { years, months, weeks, days, hours, minutes, seconds } as Duration;
  return Object.values(duration).some((count) => count > 0) ? duration : null;
}

/** The text that {@link parseDuration} reads. */
export function formatDuration(duration: Duration): string {
  return Object.entries(units)
    .filter(([, unit]) => duration[unit] > 0)
    .map(([letter, unit]) => `${duration[unit]}${letter}`)
    .join('');
}
