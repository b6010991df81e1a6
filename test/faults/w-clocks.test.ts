import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { fakeTime } from '../kit/fake-time.ts';
import { FaultBench, type GoodBackup } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { Expected } from '../kit/oracle.ts';
import { said } from '../kit/said.ts';
import { seedBackup } from '../kit/seed-backup.ts';
import { besides, copies } from './steps/copies.ts';

/** The server lives three days in the past. */
const past = Object.entries(fakeTime('-3d')).map((pair) => pair.join('='));
const bench = new FaultBench({ megabytes: 1, env: past });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const ids = (backups: readonly { id: string }[]): string[] => backups.map(({ id }) => id);

faults([
  {
    id: 'W1',
    fault: "The runner's clock is wrong: two days ahead, two days behind, or in 1970",
    outcome:
      "It is compared with the time that the store says. From 5 minutes on the run warns; from an hour on nothing is pruned. A backup is made all the same, for requests are signed by the store's time; where it was to prune too, the run fails after it.",
    how: '`faketime` around the program: +2 days, -2 days, 1970; +10 minutes warns and prunes.',
    async run() {
      for (const [index, offset] of ['+2d', '-2d', '@1970-01-05 03:00:00'].entries()) {
        const name = `w1-${index}`;
        const old = await copies(bench, name, [9, 8, 7]);
        const env = fakeTime(offset);
        const made = await bench.backup({ name }, { env });
        expect(made.result.warnings.join()).toMatch(/clock/);
        const says = /is complete, but pruning after it did not finish/;
        await bench.judge(made, { outcome: 'failed', says, also: besides });
        const rules = { name, 'keep-last': '1', 'keep-min': '1' };
        const refused = await bench.command('prune', rules, { env });
        await bench.judge(refused, { outcome: 'failed', says: /clock/, also: besides });
        const { backups } = (await bench.command('list', { name })).result;
        expect(ids(backups)).toEqual(expect.arrayContaining(old));
        expect(backups).toHaveLength(4);
      }
      await copies(bench, 'w1', [9, 8]);
      const rules = { name: 'w1', 'keep-last': '1', 'keep-min': '1' };
      const run = await bench.command('prune', rules, { env: fakeTime('+10m') });
      expect(run.result.warnings.join()).toMatch(/clock/);
      expect(run.result.pruned).toHaveLength(1);
      await bench.judge(run, { outcome: 'unchanged', also: besides });
    },
  },
  {
    id: 'W2',
    fault: 'The clock jumps back, or ahead, during the run',
    outcome: 'The backup succeeds; all durations are those of a clock that never jumps.',
    how: 'The time that `faketime` gives is changed by an hour in each direction once the snapshot is taken.',
    async run() {
      for (const jump of ['-1h', '+1h']) {
        const file = join(bench.dir, 'clock');
        writeFileSync(file, '+0\n');
        // Until the program has seen it.
        bench.storeProxy.inject({ before: () => sleep(1500) }, 'PutObject', 1);
        const run = await bench.backup(
          { 'keep-last': undefined },
          {
            env: fakeTime('', file),
            async during(child) {
              await said(child, /Snapshot taken/);
              writeFileSync(file, `${jump}\n`);
            },
          },
        );
        const { durationMs, backup } = run.result;
        expect(durationMs).toBeGreaterThan(0);
        expect(durationMs).toBeLessThan(run.tookMs);
        for (const { snapshot } of backup.databases) {
          expect(snapshot.durationMs).toBeGreaterThan(0);
          expect(snapshot.durationMs).toBeLessThan(run.tookMs);
        }
        await bench.judge(run, { outcome: 'stored' });
      }
    },
  },
  {
    id: 'W3',
    fault: 'The keep rules meet the two nights in which the clocks change',
    outcome:
      'In `time-zone` the hour that comes twice is one hour, as on the clock; the one that is left out is none; days of 23 and 25 hours are days. The TZ of the runner has no say.',
    how: 'Backups every 30 minutes over both nights of 2026 in Europe/Berlin: keep-hourly 6 and keep-daily 2, the plan of each under three values of TZ.',
    async run() {
      const from = bench.good[0] as GoodBackup;
      const nights: readonly [string, string, readonly string[], readonly string[]][] = [
        // 01:59 CET is followed by 03:00 CEST.
        [
          'w3spring',
          '2026-03-29T03:30:00Z',
          ['0330Z', '0230Z', '0130Z', '0030Z', '2330Z', '2230Z'],
          ['0330Z', '2230Z'],
        ],
        // 02:59 CEST is followed by 02:00 CET.
        [
          'w3autumn',
          '2026-10-25T03:30:00Z',
          ['0330Z', '0230Z', '0130Z', '2330Z', '2230Z', '2130Z'],
          ['0330Z', '2130Z'],
        ],
      ];
      for (const [name, end, hourly, daily] of nights) {
        for (let half = 0; half < 16; half += 1)
          await seedBackup(bench, from, { name, at: new Date(Date.parse(end) - half * 1_800_000) });
        const kept = async (rule: Record<string, string>, TZ: string): Promise<string[]> => {
          const rules = { name, 'time-zone': 'Europe/Berlin', 'keep-min': '1', 'dry-run': 'true', ...rule };
          const run = await bench.command('prune', rules, { env: { TZ } });
          await bench.judge(run, { outcome: 'unchanged', also: besides });
          return ids(run.result.kept).map((id) => `${id.slice(9, 13)}Z`);
        };
        for (const TZ of ['UTC', 'America/New_York', 'Asia/Kathmandu']) {
          expect(await kept({ 'keep-hourly': '6' }, TZ), `${name} ${TZ}`).toEqual(hourly);
          expect(await kept({ 'keep-daily': '2' }, TZ), `${name} ${TZ}`).toEqual(daily);
        }
      }
    },
  },
  {
    id: 'W4',
    fault: 'Backups are dated in the future',
    outcome:
      'They are warned of and kept, and take the place of none: neither for the keep rules nor for `check`.',
    how: 'Two backups dated a day and a year ahead beside four old ones; prune with keep-last 2, and `check`.',
    async run() {
      const also = besides;
      const old = await copies(bench, 'w4', [9, 8, 7, 6]);
      const ahead = await copies(bench, 'w4', [-1, -365]);
      const run = await bench.command('prune', { name: 'w4', 'keep-last': '2', 'keep-min': '1' });
      expect(ids(run.result.kept)).toEqual([...ahead.toReversed(), old[3], old[2]]);
      expect(run.result.warnings).toHaveLength(2);
      await bench.judge(run, { outcome: 'unchanged', says: /dated in the future/, also });
      const check = await bench.command('check', { name: 'w4', 'max-age': '26h' });
      expect(check.result.newest.id).toBe(old[3]);
      const expected: Expected = { outcome: 'failed', exitCodes: [4], error: { code: 'check.stale' }, also };
      await bench.judge(check, expected);
    },
  },
  {
    id: 'W5',
    fault: "The database server's clock is wrong",
    outcome: 'It has no say: ids, dates and durations are those of the runner.',
    how: '`faketime` around every program of the server, three days in the past.',
    async run() {
      const run = await bench.backup();
      const { backup, durationMs } = run.result;
      const made = Date.parse(backup.id.replace(/^(....)(..)(..)T(..)(..)(..)Z.*$/, '$1-$2-$3T$4:$5:$6Z'));
      expect(Math.abs(Date.now() - made)).toBeLessThan(60_000);
      expect(durationMs).toBeLessThan(run.tookMs);
      await bench.judge(run, { outcome: 'stored' });
      // The server does believe in another day.
      const file = join(bench.dir, 'its-time');
      await bench.withShim('cat', `date +%s > '${file}'; exec /bin/cat "$@"`, async () => {
        await bench.judge(await bench.backup(), { outcome: 'stored' });
      });
      expect(Date.now() / 1000 - Number(readFileSync(file, 'utf8'))).toBeGreaterThan(2.9 * 86_400);
    },
  },
]);
