import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { freePort } from '../kit/free-port.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import type { ActionRun, RunOptions } from '../kit/run-action.ts';
import { filesBelow, formsOf, found, watchProcesses } from '../kit/secret-scan.ts';
import { makeKey } from '../kit/sshd.ts';
import { below } from './steps/copies.ts';

const canaries = {
  ssh: 'canary-ssh-9d1f6b',
  database: `canary-db-53a7:p@ss/w%rd'"\\é`,
  wrong: 'canary-wrong-77c2?#&',
  passphrase: 'canary-pass-18be $(id)',
  storage: 'canary-storage-4f0a',
};
const bench = new FaultBench({ megabytes: 1 });
let postgres: Postgres;
let own: Record<string, string>;
/** The temporary folder of the runner. */
const temporary = (): string => join(bench.dir, 'runner-tmp');
const urlOf = (password: string): string =>
  `postgres://app:${encodeURIComponent(password)}@127.0.0.1:${postgres.port}/shop`;

beforeAll(async () => {
  const access = ['host all app 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust'];
  [postgres] = await Promise.all([startPostgres({ access }), bench.open()]);
  mkdirSync(temporary());
  const password = canaries.database.replaceAll("'", "''");
  postgres.sql('postgres', `CREATE ROLE app SUPERUSER LOGIN PASSWORD '${password}'; CREATE DATABASE shop`);
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id');
  const locked = makeKey(bench.sshd.dir, 'locked', 'ed25519', canaries.ssh);
  appendFileSync(join(bench.sshd.dir, 'authorized_keys'), readFileSync(`${locked}.pub`));
  own = {
    ...{ name: 'secrets', 'keep-last': '9' },
    'ssh-key': readFileSync(locked, 'utf8'),
    'ssh-key-passphrase': canaries.ssh,
    database: `sqlite:${bench.path}\n${urlOf(canaries.database)}`,
    passphrase: canaries.passphrase,
  };
});
afterAll(async () => {
  await bench.close();
  postgres.stop();
});
afterEach(() => bench.reset());

const all = (): string[] => [...Object.values(canaries), own['ssh-key'] as string, bench.s3.secretAccessKey];
const also = below('secrets');

/** Everything that a run shows, but for the masks. */
function shownBy(run: ActionRun): Record<string, string> {
  const stdout = run.stdout.replace(/^::add-mask::.*$/gm, '');
  return { stdout, stderr: run.stderr, summary: run.summary, outputs: JSON.stringify(run.outputs) };
}
const hitsOf = (run: ActionRun): string[] => found(formsOf(all()), shownBy(run));
const backup = (
  changed: Record<string, string | undefined> = {},
  options: RunOptions = {},
): Promise<ActionRun> =>
  bench.backup({ ...own, ...changed }, { ...options, env: { TMPDIR: temporary(), ...options.env } });
const tell =
  'case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; env >&2; ps -ef >&2; cat >&2; exit 1';

/** Both databases on the runner itself. */
const here = {
  ssh: undefined,
  'ssh-key': undefined,
  'ssh-key-passphrase': undefined,
  'ssh-known-hosts': undefined,
};

/** What fails, at each stage where a secret is in use. */
const failures = (): readonly (() => Promise<ActionRun>)[] => [
  async () => backup({ ssh: `${bench.sshd.user}@127.0.0.1:${await freePort()}` }),
  () => backup({ 'ssh-key-passphrase': canaries.wrong }),
  () => backup({ database: urlOf(canaries.wrong) }),
  () => backup({ database: `postgres://app:${canaries.database}@db/shop` }),
  () => backup({ database: `mysql://app:${canaries.wrong}@db/shop` }),
  () => backup({ 's3-secret-access-key': canaries.storage }),
  () => bench.withShim('sqlite3', tell, () => backup()),
  () => {
    const body = `<Error><Code>AccessDenied</Code><Message>${bench.s3.secretAccessKey} is ${bench.s3.accessKeyId}</Message></Error>`;
    bench.storeProxy.inject({ answer: 403, body: body.replace(bench.s3.secretAccessKey, '') }, 'PutObject');
    return backup();
  },
];

