import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { newBackupId } from '../../src/core/backup-id.ts';
import { Secret } from '../../src/core/secret.ts';
import { newSigningKeys, signerOf } from '../../src/core/signature.ts';
import { FaultBench, type GoodBackup } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { RunOptions } from '../kit/run-action.ts';
import { daysAgo, putObject, seedBackup } from '../kit/seed-backup.ts';
import { below, copies } from './steps/copies.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const one = { 'keep-last': '1', 'keep-min': '1' };
const prune = (name: string, rules: Record<string, string> = one, options: RunOptions = {}) =>
  bench.command('prune', { name, ...rules }, options);
const deletions = (): string[] =>
  bench.storeProxy.operations().filter((operation) => operation.startsWith('Delete'));
/** Ids of the backups that are there, oldest first. */
const left = async (name: string): Promise<string[]> =>
  [...(await bench.contents()).keys()]
    .filter((key) => key.startsWith(`${name}/`) && key.endsWith('/manifest.json'))
    .map((key) => key.split('/').at(-2) as string);

/** Another part of R12: what is there is signed, and what is added is not. */
async function forgedOnesDisplaceNothing(): Promise<void> {
  const { signKey, verifyKey } = newSigningKeys();
  const signed = await copies(bench, 'r12', [9, 8, 7, 6], signerOf(new Secret(signKey)));
  const oldest = signed[0] as string;
  await putObject(bench, `r12/${oldest}/verified-restore-20260101T000000Z.json`, '{}');
  const forged = Array.from({ length: 12 }, (_, index) => newBackupId(daysAgo(5 - index / 10)));
  for (const id of forged) {
    for (const file of ['manifest.json', 'x.sqlite3', 'verified-restore-20260101T000000Z.json'])
      await putObject(bench, `r12/${id}/${file}`, '{}');
  }
  const rules = { 'keep-last': '2', 'keep-min': '1', 'verify-key': verifyKey };
  const dry = await prune('r12', { ...rules, 'dry-run': 'true' });
  const run = await prune('r12', rules);
  expect(run.result.pruned.map(({ id }: { id: string }) => id)).toEqual([signed[1]]);
  expect(await left('r12')).toEqual([oldest, ...signed.slice(2), ...forged]);
  const { kept, pruned } = run.result;
  expect({ kept: dry.result.kept, pruned: dry.result.pruned }).toEqual({ kept, pruned });
  const told = run.result.warnings.filter((text: string) => /left alone and not counted/.test(text));
  expect(told).toHaveLength(12);
  await bench.judge(run, { outcome: 'unchanged', also: below('r12') });
}

