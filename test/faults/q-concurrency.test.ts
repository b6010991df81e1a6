import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { ActionRun } from '../kit/run-action.ts';
import { said } from '../kit/said.ts';
import { signalled } from './steps/cancel.ts';

const bench = new FaultBench({ megabytes: 20 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** Judges runs that overlapped, each as if the others' backups had always been there. */
async function judgeBoth(runs: readonly ActionRun[]): Promise<void> {
  const before = bench.before;
  const all = await bench.contents();
  for (const [index, run] of runs.entries()) {
    const id = run.outputs['backup-id'] as string;
    const later = runs.slice(index + 1).map(({ outputs }) => `/${outputs['backup-id']}/`);
    const others = [...all].filter(([key]) => later.some((other) => key.includes(other)));
    expect(id).toMatch(/^\d{8}T/);
    bench.before = new Map([...before, ...others]);
    await bench.judge(run, { outcome: 'stored' });
  }
  bench.before = before;
}

/** Makes every run of the program get the same id. */
function sameId(): Record<string, string> {
  const file = join(bench.dir, 'same-id.mjs');
  const script = `
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
const { randomBytes } = crypto;
crypto.randomBytes = (size, ...more) => (size === 4 ? Buffer.alloc(4, 7) : randomBytes(size, ...more));
syncBuiltinESMExports();
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(${Date.now()});
  }
};
`;
  writeFileSync(file, script);
  return { NODE_OPTIONS: `--import=${file}` };
}

faults([
  {
    id: 'Q1',
    fault: 'Two backups of one name at the same time',
    outcome: 'Both succeed, with ids of their own; both restore.',
    how: 'Two runs are started in the same moment; each of the two backups is restored.',
    async run() {
      const runs = await Promise.all([bench.backup(), bench.backup()]);
      const ids = runs.map(({ outputs }) => outputs['backup-id']);
      expect(new Set(ids).size, runs.map(({ stdout }) => stdout).join()).toBe(2);
      await judgeBoth(runs);
    },
  },
  {
    id: 'Q2',
    fault: 'Two backups get the same id',
    outcome:
      'The second fails, and the first is intact: nothing that is there is overwritten or taken back. A store without conditional writes (B2) has only the odds for it: a million to one that two runs of one second draw the same id.',
    how: 'A module loaded before the program gives both runs the same time and the same random bytes.',
    async run() {
      const env = sameId();
      const first = await bench.backup({}, { env });
      expect(first.exitCode, first.stdout).toBe(0);
      const before = bench.before;
      bench.before = await bench.contents();
      const second = await bench.backup({}, { env });
      await bench.judge(second, { outcome: 'failed', says: /exists|already/ });
      bench.before = before;
      await bench.judge(first, { outcome: 'stored' });
    },
  },
  {
    id: 'Q3',
    fault: 'A backup runs while an older one is verified and another restored',
    outcome: 'All three succeed.',
    how: 'A backup, a `verify` that restores into a scratch database, and a `restore` into a folder are started together.',
    async run() {
      const [older, newer] = bench.good as [(typeof bench.good)[0], (typeof bench.good)[0]];
      const folder = mkdtempSync(join(tmpdir(), 'holdfast-restored-'));
      const [backup, verify, restore] = await Promise.all([
        bench.backup(),
        bench.command('verify', { backup: older.id }),
        bench.command('restore', { backup: newer.id, to: `file:${folder}` }),
      ]);
      expect(verify.result, verify.stdout).toMatchObject({ ok: true, verdict: 'ok' });
      expect(restore.exitCode, restore.stdout).toBe(0);
      expect(sqliteContent(join(folder, 'app.sqlite3'))).toBe(newer.content);
      rmSync(folder, { recursive: true });
      const also = (key: string): boolean => key.includes(`/${older.id}/verified-`);
      await bench.judge(backup, { outcome: 'stored', also });
      await bench.reset();
    },
  },
  {
    id: 'Q4',
    fault: 'A workflow run that failed is run again, with the same run id',
    outcome: 'The second attempt makes a backup of its own.',
    how: '`GITHUB_RUN_ID` is the same, `GITHUB_RUN_ATTEMPT` 1 and 2; the first attempt fails in mid-upload.',
    async run() {
      bench.storeProxy.inject({ answer: 403, code: 'AccessDenied' }, 'CompleteMultipartUpload');
      const first = await bench.backup({}, { env: { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1' } });
      await bench.judge(first, { outcome: 'failed', error: { code: 'store.denied' } });
      const second = await bench.backup({}, { env: { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2' } });
      await bench.judge(second, { outcome: 'stored' });
    },
  },
  {
    id: 'Q5',
    fault: 'A runner died, and what it held is still there',
    outcome: 'The next run succeeds at once, without a step by hand: a backup takes no lock.',
    how: 'A backup is killed in mid-upload, and what it left in the store stays; the next one follows at once.',
    async run() {
      const { run: dead } = await signalled(
        (options) => bench.backup({}, options),
        (child) => said(child, /Snapshot taken/),
        'SIGKILL',
      );
      expect(dead.exitCode).toBeNull();
      const next = await bench.backup();
      await bench.judge(next, { outcome: 'stored' });
    },
  },
  {
    id: 'Q6',
    fault: 'A prune meets an upload that is still alive',
    outcome: 'It leaves it alone, being younger than a day; the backup succeeds.',
    how: 'A backup is held with its first part sent; `prune` runs to its end; then the rest is sent.',
    async run() {
      const [half, go] = [join(bench.dir, 'half'), join(bench.dir, 'go')];
      const script = `exec <"$1"; head -c 18000000; : >${half}; while [ ! -e ${go} ]; do sleep 0.1; done; exec /bin/cat`;
      let prune: ActionRun | undefined;
      const backup = await bench.withShim('cat', script, () =>
        bench.backup(
          {},
          {
            during: async (child) => {
              while (child.exitCode === null && !existsSync(half)) await sleep(20);
              while (child.exitCode === null && (await bench.s3.pendingUploads(bench.bucket)) === 0)
                await sleep(20);
              prune = await bench.command('prune', { 'keep-last': '1' });
              expect(await bench.s3.pendingUploads(bench.bucket)).toBe(1);
              writeFileSync(go, '');
            },
          },
        ),
      );
      expect(prune?.exitCode, prune?.stdout).toBe(0);
      await bench.judge(backup, { outcome: 'stored' });
    },
  },
]);
