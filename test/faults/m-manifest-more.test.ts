import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { ActionRun } from '../kit/run-action.ts';
import { putManifest, putObject, readManifest, readObject, removeObject } from '../kit/seed-backup.ts';
import { below, copies } from './steps/copies.ts';
import { seedMany } from './steps/seed-many.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const verify = (name: string, more: Record<string, string> = {}): Promise<ActionRun> =>
  bench.command('verify', { name, ...more });
const listed = async (name: string): Promise<{ id: string; missing: boolean }[]> =>
  (await bench.command('list', { name })).result.backups;
faults([
  {
    id: 'M6',
    fault: 'The object of a backup is deleted, its manifest stays',
    outcome:
      '`list` marks it, verify says damaged, and it takes no place among those that the keep rules count. (Where one of several databases is missing, verify tells.)',
    how: 'The newest two of five backups lose their object; then `list`, `verify`, and `prune` with keep-last 2.',
    async run() {
      const ids = (await copies(bench, 'm6', [9, 8, 7, 6, 5])) as [string, string, string, string, string];
      for (const id of ids.slice(3)) await removeObject(bench, `m6/${id}/app.sqlite3`);
      expect((await listed('m6')).map(({ missing }) => missing)).toEqual([true, true, false, false, false]);
      const run = await verify('m6', { backup: ids[4] });
      await bench.judge(run, { outcome: 'damaged', error: { code: 'object.missing' }, also: below('m6') });
      const pruned = await bench.command('prune', { name: 'm6', 'keep-last': '2', 'keep-min': '1' });
      const kept = pruned.result.kept.map(({ id }: { id: string }) => id);
      expect(kept).toEqual([ids[2], ids[1]]);
      await bench.judge(pruned, { outcome: 'unchanged', also: below('m6') });
    },
  },
  {
    id: 'M7',
    fault: 'A manifest has a newer format',
    outcome: 'Verify and restore refuse it and say to upgrade; prune leaves it alone.',
    how: 'Format 2 in the oldest of three backups, which no rule keeps.',
    async run() {
      const [id] = (await copies(bench, 'm7', [9, 8, 7])) as [string];
      const manifest = await readManifest(bench, 'm7', id);
      await putManifest(bench, manifest, { ...manifest, format: 2 });
      const expected = { outcome: 'failed', also: below('m7'), says: /Upgrade/ } as const;
      await bench.judge(await verify('m7', { backup: id }), expected);
      const to = `file:${bench.dir}/m7`;
      await bench.judge(await bench.command('restore', { name: 'm7', backup: id, to }), expected);
      expect(existsSync(join(bench.dir, 'm7'))).toBe(false);
      const run = await bench.command('prune', { name: 'm7', 'keep-last': '1', 'keep-min': '1' });
      expect(run.result.pruned).toHaveLength(1);
      await bench.judge(run, { outcome: 'unchanged', says: /is left alone/, also: below('m7') });
      expect((await listed('m7')).map((backup) => backup.id)).toContain(id);
    },
  },
  {
    id: 'M8',
    fault: "Somebody else's objects lie under the prefix",
    outcome: 'They are ignored and never deleted, not even with the backup in whose folder they are.',
    how: 'Files beside the backups, in their folders, with names like ours in folders like ours; then prune, and a backup that prunes.',
    async run() {
      const [old] = (await copies(bench, 'm8', [9, 8, 7])) as [string];
      const junk = [
        'readme.txt',
        'm8/notes.txt',
        `m8/${old}/notes.txt`,
        `m8/${old}/theirs.sql.gz`,
        `m8/${old}/deeper/manifest.json`,
        'm8/20200101T000000Z-0000x/app.sqlite3',
        'm8/20201341T000000Z-0000/app.sqlite3',
        'm8/20200101T000000Z-0000/readme.md',
        'm8x/20200101T000000Z-0000/app.sqlite3',
      ];
      for (const key of junk) await putObject(bench, key, 'mine');
      const also = (key: string): boolean => below('m8')(key) || junk.includes(key);
      const run = await bench.command('prune', { name: 'm8', 'keep-last': '1', 'keep-min': '1' });
      expect(run.result.pruned).toHaveLength(2);
      const left = [...(await bench.contents()).keys()];
      expect(left).toEqual(expect.arrayContaining(junk));
      expect(left.filter((key) => key.startsWith(`m8/${old}/`))).toHaveLength(3);
      await bench.judge(run, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'M9',
    fault: 'Two backups say that they are the same one',
    outcome: 'A manifest in the folder of another id is refused and reported; prune deletes neither.',
    how: 'The folder of a backup is copied, as it is, to another id.',
    async run() {
      const [id] = (await copies(bench, 'm9', [9, 8, 7])) as [string];
      const twin = id.replace(/....$/, '0000');
      for (const file of ['app.sqlite3', 'manifest.json'])
        await putObject(bench, `m9/${twin}/${file}`, await readObject(bench, `m9/${id}/${file}`));
      const also = below('m9');
      const run = await verify('m9', { backup: twin });
      await bench.judge(run, { outcome: 'damaged', says: /manifest/, also });
      expect((await verify('m9', { backup: id })).exitCode).toBe(0);
      const pruned = await bench.command('prune', { name: 'm9', 'keep-last': '1', 'keep-min': '1' });
      expect((await listed('m9')).map((backup) => backup.id)).toContain(twin);
      await bench.judge(pruned, { outcome: 'unchanged', says: /left alone/, also });
    },
  },
  {
    id: 'M10',
    fault: 'There are more backups than one answer to a listing holds',
    outcome: 'All are listed.',
    how: '1,001, then 10,001 backups in a bucket whose pages have 1,000 keys.',
    async run() {
      const bucket = await bench.s3.createBucket();
      const place = { s3: bench.s3, bucket };
      const count = async (): Promise<[number, number]> => {
        bench.storeProxy.forget();
        const run = await bench.command('list', { store: `s3://${bucket}`, name: 'many' });
        const pages = bench.storeProxy.operations().length;
        await bench.judge(run, { outcome: 'unchanged' });
        return [run.result.backups.length, pages];
      };
      await seedMany(place, 'many', 0, 1001);
      expect(await count()).toEqual([1001, 2]);
      await seedMany(place, 'many', 1001, 10_001);
      expect(await count()).toEqual([10_001, 11]);
    },
  },
  {
    id: 'M11',
    fault: 'A manifest says too much',
    outcome:
      'It holds neither password, key nor URL; host, user and path of the source are in it, so that a person can tell it.',
    how: 'A backup over SSH with passphrase, signing key and a database in a path like a URL with a password; each secret is sought in every key and object, as it is, in base64 and percent-encoded.',
    async run() {
      const keys = JSON.parse((await bench.cli(['keygen', '--json'])).stdout);
      const passphrase = 'canary passphrase $(id)';
      const run = await bench.backup({
        ...{ passphrase, 'sign-key': keys.signing.signKey, name: 'm11' },
        identity: keys.age.identity,
      });
      const id = run.outputs['backup-id'] as string;
      const text = JSON.stringify(await readManifest(bench, 'm11', id));
      for (const secret of [passphrase, keys.signing.signKey, keys.age.identity, ...bench.secrets()]) {
        for (const line of secret
          .split('\n')
          .filter((one: string) => one.length > 8 && !one.startsWith('---')))
          for (const form of [line, encodeURIComponent(line), Buffer.from(line).toString('base64')])
            expect(text.includes(form), 'a secret').toBe(false);
      }
      expect(text).toContain(bench.path);
      await bench.judge(run, { outcome: 'unchanged', also: below('m11') });
    },
  },
  {
    id: 'M12',
    fault: 'Whoever can write to the bucket brings back an older state of it',
    outcome:
      'Each manifest is still true, also with a signature: that the newest are gone can only be told by the age. `check` fails (exit code 4). Object Lock keeps them from being removed (docs/security.md).',
    how: 'Of backups 5 days, 1 day and some seconds old the newer two are deleted; `check --max-age 26h` before and after.',
    async run() {
      const ids = await copies(bench, 'm12', [5, 1, 0]);
      const check = () => bench.command('check', { name: 'm12', 'max-age': '26h' });
      expect((await check()).exitCode).toBe(0);
      for (const id of ids.slice(1))
        for (const file of ['manifest.json', 'app.sqlite3']) await removeObject(bench, `m12/${id}/${file}`);
      const also = below('m12');
      expect((await verify('m12')).exitCode).toBe(0);
      const error = { code: 'check.stale' };
      await bench.judge(await check(), { outcome: 'failed', exitCodes: [4], error, also });
    },
  },
]);