faults([
  {
    id: 'R10',
    fault: 'The listing fails on its second page, or is not complete',
    outcome: 'The run fails; nothing is decided and nothing deleted.',
    how: 'The first page says that there is more: then the second is refused with 403, answered with 500 for ever, or there is no way to ask for it.',
    async run() {
      const ids = await copies(bench, 'r10', [9, 8, 7]);
      const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>';
      const lost = '<IsTruncated>true</IsTruncated>';
      const first = (text: string) => ({
        rewrite: (body: string) => body.replace('<IsTruncated>false</IsTruncated>', text),
      });
      const isSecond = ({ url }: { url: string }): boolean => url.includes('continuation-token');
      for (const [page, second] of [
        [more, { answer: 403, code: 'AccessDenied' }],
        [more, { answer: 500, code: 'InternalError' }],
        [lost, 'reset'],
      ] as const) {
        bench.storeProxy.inject(second, isSecond);
        bench.storeProxy.inject(first(page), 'ListObjectsV2');
        const run = await prune('r10');
        expect(deletions()).toEqual([]);
        expect(await left('r10')).toEqual(ids);
        const says = page === lost ? /ended early/ : /Listing/;
        await bench.judge(run, { outcome: 'failed', says, also: below('r10') });
      }
    },
  },
  {
    id: 'R11',
    fault: 'Others use the same bucket, under names that begin alike',
    outcome: 'Their backups are never touched: `a` is not `ab`, and a prefix is not part of another.',
    how: 'Old backups of `a`, `ab` and `a.b`, and of `a` under the prefixes `p`, `pq` and `a`; prune of `a` without a prefix, then under `p`.',
    async run() {
      const from = bench.good[0] as GoodBackup;
      const places = ['a/', 'ab/', 'a.b/', 'p/a/', 'pq/a/', 'a/a/'];
      for (const place of places) {
        const [, store = '', name = ''] = /^(.*\/)?([^/]+)\/$/.exec(place) ?? [];
        for (const days of [9, 8, 7]) await seedBackup(bench, from, { name, store, at: daysAgo(days) });
      }
      const count = async () => {
        const keys = [...(await bench.contents()).keys()];
        return places.map(
          (place) =>
            keys.filter(
              (key) => key.startsWith(place) && key.split('/').length === place.split('/').length + 1,
            ).length,
        );
      };
      expect(await count()).toEqual([6, 6, 6, 6, 6, 6]);
      const also = (key: string): boolean => places.some((place) => key.startsWith(place));
      await bench.judge(await prune('a'), { outcome: 'unchanged', also });
      expect(await count()).toEqual([2, 6, 6, 6, 6, 6]);
      const run = await prune('a', { ...one, store: `s3://${bench.bucket}/p` });
      await bench.judge(run, { outcome: 'unchanged', also });
      expect(await count()).toEqual([2, 6, 6, 2, 6, 6]);
    },
  },
  {
    id: 'R12',
    fault: 'Whoever can add objects adds newer backups every day, to have the real ones pruned',
    outcome:
      "Backups dated in the future are warned of, kept, and take nobody's place. With `verify-key` so is every newcomer whose manifest that key did not sign, whatever proof lies beside it: what is removed is what would be removed without them. Without it, newcomers dated in the past count as any other, and so does a proof that they bring; one without a proof never displaces the newest verified one.",
    how: 'Ten backups dated one to ten days ahead, then three dated in the past, beside three real ones of which one is verified; prune with keep-last 1. Then four signed ones, the oldest verified, and twelve newer folders with `{}` for a manifest, a file named as a database and one named as a proof; a dry run and a prune with `verify-key` and keep-last 2.',
    async run() {
      const [, verified, newest] = (await copies(bench, 'r12', [9, 8, 7])) as [string, string, string];
      const proof = await bench.command('verify', { name: 'r12', backup: verified, level: 'hash' });
      expect(proof.exitCode).toBe(0);
      const future = await copies(
        bench,
        'r12',
        Array.from({ length: 10 }, (_, index) => -1 - index),
      );
      const rules = { 'keep-last': '1', 'keep-min': '1' };
      const run = await prune('r12', rules);
      expect(run.result.warnings.filter((text: string) => /dated in the future/.test(text))).toHaveLength(10);
      expect(await left('r12')).toEqual([verified, newest, ...future.toSorted()]);
      await bench.judge(run, { outcome: 'unchanged', also: below('r12') });
      await copies(bench, 'r12', [6, 5, 4]);
      await prune('r12', rules);
      expect(await left('r12')).toContain(verified);
      await bench.reset();
      await forgedOnesDisplaceNothing();
    },
  },
  {
    id: 'R13',
    fault: 'A prune runs while a backup is made',
    outcome: 'The new backup stays, whole; the prune removes what it had seen.',
    how: 'A prune is held at its first deletion until a backup of the same name is complete, and a backup is held at its manifest until a prune is through.',
    async run() {
      const ids = await copies(bench, 'r13', [9, 8, 7]);
      const also = below('r13');
      let made: Awaited<ReturnType<FaultBench['backup']>> | null = null;
      const inputs = { name: 'r13', 'keep-last': undefined };
      const before = async () => {
        made = await bench.backup(inputs);
      };
      bench.storeProxy.inject({ before }, 'DeleteObjects', 1);
      const run = await prune('r13');
      const id = (made as unknown as { outputs: Record<string, string> }).outputs['backup-id'] as string;
      expect(await left('r13')).toEqual([ids[2], id]);
      await bench.judge(run, { outcome: 'unchanged', also });
      const held = async () => {
        const pruned = await prune('r13', { 'keep-within': '1h', 'keep-min': '1' });
        expect(pruned.exitCode, pruned.stdout).toBe(0);
      };
      bench.storeProxy.inject(
        { before: held },
        ({ method, url }) => method === 'PUT' && url.includes('manifest.json'),
        1,
      );
      const second = await bench.backup(inputs);
      const whole = await bench.command('verify', {
        name: 'r13',
        backup: second.outputs['backup-id'] as string,
      });
      expect(whole.exitCode, whole.stdout).toBe(0);
      await bench.judge(second, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'R14',
    fault: 'Two prunes run at the same time',
    outcome: 'Both succeed, and what stays is what one of them alone would leave.',
    how: 'The first is held at its first deletion until the second is through; then two at once.',
    async run() {
      const ids = await copies(bench, 'r14', [9, 8, 7, 6, 5]);
      const also = below('r14');
      const second = async () => {
        const run = await prune('r14');
        expect(run.exitCode, run.stdout).toBe(0);
      };
      bench.storeProxy.inject({ before: second }, 'DeleteObjects', 1);
      const run = await prune('r14');
      expect(await left('r14')).toEqual(ids.slice(-1));
      await bench.judge(run, { outcome: 'unchanged', also });
      const again = await copies(bench, 'r14', [4, 3, 2]);
      const both = await Promise.all([prune('r14'), prune('r14')]);
      for (const each of both) await bench.judge(each, { outcome: 'unchanged', also });
      expect([...(await bench.contents()).keys()].filter(also)).toEqual([
        `r14/${again[2]}/app.sqlite3`,
        `r14/${again[2]}/manifest.json`,
      ]);
    },
  },
  {
    id: 'R15',
    fault: 'A dry run deletes something, or shows something else than what is done',
    outcome: 'It deletes nothing, and its decisions and reasons are those of the run after it.',
    how: 'Twelve backups and five rules: `dry-run: true`, then the same without.',
    async run() {
      await copies(bench, 'r15', [400, 90, 60, 40, 30, 21, 14, 9, 8, 7, 3, 2]);
      const rules = {
        'keep-last': '2',
        'keep-daily': '3',
        'keep-weekly': '2',
        'keep-yearly': '2',
        'keep-min': '1',
      };
      const also = below('r15');
      const dry = await prune('r15', { ...rules, 'dry-run': 'true' });
      expect(bench.storeProxy.requests.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
      await bench.judge(dry, { outcome: 'unchanged', also });
      expect(await left('r15')).toHaveLength(12);
      const real = await prune('r15', rules);
      expect(real.result.pruned.length).toBeGreaterThan(3);
      const { kept, pruned } = real.result;
      expect({ kept: dry.result.kept, pruned: dry.result.pruned }).toEqual({ kept, pruned });
      expect((await left('r15')).toSorted()).toEqual(kept.map(({ id }: { id: string }) => id).toSorted());
      await bench.judge(real, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'R16',
    fault: 'A backup is to be kept by hand',
    outcome: 'An object named `pinned` in its folder keeps it, and the plan says so.',
    how: 'The oldest of four is pinned; prune with keep-last 1.',
    async run() {
      const ids = (await copies(bench, 'r16', [9, 8, 7, 6])) as [string, string, string, string];
      await putObject(bench, `r16/${ids[0]}/pinned`, '');
      const run = await prune('r16');
      expect(await left('r16')).toEqual([ids[0], ids[3]]);
      expect(run.result.kept).toContainEqual({ id: ids[0], reasons: ['pinned'] });
      await bench.judge(run, { outcome: 'unchanged', also: below('r16') });
    },
  },
  {
    id: 'R17',
    fault: 'In a bucket with versions only a delete marker is written',
    outcome:
      'With the right to delete versions they go too. Without it the run says that the space is not freed, and which lifecycle rule frees it.',
    how: 'A bucket with versions: a real key whose policy denies s3:DeleteObjectVersion, then a key that may.',
    async run() {
      const bucket = await bench.s3.createBucket({ versioned: true });
      const place = { s3: bench.s3, bucket };
      const from = { ...(bench.good[0] as GoodBackup), bucket: bench.bucket };
      for (const days of [9, 8, 7]) await seedBackup(place, from, { name: 'r17', at: daysAgo(days) });
      const key = await bench.s3.createUser('hider');
      const Principal = { AWS: ['arn:aws:iam:::user/hider'] };
      const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
      await bench.s3.setPolicy(bucket, [
        { Sid: 'All', Effect: 'Allow', Principal, Action: ['s3:*'], Resource },
        { Sid: 'But', Effect: 'Deny', Principal, Action: ['s3:DeleteObjectVersion'], Resource },
      ]);
      const inputs = { store: `s3://${bucket}`, ...one };
      const hider = { 's3-access-key-id': key.accessKeyId, 's3-secret-access-key': key.secretAccessKey };
      const run = await prune('r17', { ...inputs, ...hider });
      expect(run.result.pruned).toHaveLength(2);
      expect(run.result.warnings.join()).toMatch(/Old versions[\s\S]*lifecycle/);
      // Six versions, and four markers over them.
      expect(await bench.s3.versions(bucket)).toBe(10);
      await bench.judge(run, { outcome: 'unchanged' });
      const { DeleteMarkers = [] } = await bench.s3.admin.send(
        new ListObjectVersionsCommand({ Bucket: bucket }),
      );
      for (const { Key, VersionId } of DeleteMarkers)
        await bench.s3.admin.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
      const real = await prune('r17', inputs);
      expect(real.result.warnings).toEqual([]);
      expect(await bench.s3.versions(bucket)).toBe(2);
      await bench.judge(real, { outcome: 'unchanged' });
    },
  },
]);
