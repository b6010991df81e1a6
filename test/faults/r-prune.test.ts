import { PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench, type GoodBackup } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { RunOptions } from '../kit/run-action.ts';
import { daysAgo, putObject, readObject, removeObject, seedBackup } from '../kit/seed-backup.ts';
import { below, besides, copies } from './steps/copies.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const one = { 'keep-last': '1', 'keep-min': '1' };
const prune = (name: string, rules: Record<string, string> = one, options: RunOptions = {}) =>
  bench.command('prune', { name, ...rules }, options);
/** Ids of the backups that are there, oldest first. */
const left = async (name: string): Promise<string[]> =>
  [...(await bench.contents()).keys()]
    .filter((key) => key.startsWith(`${name}/`) && key.endsWith('/manifest.json'))
    .map((key) => key.split('/')[1] as string);
faults([
  {
    id: 'R1',
    fault: 'The backup fails, and the same run would prune',
    outcome: 'Nothing is pruned.',
    how: 'Five old backups and keep-last 1: first the snapshot fails, then the put of the manifest, then the verify after the backup; a run that succeeds prunes.',
    async run() {
      const ids = await copies(bench, 'r1', [9, 8, 7, 6, 5]);
      const inputs = { name: 'r1', ...one };
      const also = below('r1');
      await bench.withShim('cat', 'exit 1', async () => {
        await bench.judge(await bench.backup(inputs), { outcome: 'failed', also });
      });
      bench.storeProxy.inject(
        { answer: 403, code: 'AccessDenied' },
        ({ method, url }) => method === 'PUT' && url.includes('manifest'),
      );
      await bench.judge(await bench.backup(inputs), { outcome: 'failed', also });
      expect(await left('r1')).toEqual(ids);
      bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, 'GetObject');
      const unproven = await bench.backup({ ...inputs, verify: 'hash' });
      expect(await left('r1')).toHaveLength(6);
      await bench.judge(unproven, { outcome: 'failed', also, says: /nothing was pruned/ });
      const good = await bench.backup(inputs);
      expect(good.result.pruned).toHaveLength(5);
      await bench.judge(good, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'R2',
    fault: 'The policy is empty, or all of it is 0',
    outcome: 'It is refused (exit code 2) before the store is asked anything.',
    how: '`prune` without a rule; with keep-last 0; a backup with keep-daily 0 and keep-within 0.',
    async run() {
      for (const run of [
        await prune('shop', {}),
        await prune('shop', { 'keep-last': '0' }),
        await prune('shop', { 'keep-min': '3' }),
        await bench.backup({ 'keep-last': undefined, 'keep-daily': '0', 'keep-within': '0' }),
      ]) {
        expect(bench.storeProxy.requests).toEqual([]);
        await bench.judge(run, { outcome: 'failed', exitCodes: [2], says: /keep/ });
      }
    },
  },
  {
    id: 'R3',
    fault: 'A rule or its value has a typing error',
    outcome:
      'It is refused (exit code 2) with the nearest name or the right form; nothing is asked or deleted.',
    how: '`keep-dayly`, `7x`, `1,5`, `-3`, `7 days`, a time zone that there is none of.',
    async run() {
      const wrong: readonly [string, string, RegExp][] = [
        ['keep-dayly', '7', /keep-daily/],
        ['keep-daily', '7x', /whole number/],
        ['keep-daily', '1,5', /whole number/],
        ['keep-daily', '-3', /whole number/],
        ['keep-within', '7 days', /length of time/],
        ['keep-min', '0', /at least 1/],
        ['time-zone', 'Europe/Berln', /time zone/],
      ];
      for (const [input, value, says] of wrong) {
        const run = await prune('shop', { 'keep-last': '1', [input]: value });
        expect(bench.storeProxy.requests).toEqual([]);
        await bench.judge(run, { outcome: 'failed', exitCodes: [2], error: { input }, says });
      }
    },
  },
  {
    id: 'R4',
    fault: 'The policy would delete everything',
    outcome:
      'It never can, so there is nothing to refuse: the newest 3 (`keep-min`, at least 1), the newest verified one and what is younger than a day are kept whatever the rules say, with that as the reason.',
    how: 'keep-within 1h and six backups that are older than a month; with keep-min 3 and 1.',
    async run() {
      const ids = await copies(bench, 'r4', [90, 80, 70, 60, 50, 40]);
      const also = below('r4');
      for (const min of [3, 1]) {
        const run = await prune('r4', { 'keep-within': '1h', 'keep-min': `${min}` });
        expect(await left('r4')).toEqual(ids.slice(-min));
        for (const { reasons } of run.result.kept) expect(reasons).toContain(`newest ${min} (keep-min)`);
        await bench.judge(run, { outcome: 'unchanged', also });
      }
    },
  },
  {
    id: 'R5',
    fault: 'All the newest backups are damaged or incomplete',
    outcome:
      'What has no manifest, or no object, does not count. Damage inside an object shows only when it is read: so the newest verified backup is kept whatever comes after it, and a verify that finds damage takes the proof away.',
    how: 'One verified backup; after it five with a flipped byte, one without its object and one without its manifest. keep-last 1, keep-min 1.',
    async run() {
      const ids = (await copies(bench, 'r5', [9, 8, 7, 6, 5, 4, 3, 2])) as [string, ...string[]];
      const good = ids[1] as string;
      for (const id of ids.slice(1, 3)) {
        const proven = await bench.command('verify', { name: 'r5', backup: id, level: 'hash' });
        expect(proven.exitCode, proven.stdout).toBe(0);
      }
      for (const id of ids.slice(2, 7)) {
        const key = `r5/${id}/app.sqlite3`;
        const bytes = await readObject(bench, key);
        bytes[9000] = (bytes[9000] ?? 0) ^ 1;
        await putObject(bench, key, bytes);
      }
      const found = await bench.command('verify', { name: 'r5', backup: ids[2] as string, level: 'hash' });
      const also = below('r5');
      await bench.judge(found, { outcome: 'damaged', also });
      await removeObject(bench, `r5/${ids[7]}/manifest.json`);
      await removeObject(bench, `r5/${ids[6]}/app.sqlite3`);
      const run = await prune('r5');
      expect(await left('r5')).toEqual([good, ids[5]]);
      await bench.judge(run, { outcome: 'unchanged', also });
      const restored = await bench.command('restore', {
        ...{ name: 'r5', backup: good, to: `file:${bench.dir}/r5` },
      });
      expect(restored.exitCode, restored.stdout).toBe(0);
    },
  },
  {
    id: 'R6',
    fault: 'Prune is killed between two deletions',
    outcome:
      'Each remaining manifest has its object; running it again completes it. The sweep does this at every request.',
    how: 'SIGKILL at the second, third and fourth deletion of four backups.',
    async run() {
      for (const at of [2, 3, 4]) {
        const name = `r6-${at}`;
        const ids = await copies(bench, name, [9, 8, 7, 6]);
        let seen = 0;
        let kill = (): boolean => false;
        bench.storeProxy.inject({ before: () => kill() }, ({ operation }) => {
          if (operation === 'DeleteObjects') seen += 1;
          return operation === 'DeleteObjects' && seen === at;
        });
        const run = await prune(name, one, {
          during(child) {
            kill = () => child.kill('SIGKILL');
          },
        });
        const keys = [...(await bench.contents()).keys()];
        const there = await left(name);
        expect(there.length).toBeLessThan(4);
        expect(there.length).toBeGreaterThan(1);
        for (const id of there) expect(keys).toContain(`${name}/${id}/app.sqlite3`);
        await bench.judge(run, { outcome: 'killed', also: besides });
        bench.agedObjects();
        expect((await prune(name)).exitCode).toBe(0);
        const after = [...(await bench.contents()).keys()].filter(below(name));
        expect(after).toEqual([`${name}/${ids[3]}/app.sqlite3`, `${name}/${ids[3]}/manifest.json`]);
      }
    },
  },
  {
    id: 'R7',
    fault: 'Something happens between the two deletions of a backup',
    outcome: 'The manifest goes first, by a request of its own: no backup is ever listed without its data.',
    how: 'The order of the requests of a prune of three backups.',
    async run() {
      await copies(bench, 'r7', [9, 8, 7, 6]);
      const run = await prune('r7');
      const asked = bench.storeProxy.requests
        .filter(({ operation }) => operation === 'DeleteObjects')
        .map(({ body }) =>
          [...body.toString().matchAll(/<Key>[^<]*\/([^<]*)<\/Key>/g)].map(([, file]) => file),
        );
      expect(asked).toEqual(Array.from({ length: 3 }, () => [['manifest.json'], ['app.sqlite3']]).flat());
      await bench.judge(run, { outcome: 'unchanged', also: below('r7') });
    },
  },
  {
    id: 'R8',
    fault: 'A deletion of several fails for some (200 with an error for each)',
    outcome: 'What stays is named with the reason, and prune fails (exit code 1). The next run removes it.',
    how: 'DeleteObjects is answered with an `<Error>` for the object of the first backup that goes, then for the manifest of one.',
    async run() {
      for (const [file, at] of [
        ['app.sqlite3', 2],
        ['manifest.json', 1],
      ] as const) {
        const name = `r8-${at}`;
        const also = besides;
        const ids = await copies(bench, name, [9, 8, 7]);
        // The newer one of the two goes first.
        const key = `${name}/${ids[1]}/${file}`;
        const why = '<VersionId>null</VersionId><Code>InternalError</Code><Message>Try again.</Message>';
        const body = `<DeleteResult><Error><Key>${key}</Key>${why}</Error></DeleteResult>`;
        let seen = 0;
        bench.storeProxy.inject({ answer: 200, body }, ({ operation }) => {
          if (operation === 'DeleteObjects') seen += 1;
          return operation === 'DeleteObjects' && seen === at;
        });
        const run = await prune(name);
        expect(run.result.warnings.join()).toMatch(/Try again/);
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'store.not-removed' },
          says: new RegExp(key),
          also,
        });
        bench.agedObjects();
        expect((await prune(name)).exitCode).toBe(0);
        expect(await left(name)).toHaveLength(1);
        expect([...(await bench.contents()).keys()].filter(below(name))).toHaveLength(2);
      }
    },
  },
  {
    id: 'R9',
    fault: 'Objects are locked',
    outcome:
      'They are kept, with "locked until" as the reason; that is no failure, and they do not count as deleted.',
    how: 'Three old backups in a bucket with Object Lock, the objects of the oldest two locked until tomorrow; prune with keep-last 1.',
    async run() {
      const bucket = await bench.s3.createBucket({ locking: true });
      const place = { s3: bench.s3, bucket };
      const from = { ...(bench.good[0] as GoodBackup), bucket: bench.bucket };
      const ids: string[] = [];
      for (const days of [9, 8, 7])
        ids.push(await seedBackup(place, from, { name: 'r9', at: daysAgo(days) }));
      const until = new Date(Math.ceil(daysAgo(-1).getTime() / 1000) * 1000);
      const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: until } as const;
      for (const id of ids.slice(0, 2)) {
        for (const file of ['manifest.json', 'app.sqlite3']) {
          const Key = `r9/${id}/${file}`;
          await bench.s3.admin.send(new PutObjectRetentionCommand({ Bucket: bucket, Key, Retention }));
        }
      }
      const run = await bench.command('prune', { store: `s3://${bucket}`, name: 'r9', ...one });
      expect(run.result.pruned).toEqual([]);
      const reasons = [`locked until ${until.toISOString()}`];
      const locked = [ids[1], ids[0]].map((id) => ({ id, reasons }));
      expect(run.result.kept).toEqual(expect.arrayContaining(locked));
      expect(await bench.s3.versions(bucket)).toBe(6);
      await bench.judge(run, { outcome: 'unchanged' });
    },
  },
]);
