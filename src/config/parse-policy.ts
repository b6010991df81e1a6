import { type Duration, parseDuration } from '../core/duration.ts';
import { isEmptyPolicy, type Policy } from '../core/retention.ts';
import { type Fields, show } from './fields.ts';

const rules = [
  'keep-last',
  'keep-within',
  'keep-hourly',
  'keep-daily',
  'keep-weekly',
  'keep-monthly',
  'keep-yearly',
] as const;

/** `null` when no keep rule is given at all: then nothing is pruned. */
export function parsePolicy(fields: Fields): Policy | null {
  const policy: Policy = {
    last: fields.count('keep-last', 0),
    within: parseWithin(fields),
    hourly: fields.count('keep-hourly', 0),
    daily: fields.count('keep-daily', 0),
    weekly: fields.count('keep-weekly', 0),
    monthly: fields.count('keep-monthly', 0),
    yearly: fields.count('keep-yearly', 0),
    min: fields.count('keep-min', 3, 1),
    timeZone: parseTimeZone(fields),
  };
  const given = rules.filter((rule) => fields.has(rule));
  const [first] = given;
  if (first === undefined) return null;
  const broken = fields.problems.some(({ input }) => given.some((rule) => rule === input));
  if (!broken && isEmptyPolicy(policy)) {
    fields.problem(
      first,
      `Every keep rule is 0, which would keep next to nothing.`,
      'Set one, such as `keep-daily: 14`, or leave all of them out to keep everything.',
    );
  }
  return policy;
}

/** For the command `prune`, which makes no sense without a rule. */
export function requirePolicy(fields: Fields): Policy {
  const policy = parsePolicy(fields);
  if (policy !== null) return policy;
  fields.problem(
    'keep-last',
    'No keep rule is set, so prune has nothing to go by.',
    'Set one, such as `keep-daily: 14`.',
  );
  return {
    last: 0,
    within: null,
    hourly: 0,
    daily: 0,
    weekly: 0,
    monthly: 0,
    yearly: 0,
    min: 3,
    timeZone: 'UTC',
  };
}

function parseWithin(fields: Fields): Duration | null {
  const text = fields.text('keep-within');
  if (text === undefined || text === '0') return null;
  const duration = parseDuration(text);
  if (duration === null) {
    fields.problem(
      'keep-within',
      `\`keep-within\` is ${show(text)}, which is no length of time.`,
      'Write `48h`, `7d`, `4w`, `6m` (months) or `1y`.',
    );
  }
  return duration;
}

function parseTimeZone(fields: Fields): string {
  const name = fields.text('time-zone') ?? 'UTC';
  // What knows all of them takes 4 ms to load.
  if (name === 'UTC') return name;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    fields.problem(
      'time-zone',
      `\`time-zone\` is ${show(name)}, which is no IANA time zone.`,
      'Write `Europe/Berlin` or `UTC`.',
    );
    return 'UTC';
  }
}
