import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect } from 'vitest';
import { formatManifest } from '../../../src/core/manifest.ts';
import { sqliteContent } from '../../kit/content.ts';
import type { FaultBench } from '../../kit/fault-bench.ts';
import type { Fault } from '../../kit/fault-table.ts';
import type { Expected } from '../../kit/oracle.ts';
import { said } from '../../kit/said.ts';
import { readObject, writeObject } from './stored.ts';
import { killedInSwap, putBack, restoreTo, targetIn } from './t-restore.ts';

/** The backup that is restored, and the way to it. */
export function backups(bench: FaultBench): Fault[] {
  const wanted = (): string => bench.good.at(-1)?.content as string;
  const also = (key: string): boolean => !bench.before.has(key);
  const here = { ssh: undefined, 'ssh-key': undefined, 'ssh-known-hosts': undefined };

  /** What is in a target's folder, but for itself and SQLite's own files. */
  const besideIt = (path: string): string[] =>
    readdirSync(join(path, '..')).filter((name) => !/^app\.sqlite3(?:-wal|-shm)?$/.test(name));

  /** A restore that must fail, and leave the target and its folder as they are. */
  async function refused(
    path: string,
    more: Readonly<Record<string, string>>,
    expected: Expected,
  ): Promise<void> {
    const [content, files] = [sqliteContent(path), besideIt(path)];
    const run = await restoreTo(bench, path, more);
    await bench.judge(run, { also, ...expected });
    expect([sqliteContent(path), besideIt(path)]).toEqual([content, files]);
  }

  return [
    {
      id: 'T1',
      fault: 'What is there can not be backed up before it is replaced',
      outcome: 'The run fails, and the target is untouched.',
      how: 'The store denies the upload of the safety backup; the target itself is damaged.',
      async run() {
        const path = targetIn(bench, 't1');
        bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, 'PutObject');
        const failed = {
          outcome: 'failed',
          error: { code: 'restore.safety', input: 'force' },
          says: /safety backup of what is there failed.*is what it was/s,
        } as const;
        await refused(path, {}, failed);
        const damaged = readFileSync(path);
        damaged.fill(0x55, 4096 * 100, 4096 * 101);
        writeFileSync(path, damaged);
        const run = await restoreTo(bench, path);
        await bench.judge(run, failed);
        expect(readFileSync(path).equals(damaged)).toBe(true);
        expect(besideIt(path)).toEqual([]);
      },
    },
    {
      id: 'T2',
      fault: 'The safety backup is made, and then the restore fails or is killed',
      outcome:
        'The target is the old database or the new one, whole. A failure names the safety backup, which restores; its id is in the log before the swap begins.',
      how: 'The command of `stop` fails; the program is killed by SIGKILL at eight moments of the swap, over SSH.',
      async run() {
        const path = targetIn(bench, 't2');
        const old = sqliteContent(path);
        const failed = await restoreTo(bench, path, { stop: 'echo no; exit 3' });
        const id = /safety backup (\S+)\)/.exec(failed.result.error.message)?.[1] as string;
        expect((await bench.command('list')).result.backups[0].id).toBe(id);
        await bench.judge(failed, {
          outcome: 'failed',
          also,
          error: { code: 'restore.hook', input: 'stop' },
          says: new RegExp(`is what it was \\(and in the safety backup ${id}\\)`),
        });
        expect(sqliteContent(path)).toBe(old);
        await bench.reset();
        const killed: boolean[] = [];
        for (let round = 0; round < 8; round += 1) {
          const run = await killedInSwap(bench, path, round * 40);
          await bench.judge(run, { outcome: 'killed', exitCodes: [null, 0], also });
          killed.push(run.exitCode === null);
          const scratch = () => besideIt(path).filter((name) => name.startsWith('holdfast.'));
          await expect.poll(scratch, { timeout: 10_000 }).toEqual([]);
          expect([old, wanted()]).toContain(sqliteContent(path));
          for (const name of besideIt(path)) rmSync(join(path, '..', name));
          putBack(path, old);
          await bench.reset();
        }
        expect(killed).toContain(true);
      },
    },
    {
      id: 'T8',
      fault: 'The key is a wrong one, or the object is changed or cut',
      outcome: 'The run fails, and the target is untouched.',
      how: 'An encrypted backup with the identity of somebody else and with none; then with a byte changed, and with the last 100 bytes missing.',
      async run() {
        const path = targetIn(bench, 't8');
        const [identity, other] = [await generateX25519Identity(), await generateX25519Identity()];
        bench.moreSecrets.push(identity, other);
        const name = 't-locked';
        const made = await bench.backup({
          ...here,
          ...{ name, 'encrypt-to': await identityToRecipient(identity), compression: 'zstd' },
        });
        const [{ key }] = made.result.backup.databases;
        const locked: Expected = { outcome: 'failed', error: { input: 'identity' } };
        await refused(path, { name, identity: other }, { ...locked, says: /no identity matched/ });
        await refused(path, { name }, locked);
        const whole = await readObject(bench, key);
        const changed = Buffer.from(whole);
        changed[whole.byteLength >> 1] = (changed[whole.byteLength >> 1] as number) ^ 1;
        for (const bytes of [changed, whole.subarray(0, -100)]) {
          await writeObject(bench, key, bytes);
          await refused(path, { name, identity }, { outcome: 'damaged', error: { code: 'object.damaged' } });
        }
        await bench.reset();
      },
    },
    {
      id: 'T12',
      fault: 'The newest backup is incomplete, or damaged',
      outcome:
        'An incomplete one is no backup: `latest` passes it over and says so. A damaged one is not replaced by an older one on the quiet, because what is missing then would ' +
        'go unseen: the run fails, and its hint names the newest verified backup to take.',
      how: 'An object without a manifest; then a third backup with a flipped byte, after the second was verified, and one with a broken manifest.',
      async run() {
        const path = targetIn(bench, 't12');
        const [older, newest] = [...bench.good].map(({ id }) => id).sort() as [string, string];
        await writeObject(bench, 'shop/20270101T000000Z-aaaa/app.sqlite3', 'half');
        const passed = await restoreTo(bench, path);
        expect(passed.result.backup).toBe(newest);
        await bench.judge(passed, {
          outcome: 'unchanged',
          also,
          says: /never completed: 20270101T000000Z-aaaa/,
        });
        await bench.reset();
        expect((await bench.command('verify', { backup: older, level: 'hash' })).exitCode).toBe(0);
        const third = await bench.backup(here);
        const { manifestKey, databases } = third.result.backup;
        const says = new RegExp(`backup: ${older}\` is the newest verified one`);
        const bytes = await readObject(bench, databases[0].key);
        bytes[5000] = (bytes[5000] as number) ^ 1;
        await writeObject(bench, databases[0].key, bytes);
        await refused(path, {}, { outcome: 'damaged', error: { code: 'object.damaged' }, says });
        await writeObject(bench, manifestKey, '{ "format": 1, ');
        await refused(path, {}, { outcome: 'damaged', error: { code: 'manifest.damaged' }, says });
        await bench.reset();
      },
    },
    {
      id: 'T14',
      fault: 'A manifest names an object or a database with `../` in it',
      outcome: 'The backup is refused as damaged; nothing is written anywhere.',
      how: 'A manifest with keys outside of its backup, with a checksum that agrees; to a folder, and to a database.',
      async run() {
        const path = targetIn(bench, 't14');
        const name = 't-paths';
        const made = await bench.backup({ ...here, name });
        const { manifestKey, id } = made.result.backup;
        const { checksum: _, ...manifest } = JSON.parse((await readObject(bench, manifestKey)).toString());
        const [entry] = manifest.databases;
        const folder = join(bench.dir, 't14-files/inner');
        const keys = [
          '../../../../etc/holdfast-canary',
          `${name}/${id}/../../../etc/holdfast-canary`,
          `${name}/${id}/..`,
          `/etc/holdfast-canary`,
          `shop/${bench.good[0]?.id}/app.sqlite3`,
        ];
        for (const key of keys) {
          const databases = [{ ...entry, key, name: '../../holdfast-canary' }];
          await writeObject(bench, manifestKey, formatManifest({ ...manifest, databases }));
          const damaged: Expected = { outcome: 'damaged', error: { code: 'manifest.damaged' }, also };
          const files = await bench.command('restore', { name, to: `file:${folder}` });
          await bench.judge(files, damaged);
          await refused(path, { name }, damaged);
        }
        expect(existsSync(folder) || existsSync('/etc/holdfast-canary')).toBe(false);
        await bench.reset();
      },
    },
    {
      id: 'T15',
      fault: 'The network fails in the middle of the download, or of the way to the server',
      outcome:
        'A download goes on where it broke, and its hash is checked. A broken SSH connection ends the run, and the target is untouched.',
      how: 'The store breaks the connection twice in an object of 1 MB, after 100 and after 300 kB, and the later requests are looked at; the SSH connection is cut when the new file is begun.',
      async run() {
        const path = targetIn(bench, 't15');
        const isObject = ({ operation, url }: { operation: string; url: string }) =>
          operation === 'GetObject' && url.includes('app.sqlite3');
        bench.storeProxy.inject({ cutReplyAfter: 100_000, end: 'reset' }, isObject, 1);
        bench.storeProxy.inject({ cutReplyAfter: 300_000, end: 'reset' }, isObject, 1);
        const run = await restoreTo(bench, path);
        const ranges = bench.storeProxy.requests.filter(isObject).map(({ headers }) => headers['range']);
        expect(ranges.length).toBeGreaterThanOrEqual(3);
        expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-/.test(`${range}`))).toBe(true);
        await bench.judge(run, { outcome: 'unchanged', also });
        expect(sqliteContent(path)).toBe(wanted());
        await bench.reset();
        const cut = targetIn(bench, 't15-cut');
        const old = sqliteContent(cut);
        const broken = await restoreTo(
          bench,
          cut,
          {},
          {
            async during(child) {
              await said(child, /::group::Load /);
              bench.sshProxy.cutAfter(200);
            },
          },
        );
        bench.sshProxy.cutAfter(Number.POSITIVE_INFINITY);
        await bench.judge(broken, { outcome: 'failed', error: { code: 'ssh.lost' }, says: /is what it was/ });
        expect(sqliteContent(cut)).toBe(old);
        await expect.poll(() => besideIt(cut), { timeout: 10_000 }).toEqual([]);
      },
    },
    {
      id: 'T16',
      fault: 'Holdfast itself is not to be had on the day of the restore',
      outcome:
        'The commands that stand in the manifest and in the summary of each backup bring the database back, with published tools alone.',
      how: 'They are run as they stand, by `sh` with `aws`, `age`, `zstd`, `sha256sum` and `sqlite3` and nothing else on its PATH.',
      async run() {
        const identity = await generateX25519Identity();
        bench.moreSecrets.push(identity);
        const run = await bench.backup({
          ...here,
          ...{
            's3-endpoint': bench.s3.endpoint,
            compression: 'zstd',
            'encrypt-to': await identityToRecipient(identity),
          },
        });
        const { recovery } = run.result.backup.databases[0] as { recovery: string[] };
        for (const command of recovery) expect(run.summary).toContain(command);
        const folder = mkdtempSync(join(tmpdir(), 'holdfast-t16-'));
        const tools = join(folder, 'tools');
        mkdirSync(tools);
        for (const tool of ['sh', 'sha256sum', 'zstd', 'sqlite3', 'age'])
          symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(tools, tool));
        // One that runs by itself: the shim of a version manager does not.
        const found = execFileSync('which', ['-a', 'aws'], { encoding: 'utf8' }).trim().split('\n');
        const alone = found.find(
          (aws) => spawnSync(aws, ['--version'], { env: { PATH: tools } }).status === 0,
        );
        expect(alone, 'an AWS CLI').toBeDefined();
        symlinkSync(alone as string, join(tools, 'aws'));
        writeFileSync(join(folder, 'key.txt'), `${identity}\n`);
        const env = {
          ...{ PATH: tools, HOME: folder, AWS_DEFAULT_REGION: 'us-east-1' },
          ...{ AWS_ACCESS_KEY_ID: bench.s3.accessKeyId, AWS_SECRET_ACCESS_KEY: bench.s3.secretAccessKey },
        };
        for (const command of recovery) {
          const done = spawnSync(join(tools, 'sh'), ['-ec', command], { cwd: folder, env, encoding: 'utf8' });
          expect(done.status, `${command}: ${done.stderr}`).toBe(0);
        }
        expect(sqliteContent(join(folder, 'app.sqlite3'))).toBe(sqliteContent(bench.path));
        rmSync(folder, { recursive: true });
        const unlocked = await bench.command('verify', { identity, backup: run.outputs['backup-id'] });
        await bench.judge(unlocked, { outcome: 'unchanged', also });
        await bench.reset();
      },
    },
  ];
}
