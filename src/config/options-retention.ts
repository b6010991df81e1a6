import type { Option } from './option.ts';

const retention = ['backup', 'prune', 'doctor', 'lifecycle'] as const;

/** Which backups are kept. */
export const retentionOptions = [
  { name: 'keep-last', commands: retention, kind: 'count', default: 'off', help: 'Keep the newest N.' },
  {
    name: 'keep-within',
    commands: retention,
    kind: 'text',
    default: 'off',
    help: 'Keep everything younger: `48h`, `7d`, `4w`, `6m`, `1y`.',
  },
  {
    name: 'keep-hourly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N hours.',
  },
  {
    name: 'keep-daily',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N days.',
  },
  {
    name: 'keep-weekly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N ISO weeks.',
  },
  {
    name: 'keep-monthly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N months.',
  },
  {
    name: 'keep-yearly',
    commands: retention,
    kind: 'count',
    default: 'off',
    help: 'Keep the newest of each of N years.',
  },
  {
    name: 'keep-min',
    commands: retention,
    kind: 'count',
    default: '3',
    help: 'Always keep so many of the newest, whatever the rules say. At least 1.',
  },
  {
    name: 'time-zone',
    commands: retention,
    kind: 'text',
    default: 'UTC',
    help: 'IANA name of the zone in which hours, days and weeks are cut.',
  },
] as const satisfies readonly Option[];
