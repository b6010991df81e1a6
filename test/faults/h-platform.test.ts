import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from 'vitest';
import { formatManifest, parseManifest } from '../../src/core/manifest.ts';
import { startContainer } from '../kit/container.ts';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { runPost } from '../kit/run-action.ts';
import { signalled } from './steps/cancel.ts';

const bench = new FaultBench({ megabytes: 20 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** Puts the bench's oldest backup into the store once more, as one of that time and name. */
async function seed(id: string, name = 'shop'): Promise<void> {
  const { admin } = bench.s3;
  const from = bench.good[0]?.id as string;
  for (const key of [...bench.before.keys()].filter((each) => each.includes(from))) {
    const target = { Bucket: bench.bucket, Key: key.replace(`shop/${from}`, `${name}/${id}`) };
    const { Body } = await admin.send(new GetObjectCommand({ Bucket: bench.bucket, Key: key }));
    const content = await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
    const text = key.endsWith('/manifest.json') ? renamed(content, id, name) : content;
    await admin.send(new PutObjectCommand({ ...target, Body: text }));
  }
}

/** The manifest of the same backup at another time and of another name. */
function renamed(content: Uint8Array, id: string, name: string): Uint8Array {
  const manifest = parseManifest(content);
  const databases = manifest.databases.map((database) => ({
    ...database,
    key: database.key.replace(`${manifest.name}/${manifest.id}`, `${name}/${id}`),
  }));
  return formatManifest({ ...manifest, id, name, databases });
}

/** Resolves once the store has got a part that it does not answer. */
async function sending(): Promise<void> {
  while (!bench.storeProxy.operations().includes('UploadPart')) await sleep(10);
}

faults([
  {
    id: 'H1',
    fault: 'The schedule no longer runs, and nobody notices',
    outcome:
      '`check` fails with exit code 4 when the newest backup is older than `max-age`, or there is none; else it succeeds.',
    how: 'A name with one backup of the year 2020, a name without backups, and one with a backup of this minute.',
    async run() {
      await seed('20200101T000000Z-aaaa', 'old');
      const also = (key: string): boolean => key.startsWith('old/');
      for (const name of ['old', 'never']) {
        const run = await bench.command('check', { name, 'max-age': '26h' });
        await bench.judge(run, { outcome: 'failed', exitCodes: [4], also });
        expect(run.result.stale).toBe(true);
      }
      const fresh = await bench.command('check', { 'max-age': '26h' });
      await bench.judge(fresh, { outcome: 'unchanged', also });
      await bench.reset();
    },
  },
  {
    id: 'H2',
    fault: 'The job reaches its limit of time',
    outcome:
      'The run ends by itself at the SIGINT, with everything cleaned up; where it was killed all the same, the post step aborts its upload and says so.',
    how: 'What the runner sends: SIGINT, SIGTERM after 7.5 s, SIGKILL after 10 s, while the store does not answer. Then SIGKILL alone, and the post step with what the main step has saved.',
    async run() {
      const start = (options: object) => bench.backup({}, options);
      bench.storeProxy.forget();
      bench.storeProxy.inject('hang', 'UploadPart');
      const limited = await bench.backup(
        {},
        {
          during: async (child) => {
            await sending();
            child.kill('SIGINT');
            for (const [signal, afterMs] of [
              ['SIGTERM', 7500],
              ['SIGKILL', 10_000],
            ] as const) {
              const timer = setTimeout(() => child.kill(signal), afterMs);
              child.once('exit', () => clearTimeout(timer));
            }
          },
        },
      );
      await bench.judge(limited, { outcome: 'failed', exitCodes: [130], error: { code: 'cancelled' } });
      bench.storeProxy.inject('hang', 'UploadPart');
      const { run: killed } = await signalled(start, sending, 'SIGKILL');
      bench.storeProxy.forget();
      expect(await bench.s3.pendingUploads(bench.bucket)).toBe(1);
      const post = await runPost(bench.inputs, killed);
      expect(post.errors, post.stdout).toHaveLength(1);
      expect(post.summary).toContain('killed');
      expect(await bench.s3.pendingUploads(bench.bucket)).toBe(0);
      expect(await bench.contents()).toEqual(bench.before);
      await bench.judge(killed, { outcome: 'killed' });
    },
  },
  {
    id: 'H3',
    fault: 'A later step with `if: always()` prunes after the backup failed',
    outcome:
      'It prunes by its policy, as it can know nothing of the other step: the failed backup counts for nothing, and the three newest complete ones stay in any case. Pruning in the same step as the backup does not happen when that fails.',
    how: 'Five backups of 2020 beside the two of now; a backup with keep rules fails in its upload, and removes nothing; then `prune` with `keep-last: 1` is run.',
    async run() {
      const old = [1, 2, 3, 4, 5].map((day) => `2020010${day}T000000Z-aaaa`);
      for (const id of old) await seed(id);
      const before = await bench.contents();
      bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, 'CompleteMultipartUpload');
      const also = (key: string): boolean => old.some((id) => key.includes(id));
      await bench.judge(await bench.backup(), { outcome: 'failed', error: { code: 'store.denied' }, also });
      expect(await bench.contents()).toEqual(before);
      const prune = await bench.command('prune', { 'keep-last': '1' });
      await bench.judge(prune, { outcome: 'unchanged', also });
      const pruned = prune.result.pruned.map(({ id }: { id: string }) => id);
      expect(pruned.toSorted()).toEqual(old.slice(0, -1));
      await bench.reset();
    },
  },
  {
    id: 'H4',
    fault: 'A pull request from a fork: every secret is empty',
    outcome:
      'The run ends with exit code 2, names the empty inputs and says that a fork has no secrets. Nothing is connected to.',
    how: 'All inputs that come from secrets are empty, each alone and all at once.',
    async run() {
      const secrets = ['ssh-key', 'ssh-known-hosts', 's3-access-key-id', 's3-secret-access-key', 'database'];
      const before = bench.sshProxy.connections;
      for (const names of [...secrets.map((name) => [name]), secrets]) {
        const empty = Object.fromEntries(names.map((name) => [name, '']));
        const run = await bench.backup(empty);
        const says = names[0] === 'database' ? /`database` is not set/ : /fork/;
        await bench.judge(run, { outcome: 'failed', exitCodes: [2], says });
        expect(run.result.error.problems.map(({ input }: { input: string }) => input)).toEqual(
          expect.arrayContaining(names.length === 1 ? names : ['ssh-key', 'ssh-known-hosts', 'database']),
        );
      }
      expect(bench.sshProxy.connections).toBe(before);
    },
  },
  {
    id: 'H5',
    fault: 'An old Node, a small Linux without bash and GNU tools, a network behind a proxy',
    outcome:
      'An older Node is told as that, with exit code 2; a database in a container with busybox alone is backed up; proxy variables change nothing. The bundle has no native code, so that it is the same on every processor.',
    how: 'A module loaded before the program makes Node say that it is 20; a container with busybox and sqlite3; `HTTPS_PROXY` and the like point nowhere.',
    nearest:
      'The container has the userland of Alpine (busybox), but the C library of this machine; there is no arm64 here.',
    async run() {
      const file = join(bench.dir, 'old-node.mjs');
      const versions = "{ ...process.versions, node: '20.19.0' }";
      writeFileSync(file, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
      const old = await bench.backup({}, { env: { NODE_OPTIONS: `--import=${file}` } });
      expect(old.errors[0]).toMatch(/Holdfast needs Node 24\.5 or newer; this is 20\.19\.0/);
      await bench.judge(old, { outcome: 'killed', exitCodes: [2] });

      const nowhere = 'http://127.0.0.1:1';
      const env = { HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, ALL_PROXY: nowhere, https_proxy: nowhere };
      await bench.judge(await bench.backup({}, { env }), { outcome: 'stored' });

      const container = startContainer({ programs: ['sqlite3'] });
      try {
        container.copyIn(bench.path, '/data/app.sqlite3');
        const local = { ssh: undefined, 'ssh-key': undefined, 'ssh-known-hosts': undefined };
        const inputs = { ...local, container: container.name, database: 'sqlite:/data/app.sqlite3' };
        const run = await bench.backup(inputs, { env: { PATH: container.path } });
        await bench.judge(run, { outcome: 'stored' });
        expect(container.exec('sh', '-c', 'ls /tmp /var/tmp')).not.toContain('holdfast');
      } finally {
        container.stop();
      }
    },
  },
]);