faults([
  {
    id: 'G1',
    fault: 'A run fails where a secret is in use',
    outcome:
      'No secret is in the log, the annotations, the summary or the outputs: not as it is, not encoded, no line of it.',
    how: 'Wrong passwords, URLs that are none, a server program that prints all it was given, a store that repeats the key id. (Sixteen such stages in both faces are in the end-to-end tests.)',
    async run() {
      for (const fail of failures()) {
        const run = await fail();
        expect(hitsOf(run)).toEqual([]);
        await bench.judge(run, { outcome: 'failed', exitCodes: [1, 2], also });
      }
    },
  },
  {
    id: 'G2',
    fault: 'A key of several lines is printed line by line, which a mask of the whole does not cover',
    outcome: 'Each line is a mask of its own.',
    how: 'The masks that the run prints, compared with the lines of the SSH key; a program of the server prints the key that its environment was poisoned with.',
    async run() {
      const run = await backup();
      const masks = new Set([...run.stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, mask]) => mask));
      const lines = (own['ssh-key'] as string)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('-----'));
      expect(lines.length).toBeGreaterThan(3);
      for (const line of lines) expect(masks).toContain(line);
      const first = run.stdout.indexOf('::add-mask::');
      expect(run.stdout.slice(0, first).trim(), 'the masks come first').toBe('');
      await bench.judge(run, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'G3',
    fault: 'A secret is printed in another form',
    outcome: 'Base64, percent-encoding and the password of a URL, as written and decoded, are masks too.',
    how: 'The masks of a run with a password of special characters in a URL, a passphrase and keys.',
    async run() {
      const run = await backup();
      const masks = new Set(
        [...run.stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, mask = '']) =>
          mask.replaceAll('%25', '%').replaceAll('%0A', '\n').replaceAll('%0D', '\r'),
        ),
      );
      for (const secret of [canaries.database, canaries.passphrase, canaries.ssh]) {
        for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
          expect(masks, form).toContain(form);
      }
      await bench.judge(run, { outcome: 'unchanged', also });
    },
  },
  {
    id: 'G4',
    fault: 'A secret in an argument list can be read by every user of the machine',
    outcome: 'None is in the arguments or variables of any process, here or on the server.',
    how: 'All of /proc every 40 ms, during a backup of both engines over SSH with passphrase, and a restore of it to PostgreSQL.',
    async run() {
      const secrets = all().filter((secret) => secret !== bench.s3.secretAccessKey);
      const watch = watchProcesses(formsOf(secrets));
      const run = await backup({}, { during: watch.during });
      expect(watch.seen).toEqual(new Set());
      const id = run.outputs['backup-id'] as string;
      await bench.judge(run, { outcome: 'unchanged', also });
      const to = urlOf(canaries.database).replace(/shop$/, 'copy');
      const restored = await bench.command(
        'restore',
        { name: 'secrets', backup: id, to, passphrase: canaries.passphrase },
        { during: watch.during },
      );
      expect(restored.exitCode, restored.stdout).toBe(0);
      expect(watch.seen).toEqual(new Set());
      postgres.sql('postgres', 'DROP DATABASE copy');
    },
  },
  {
    id: 'G5',
    fault: 'A file with a secret can be read by others, or stays when the program is killed',
    outcome:
      'Keys stay in memory, the passphrase goes to gpg by a pipe. The only file is a password file for PostgreSQL, mode 0600 in a folder of mode 0700, where the client runs on the runner; a process beside it removes it when the program dies.',
    how: 'Every file below the temporary folders of both machines, every 5 ms, during a backup of both engines by the runner itself (a server gets the password on stdin); then the same with SIGKILL once the password file is there.',
    async run() {
      const seen = new Map<string, string>();
      const look = (): boolean => {
        let secret = false;
        for (const folder of [temporary(), bench.scratch]) {
          for (const [path, text] of Object.entries(tryFiles(folder))) {
            // A password file escapes what has a meaning in it.
            const open = text.includes('canary-') || found(formsOf(all()), { text }).length > 0;
            if (!open) continue;
            const modes = [path, join(path, '..')].map((one) => (statSync(one).mode & 0o777).toString(8));
            seen.set(path, modes.join(' in '));
            secret = true;
          }
        }
        return secret;
      };
      const run = await backup(here, {
        during(child) {
          const timer = setInterval(() => attempt(look), 5);
          child.once('exit', () => clearInterval(timer));
        },
      });
      expect(new Set(seen.values())).toEqual(new Set(['600 in 700']));
      await bench.judge(run, { outcome: 'unchanged', also });
      let killed = false;
      const dead = await backup(here, {
        during(child) {
          const timer = setInterval(() => {
            if (killed || attempt(look) !== true) return;
            killed = true;
            child.kill('SIGKILL');
          }, 5);
          child.once('exit', () => clearInterval(timer));
        },
      });
      expect(killed).toBe(true);
      for (let tries = 0; readdirSync(temporary()).length > 0; tries += 1) {
        expect(tries, `${readdirSync(temporary())}`).toBeLessThan(100);
        await sleep(100);
      }
      await bench.judge(dead, { outcome: 'killed', also });
    },
  },
  {
    id: 'G6',
    fault: 'Debug output is switched on',
    outcome: 'It has more lines, and no secret.',
    how: 'RUNNER_DEBUG, ACTIONS_STEP_DEBUG, DEBUG=* and NODE_DEBUG for a backup that succeeds and for those that fail (G1).',
    async run() {
      const env = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', DEBUG: '*', NODE_DEBUG: 'http,net,tls' };
      const loud = await backup({}, { env });
      // Node's own lines of the protocol are not ours; they hold signatures, never a secret.
      expect(hitsOf(loud)).toEqual([]);
      expect(loud.exitCode, loud.stdout).toBe(0);
      expect(loud.stderr, 'it is loud').toMatch(/HTTP \d+/);
      const wrong = await backup({ database: urlOf(canaries.wrong) }, { env: { RUNNER_DEBUG: '1' } });
      expect(hitsOf(wrong)).toEqual([]);
      await bench.judge(wrong, { outcome: 'failed', also });
    },
  },
]);

function tryFiles(folder: string): Record<string, string> {
  try {
    return filesBelow(folder);
  } catch {
    return {};
  }
}

function attempt(look: () => boolean): boolean | null {
  try {
    return look();
  } catch {
    return null;
  }
}
