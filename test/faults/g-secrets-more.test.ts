import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { createRoles, setUpAsDocumented } from '../kit/policies.ts';
import { putObject, readManifest, readObject } from '../kit/seed-backup.ts';
import { besides } from './steps/copies.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

interface Pair {
  readonly identity: string;
  readonly recipient: string;
}
const newPair = async (): Promise<Pair> => JSON.parse((await bench.cli(['keygen', '--json'])).stdout).age;

faults([
  {
    id: 'G7',
    fault: 'The storage key of the workflow is stolen',
    outcome:
      'The writer of docs/security.md can neither delete a backup, by name or by version, nor change locks, versions, rules, policy or bucket. An overwrite is refused on AWS by the policy; elsewhere it only lays another version over it.',
    how: "A backup by the Action with the writer's key and lock-days; then nine requests with that key; then the reader restores the version that was written.",
    async run() {
      const { writer, reader } = await createRoles(bench.s3);
      const Bucket = await bench.s3.createBucket({ locking: true });
      await setUpAsDocumented(bench.s3, Bucket, 'apps');
      const place = { store: `s3://${Bucket}/apps`, name: 'shop' };
      const as = (key: typeof writer) => ({
        ...{ 's3-access-key-id': key.accessKeyId, 's3-secret-access-key': key.secretAccessKey },
      });
      const run = await bench.backup({ ...place, ...as(writer), 'lock-days': '30', 'keep-last': undefined });
      expect(run.exitCode, run.stdout).toBe(0);
      const Key = `apps/${run.result.backup.databases[0].key}`;
      const { Versions = [] } = await bench.s3.admin.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: Key }),
      );
      const VersionId = Versions[0]?.VersionId;
      const thief = bench.s3.clientOf(writer);
      const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
      const retention = (days: number, bypass: boolean) =>
        new PutObjectRetentionCommand({
          ...{ Bucket, Key, Retention: { Mode: 'GOVERNANCE', RetainUntilDate: inDays(days) } },
          ...(bypass ? { BypassGovernanceRetention: true } : {}),
        });
      const Rules = [
        { ID: 'all', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } },
      ];
      const Allow = {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${Bucket}/*`],
      };
      const attempts = [
        () => thief.send(new DeleteObjectCommand({ Bucket, Key })),
        () => thief.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
        () =>
          thief.send(
            new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
          ),
        () =>
          thief.send(
            new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
          ),
        () => thief.send(retention(1, false)),
        () => thief.send(retention(1, true)),
        () =>
          thief.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: [Allow] }) })),
        () => thief.send(new DeleteBucketCommand({ Bucket })),
        () => thief.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' })),
      ];
      for (const [index, attempt] of attempts.entries()) {
        const status = await attempt().then(
          () => 200,
          (error) => error.$metadata?.httpStatusCode,
        );
        expect([403, 412], `attempt ${index + 1}`).toContain(status);
      }
      const { Retention } = await thief.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId }));
      expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(inDays(29.9).getTime());
      thief.destroy();
      const to = `file:${bench.dir}/g7`;
      const restored = await bench.command('restore', { ...place, ...as(reader), to });
      expect(restored.exitCode, restored.stdout).toBe(0);
      expect(sqliteContent(`${bench.dir}/g7/app.sqlite3`)).toBe(sqliteContent(bench.path));
      await bench.judge(run, { outcome: 'unchanged' });
    },
  },
  {
    id: 'G8',
    fault: 'The encryption key is changed between two backups',
    outcome:
      'Each backup opens with its own identity, and both with both lines. The manifest holds no key; it names no recipient either, because age hides for whom a file is, so the error says that an older backup may have had another.',
    how: 'A backup to one recipient, then to another; each restored with its identity, with both, and in vain with the other.',
    async run() {
      const pairs = [await newPair(), await newPair()] as const;
      for (const [index, { identity, recipient }] of pairs.entries()) {
        const other = pairs[1 - index]?.identity as string;
        const made = await bench.backup({ name: 'g8', 'encrypt-to': recipient, 'keep-last': undefined });
        expect(made.exitCode, made.stdout).toBe(0);
        const backup = made.outputs['backup-id'] as string;
        const restore = (keys: string, folder: string) =>
          bench.command('restore', { name: 'g8', backup, identity: keys, to: `file:${bench.dir}/${folder}` });
        for (const [keys, folder] of [
          [identity, `g8-${index}-own`],
          [`${other}\n${identity}`, `g8-${index}-both`],
        ] as const) {
          const run = await restore(keys, folder);
          expect(run.exitCode, run.stdout).toBe(0);
          expect(sqliteContent(`${bench.dir}/${folder}/app.sqlite3`)).toBe(sqliteContent(bench.path));
        }
        const says = /no identity matched[\s\S]*an older backup may have had another/;
        const wrong = await restore(other, `g8-${index}-wrong`);
        await bench.judge(wrong, { outcome: 'failed', says, also: besides });
        const manifest = JSON.stringify(await readManifest(bench, 'g8', backup));
        for (const key of [identity, recipient]) expect(manifest).not.toContain(key);
      }
    },
  },
  {
    id: 'G9',
    fault: 'The private key is lost',
    outcome:
      'The stored bytes can still be proven (`verify` at the level hash), and damage is found. `doctor` proves once, at setup, that the key opens what is encrypted, and fails when it does not.',
    how: 'verify at the level hash without an identity, on a good object and one with a flipped byte; `doctor` with the right identity, with another, and with none.',
    async run() {
      const [pair, other] = [await newPair(), await newPair()];
      const made = await bench.backup({ name: 'g9', 'encrypt-to': pair.recipient, 'keep-last': undefined });
      const verify = () => bench.command('verify', { name: 'g9', level: 'hash' });
      const good = await verify();
      expect(good.result.databases[0].detail).toMatch(/not decrypted/);
      await bench.judge(good, { outcome: 'unchanged', also: besides });
      const key = made.result.backup.databases[0].key as string;
      const bytes = await readObject(bench, key);
      bytes[7000] = (bytes[7000] ?? 0) ^ 1;
      await putObject(bench, key, bytes);
      await bench.judge(await verify(), { outcome: 'damaged', also: besides });
      const doctor = async (more: Record<string, string>) => {
        const { 'keep-last': _, ...inputs } = bench.inputs;
        const run = await bench.command('doctor', { ...inputs, 'encrypt-to': pair.recipient, ...more });
        return run.result.checks.find(({ id }: { id: string }) => id === 'encryption.round-trip');
      };
      expect(await doctor({ identity: pair.identity })).toMatchObject({ ok: true });
      expect((await doctor({ identity: other.identity })).ok).toBe(false);
      expect((await doctor({})).detail).toMatch(/no key to open it/);
    },
  },
]);
