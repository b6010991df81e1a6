import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { runAction, runCli } from '../kit/run-action.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  mkdirSync(join(dir, 'tmp'));
  sshd = await startSshd({ config: [`SetEnv TMPDIR=${dir}/tmp`] });
});
afterAll(async () => {
  await sshd.stop();
  rmSync(dir, { recursive: true });
});

test('a key whose printed line is all that the server knows takes the backup, and it restores', async () => {
  const app = join(dir, 'app');
  mkdirSync(app);
  makeAppDatabase(join(app, 'production.sqlite3'), { megabytes: 20 });
  makeAppDatabase(join(app, "customer's.sqlite3"), { megabytes: 1 });
  makeAppDatabase(join(app, 'production_cache.sqlite3'));
  const what = { database: `sqlite:${app}/*.sqlite3`, exclude: '*_cache.sqlite3' };
  const way = { ssh: sshd.target, 'ssh-key': sshd.privateKey, 'ssh-known-hosts': sshd.knownHosts };
  const flags = Object.entries({ ...what, ...way }).flatMap(([name, value]) => [`--${name}`, value]);

  const printed = await runCli(['doctor', '--print-authorized-key', ...flags]);
  expect(printed, printed.stderr).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^restrict,command="exec sh -c '.*" ssh-ed25519 AAAA\S+ holdfast-\S+\n$/),
  });
  writeFileSync(join(sshd.dir, 'authorized_keys'), printed.stdout);

  const store = join(dir, 'store');
  const inputs = { ...what, ...way, store: `file:${store}`, 'compress-on': 'host', verify: 'restore' };
  const without = await runAction(inputs);
  expect(without.exitCode).toBe(1);
  expect(without.errors.join()).toContain('set ssh-gate: true');

  const examined = await runAction({ ...inputs, command: 'doctor', 'ssh-gate': 'true' });
  expect(examined.exitCode, examined.stdout).toBe(0);
  const levels = examined.result.checks.map(({ id, level }: { id: string; level: string }) => [id, level]);
  expect(levels).toEqual(
    expect.arrayContaining([
      ['ssh.gate', 'ok'],
      ['database.production', 'ok'],
    ]),
  );
  expect(levels.filter(([, level]: [string, string]) => level === 'skip')).toEqual([]);

  const writer = await startWriter(join(app, 'production.sqlite3'), { perSecond: 50 });
  const made = await runAction({ ...inputs, 'ssh-gate': 'true' });
  await writer.stop();
  expect(made.exitCode, made.stdout).toBe(0);
  expect(made.stdout).toContain(`Compressed by zstd on ${sshd.target}`);
  expect(made.result.verified).toMatchObject({ level: 'restore', verdict: 'ok' });
  const copies = made.result.backup.databases.map(({ name, key }: { name: string; key: string }) => {
    execFileSync('zstd', ['-dqf', join(store, key), '-o', join(dir, `${name}.copy`)]);
    return join(dir, `${name}.copy`);
  });
  expect(copies.map((file: string) => brokenInvariants(file))).toEqual([[], []]);
  expect(sqliteContent(copies[0])).toBe(sqliteContent(join(app, "customer's.sqlite3")));
  expect(readdirSync(join(dir, 'tmp'))).toEqual([]);

  const listed = await runCli(['list', '--store', `file:${store}`, '--name', 'shop']);
  expect(listed.stdout).toContain('production');

  const other = await runAction({
    ...inputs,
    database: `sqlite:${app}/production.sqlite3`,
    'ssh-gate': 'true',
  });
  expect(other).toMatchObject({ exitCode: 1, errors: [expect.stringContaining('--print-authorized-key')] });
});

test('what a key can not be held to is refused when the line is printed', async () => {
  const way = ['--ssh', sshd.target, '--ssh-key', sshd.privateKeyFile, '--ssh-known-hosts', sshd.knownHosts];
  const print = (...flags: string[]) => runCli(['doctor', '--print-authorized-key', ...way, ...flags]);
  for (const [flags, said] of [
    [['--database', 'sqlite:/srv/**/*.sqlite3'], '**'],
    [['--database', 'sqlite:/srv/{a,b}.sqlite3'], 'braces'],
    [['--database', 'sqlite:/srv/a.sqlite3', '--exclude', 'cache/*'], 'a name without folders'],
    [['--database', 'postgres://app@localhost/app'], 'SQLite files only'],
    [['--database', 'sqlite:/srv/a.sqlite3', '--sudo'], 'runs no other program'],
  ] as const) {
    const run = await print(...flags);
    expect(run.stdout).toBe('');
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr).toContain(said);
  }
});
