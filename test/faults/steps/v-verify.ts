import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect } from 'vitest';
import { newSigningKeys } from '../../../src/core/signature.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Expected } from '../../kit/oracle.ts';
import { makeAppDatabase } from '../../kit/sqlite.ts';
import { pathWithout } from '../../kit/sqlite-hosts.ts';
import { readObject, repack, writeObject } from './stored.ts';

/** Listing, and the proof of SQLite backups. */
export function verifying(bench: FaultBench): Fault[] {
  /** What rows put into the store beside the bench's own backups. */
  const also = (key: string): boolean => key.startsWith('v-') || key.includes('/verified-');
  const damaged: Expected = { outcome: 'damaged', also };
  const here = { ssh: undefined, 'ssh-key': undefined, 'ssh-known-hosts': undefined };

  return [
    {
      id: 'V1',
      fault: 'The store is empty',
      outcome:
        '`list` succeeds with an empty list; `verify` fails: there is nothing to verify. Both say which other names have backups.',
      how: 'A name that has no backup, and a prefix that has nothing at all.',
      async run() {
        for (const [inputs, says] of [
          [{ name: 'v-none' }, /no backup.*There are backups of: .*Set `name`/s],
          [{ store: `s3://${bench.bucket}/nothing/here` }, /no backup.*Check `name` and `store`/s],
        ] as const) {
          const listed = await bench.command('list', inputs);
          expect(listed.result).toMatchObject({ ok: true, backups: [], leftovers: [] });
          await bench.judge(listed, { outcome: 'unchanged' });
          const verified = await bench.command('verify', inputs);
          await bench.judge(verified, {
            outcome: 'failed',
            error: { code: 'backup.none', input: 'name' },
            says,
          });
        }
      },
    },
    {
      id: 'V2',
      fault: 'The storage key may not list the bucket',
      outcome: '`list` and `verify` fail and name the right that is missing.',
      how: 'A user of the store who may do everything but `s3:ListBucket`.',
      async run() {
        const key = await bench.s3.createUser('blind');
        bench.moreSecrets.push(key.secretAccessKey);
        await bench.s3.setPolicy(bench.bucket, [
          {
            Effect: 'Allow',
            Principal: { AWS: ['arn:aws:iam:::user/blind'] },
            Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
            Resource: [`arn:aws:s3:::${bench.bucket}/*`],
          },
        ]);
        for (const command of ['list', 'verify']) {
          const run = await bench.command(command, {
            's3-access-key-id': key.accessKeyId,
            's3-secret-access-key': key.secretAccessKey,
          });
          await bench.judge(run, {
            outcome: 'failed',
            error: { code: 'store.denied', input: 's3-access-key-id' },
            says: /s3:ListBucket/,
          });
        }
      },
    },
    {
      id: 'V3',
      fault: 'A bit of an object flips, or its end is missing',
      outcome: 'Every one of 200 flipped bits and 50 cuts is found, with the exit code of damage.',
      how: 'A backup of 50 databases: in four rounds a bit of each object is flipped at another place, in a fifth each is cut at another length.',
      async run() {
        const folder = join(bench.dir, 'v3');
        mkdirSync(folder);
        for (let index = 0; index < 50; index += 1) makeAppDatabase(join(folder, `${index}.sqlite3`));
        const name = 'v-flips';
        const made = await bench.backup({
          ...here,
          ...{ name, database: `sqlite:${folder}/*.sqlite3`, compression: 'zstd' },
        });
        const keys: string[] = made.result.backup.databases.map(({ key }: { key: string }) => key);
        expect(keys).toHaveLength(50);
        const objects = await Promise.all(keys.map((key) => readObject(bench, key)));
        const round = async (change: (bytes: Buffer, index: number) => Buffer): Promise<void> => {
          for (const [index, key] of keys.entries())
            await writeObject(bench, key, change(Buffer.from(objects[index] as Buffer), index));
          const run = await bench.command('verify', { name, level: 'hash' });
          const verdicts = run.result.databases.map(({ verdict }: { verdict: string }) => verdict);
          expect(verdicts).toEqual(keys.map(() => 'damaged'));
          expect(run.exitCode).toBe(3);
        };
        for (let flip = 0; flip < 4; flip += 1) {
          await round((bytes, index) => {
            const at = Math.floor(((flip * 50 + index) / 200) * bytes.byteLength);
            bytes[at] = (bytes[at] as number) ^ (1 << (index % 8));
            return bytes;
          });
        }
        await round((bytes, index) => bytes.subarray(0, Math.floor((index / 50) * bytes.byteLength)));
        for (const [index, key] of keys.entries()) await writeObject(bench, key, objects[index] as Buffer);
        const good = await bench.command('verify', { name, level: 'hash' });
        await bench.judge(good, { outcome: 'unchanged', also });
        await bench.reset();
      },
    },
    {
      id: 'V4',
      fault: 'An object is replaced by another one that is encrypted to the same key',
      outcome:
        'Found by the SHA-256 in the manifest. Where the manifest is replaced too, by its signature: `verify` and `restore` with `verify-key` refuse the backup.',
      how: 'The program `age` encrypts something else to the public key; then a whole backup by somebody who has that key, but not `sign-key`.',
      async run() {
        const identity = await generateX25519Identity();
        const { signKey, verifyKey } = newSigningKeys();
        bench.moreSecrets.push(identity, signKey);
        const recipient = await identityToRecipient(identity);
        const name = 'v-swap';
        const keys = { 'encrypt-to': recipient, 'sign-key': signKey };
        const made = await bench.backup({ ...here, name, ...keys });
        const [{ key }] = made.result.backup.databases;
        const other = join(bench.dir, 'other.sqlite3');
        makeAppDatabase(other);
        const age = ['--encrypt', '--recipient', recipient, other];
        await writeObject(bench, key, execFileSync('age', age, { maxBuffer: 1 << 28 }));
        const verify = { name, identity, 'verify-key': verifyKey };
        await bench.judge(await bench.command('verify', verify), {
          ...damaged,
          error: { code: 'object.damaged' },
        });
        const forged = await bench.backup({ ...here, name, 'encrypt-to': recipient });
        expect(forged.exitCode, forged.stdout).toBe(0);
        const unsigned: Expected = { ...damaged, error: { code: 'manifest.unsigned', input: 'verify-key' } };
        await bench.judge(await bench.command('verify', verify), unsigned);
        const to = join(bench.dir, 'forged');
        await bench.judge(await bench.command('restore', { ...verify, to: `file:${to}` }), unsigned);
        expect(readdirSync(bench.dir)).not.toContain('forged');
        await bench.reset();
      },
    },
    {
      id: 'V5',
      fault: 'The machine that verifies has no program to open the database with',
      outcome:
        'The verdict is `unknown`, not `ok` and not `damaged`; the exit code is 1, and the hint says what to install.',
      how: '`verify` with a PATH without `sqlite3` and `python3`.',
      async run() {
        const run = await bench.command('verify', {}, { env: { PATH: pathWithout('sqlite3', 'python3') } });
        expect(run.result.verdict).toBe('unknown');
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'verify.unknown' },
          says: /says nothing about it.*no sqlite3 program.*sqlite3/s,
        });
      },
    },
    {
      id: 'V6',
      fault: 'A backup restores, but holds something else than what was backed up',
      outcome:
        'Found: the rows of each table are counted and compared with what was counted in the source. Exit code of damage.',
      how: 'A row is removed and everything packed again, with sizes and hashes that agree.',
      async run() {
        const made = await bench.backup({ name: 'v-row' });
        const copy = join(bench.dir, 'less.sqlite3');
        writeFileSync(copy, await readObject(bench, made.result.backup.databases[0].key));
        execFileSync('sqlite3', [copy, 'PRAGMA journal_mode = delete; DELETE FROM pages WHERE id = 7']);
        await repack(bench, made, readFileSync(copy));
        const hash = await bench.command('verify', { name: 'v-row', level: 'hash' });
        expect(hash.exitCode, 'the hashes do agree').toBe(0);
        const run = await bench.command('verify', { name: 'v-row' });
        await bench.judge(run, { ...damaged, says: /pages/ });
        await bench.reset();
      },
    },
    {
      id: 'V11',
      fault: 'An object is read badly once, and well the second time',
      outcome: 'The verdict is `ok`, with a warning that the read was bad once, and both hashes.',
      how: 'A byte of the first answer to `GetObject` of the object is flipped on its way.',
      async run() {
        const temporary = mkdtempSync(join(tmpdir(), 'holdfast-v11-'));
        const isObject = ({ operation, url }: { operation: string; url: string }) =>
          operation === 'GetObject' && url.includes('app.sqlite3');
        bench.storeProxy.inject('flip-reply', isObject, 1);
        const run = await bench.command('verify', {}, { env: { TMPDIR: temporary } });
        expect(run.result.warnings.join()).toMatch(
          /first read of \S+ was bad \(SHA-256 [0-9a-f]{64}\), the second good \([0-9a-f]{64}\): transient/,
        );
        expect(run.result.verdict).toBe('ok');
        expect(readdirSync(temporary)).toEqual([]);
        await bench.judge(run, { outcome: 'unchanged', also, says: /transient/ });
        await bench.reset();
      },
    },
  ];
}
