import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { type ActionRun, runAction, runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let path: string;
let keys: { age: { identity: string; recipient: string }; signing: { signKey: string; verifyKey: string } };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-encryption-'));
  path = join(dir, 'app.sqlite3');
  makeAppDatabase(path, { megabytes: 1 });
  keys = JSON.parse((await runCli(['keygen', '--json'])).stdout);
});
afterAll(() => rmSync(dir, { recursive: true }));

const run = (command: string, name: string, inputs: Record<string, string> = {}): Promise<ActionRun> =>
  runAction({ command, store: `file:${dir}/store`, name, ...inputs });
const backup = (name: string, inputs: Record<string, string> = {}) =>
  run('backup', name, { database: `sqlite:${path}`, ...inputs });
const objectsOf = (name: string): string[] =>
  (readdirSync(join(dir, 'store', name), { recursive: true }) as string[]).filter((file) =>
    file.includes('app.'),
  );

describe('the runner holds public keys alone', () => {
  test('and makes backups that only the identity opens: verify and restore', async () => {
    const made = await backup('age', { 'encrypt-to': keys.age.recipient });
    expect(made.exitCode, made.stdout).toBe(0);
    const [object = ''] = objectsOf('age');
    expect(object).toMatch(/app\.sqlite3\.zst\.age$/);
    expect(readFileSync(join(dir, 'store/age', object), 'latin1')).toMatch(
      /^age-encryption\.org\/v1\n-> X25519/,
    );

    const verified = await run('verify', 'age', { identity: keys.age.identity });
    expect([verified.exitCode, verified.result.verdict], verified.stdout).toEqual([0, 'ok']);
    const to = { to: `sqlite:${dir}/restored.sqlite3`, identity: `# a comment\n${keys.age.identity}` };
    const restored = await run('restore', 'age', to);
    expect(restored.exitCode, restored.stdout).toBe(0);
    expect(sqliteContent(join(dir, 'restored.sqlite3'))).toBe(sqliteContent(path));
  });

  test('everybody who is named by a flag of their own can open it', async () => {
    const other = JSON.parse((await runCli(['keygen', '--json'])).stdout).age as typeof keys.age;
    const common = ['--store', `file:${dir}/store`, '--name', 'both'];
    const to = ['--encrypt-to', keys.age.recipient, '--encrypt-to', other.recipient];
    const made = await runCli(['backup', ...common, '--database', `sqlite:${path}`, ...to]);
    expect(made.exitCode, made.stderr).toBe(0);
    for (const { identity } of [keys.age, other]) {
      const verified = await runCli(['verify', ...common, '--identity', identity]);
      expect(verified.exitCode, verified.stderr).toBe(0);
    }
  });

  test('another identity, or none: could not be verified, and says why; nothing is restored', async () => {
    const other = JSON.parse((await runCli(['keygen', '--json'])).stdout).age.identity as string;
    for (const [inputs, why] of [
      [{ identity: other }, 'no identity matched'],
      [{}, 'there is no identity to open it'],
    ] as const) {
      const verified = await run('verify', 'age', inputs);
      expect([verified.exitCode, verified.result.verdict]).toEqual([1, 'unknown']);
      expect(verified.result.error).toMatchObject({
        input: 'identity',
        message: expect.stringContaining(why),
      });
      const to = { ...inputs, to: `sqlite:${dir}/none.sqlite3` };
      const restored = await run('restore', 'age', to);
      const shown = await run('restore', 'age', { ...to, 'dry-run': 'true' });
      expect([restored.exitCode, shown.exitCode]).toEqual([1, 1]);
      const { code, hint, input } = restored.result.error;
      expect(shown.result.error, 'a dry run does not say fine').toMatchObject({ code, hint, input });
      expect(readdirSync(dir)).not.toContain('none.sqlite3');
    }
  });

  test('the identity is lost: the stored bytes can still be proven', async () => {
    const hashed = await run('verify', 'age', { level: 'hash' });
    expect([hashed.exitCode, hashed.result.verdict]).toEqual([0, 'ok']);
    expect(hashed.result.databases[0].detail).toContain('not decrypted');
    const [object = ''] = objectsOf('age');
    const file = join(dir, 'store/age', object);
    const whole = readFileSync(file);
    const bytes = Buffer.from(whole);
    bytes[500] = (bytes[500] as number) ^ 1;
    writeFileSync(file, bytes);
    expect((await run('verify', 'age', { level: 'hash' })).exitCode).toBe(3);
    expect((await run('verify', 'age', { identity: keys.age.identity })).exitCode).toBe(3);
    writeFileSync(file, whole);
  });

  test('a restore does not put in the clear what it replaces', async () => {
    execFileSync('sqlite3', [path, 'UPDATE accounts SET balance = balance']);
    const inputs = { to: `sqlite:${path}`, confirm: 'app.sqlite3', identity: keys.age.identity };
    const restored = await run('restore', 'age', inputs);
    expect(restored.exitCode, restored.stdout).toBe(0);
    const safety = objectsOf('age').find((file) => file.startsWith(restored.result.safetyBackup));
    expect(safety).toMatch(/\.age$/);
    const verified = await run('verify', 'age', {
      backup: restored.result.safetyBackup,
      identity: keys.age.identity,
    });
    expect(verified.exitCode, verified.stdout).toBe(0);
  });
});

describe('by OpenPGP', () => {
  test('a passphrase makes, verifies and restores; another one does not', async () => {
    const made = await backup('gpg', { passphrase: 'correct horse', verify: 'restore' });
    expect(made.exitCode, made.stdout).toBe(0);
    expect(objectsOf('gpg')[0]).toMatch(/app\.sqlite3\.zst\.gpg$/);
    const wrong = await run('verify', 'gpg', { passphrase: 'wrong' });
    expect([wrong.exitCode, wrong.result.verdict]).toEqual([1, 'unknown']);
    const to = `sqlite:${dir}/from-gpg.sqlite3`;
    expect((await run('restore', 'gpg', { to, passphrase: 'correct horse' })).exitCode).toBe(0);
    expect(sqliteContent(join(dir, 'from-gpg.sqlite3'))).toBe(sqliteContent(path));
  });
});

describe('encryption that was asked for and is not possible means no upload', () => {
  test.each([
    ['nobody', '# nobody'],
    ['no recipient', 'age1notarecipient'],
    ['an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGd0aGlzIGlzIG5vdCBhIHJlYWwga2V5ISEhISEhISEh me'],
    [
      'a key block that is none',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\njunk\n-----END PGP PUBLIC KEY BLOCK-----',
    ],
  ])('%s', async (_, to) => {
    const made = await backup('closed', { 'encrypt-to': to });
    expect([1, 2]).toContain(made.exitCode);
    expect(made.result.error.input).toBe('encrypt-to');
    expect(readdirSync(join(dir, 'store'))).not.toContain('closed');
  });

  test('a verify by restore without the identity is refused before anything; by hash it passes', async () => {
    const to = { 'encrypt-to': keys.age.recipient };
    const made = await backup('closed', { ...to, verify: 'restore' });
    expect([made.exitCode, made.result.error.input]).toEqual([2, 'verify']);
    expect(made.result.error.hint).toContain('`verify: hash`');
    expect(readdirSync(join(dir, 'store'))).not.toContain('closed');
    const hashed = await backup('hashed', { ...to, verify: 'hash' });
    expect([hashed.exitCode, hashed.result.verified.verdict], hashed.stdout).toEqual([0, 'ok']);
    const restored = await backup('restored', { ...to, verify: 'restore', identity: keys.age.identity });
    expect([restored.exitCode, restored.result.verified.verdict], restored.stdout).toEqual([0, 'ok']);
  });

  test('one wrong recipient among good ones is not left out', async () => {
    const made = await backup('closed', { 'encrypt-to': `${keys.age.recipient}\nage1wrong` });
    expect([made.exitCode, made.result.error.input]).toEqual([2, 'encrypt-to']);
  });

  test('a recipient that a script lost is not taken for none: nothing is stored', async () => {
    const empty = join(dir, 'empty.txt');
    writeFileSync(empty, '');
    const store = ['--store', `file:${dir}/lost`, '--database', `sqlite:${path}`];
    for (const [args, env] of [
      [['--encrypt-to', ''], {}],
      [['--encrypt-to', empty], {}],
      [['--passphrase', empty], {}],
      [['--encrypt-to', ''], { HOLDFAST_ENCRYPT_TO: keys.age.recipient }],
      [[], { HOLDFAST_ENCRYPT_TO: '' }],
    ] as const) {
      const made = await runCli(['backup', ...store, ...args], { env });
      expect([made.exitCode, made.stderr]).toEqual([2, expect.stringContaining('is given but empty')]);
      expect(readdirSync(dir)).not.toContain('lost');
    }
  });

  test('a secret that is not set any more is seen by the backup before; `none` says that it is meant', async () => {
    const name = { name: 'unset' };
    expect((await backup('unset', { ...name, 'encrypt-to': keys.age.recipient })).exitCode).toBe(0);
    const made = await backup('unset', { ...name, 'encrypt-to': '' });
    expect([made.exitCode, made.result.error.input]).toEqual([2, 'encrypt-to']);
    expect(objectsOf('unset')).toHaveLength(1);
    const meant = await backup('unset', { ...name, 'encrypt-to': 'none' });
    expect(meant.exitCode, meant.stdout).toBe(0);
    expect(objectsOf('unset').filter((file) => file.endsWith('.age'))).toHaveLength(1);
    expect((await backup('unset', name)).exitCode).toBe(0);
  });

  test('a secret key in the place of a public one is refused, masked, and never shown', async () => {
    const made = await backup('closed', { 'encrypt-to': keys.age.identity });
    expect(made.exitCode).toBe(2);
    expect(made.result.error.hint).toContain('Make a new key');
    expect(made.stdout).toContain(`::add-mask::${keys.age.identity}`);
    const shown = made.stdout.replace(/^::add-mask::.*$/gm, '') + made.stderr + made.summary;
    expect(shown + JSON.stringify(made.outputs)).not.toContain(keys.age.identity);
  });
});

describe('who wrote it', () => {
  const sign = () => ({ 'sign-key': keys.signing.signKey });
  const check = () => ({ 'verify-key': keys.signing.verifyKey });

  test('a signed backup is accepted with the public half; an unsigned one is refused, exit code 3', async () => {
    expect((await backup('signed', sign())).exitCode).toBe(0);
    expect((await run('verify', 'signed', check())).exitCode).toBe(0);
    expect((await backup('signed')).exitCode).toBe(0);
    const refused = await run('verify', 'signed', check());
    expect([refused.exitCode, refused.result.error.code]).toEqual([3, 'manifest.unsigned']);
    const to = { to: `sqlite:${dir}/unsigned.sqlite3`, ...check() };
    expect((await run('restore', 'signed', to)).exitCode).toBe(3);
    expect(readdirSync(dir)).not.toContain('unsigned.sqlite3');
  });

  test('prune deletes only what is signed', async () => {
    for (const _ of [1, 2]) expect((await backup('pruned', sign())).exitCode).toBe(0);
    const folder = join(dir, 'store/pruned');
    const [oldest = ''] = readdirSync(folder).sort();
    const old = oldest.replace(/^\d{8}/, '20200101');
    execFileSync('cp', ['-r', join(folder, oldest), join(folder, old)]);
    const text = readFileSync(join(folder, old, 'manifest.json'), 'utf8').replaceAll(oldest, old);
    writeFileSync(join(folder, old, 'manifest.json'), text);
    const pruned = await run('prune', 'pruned', { 'keep-last': '1', 'keep-min': '1', ...check() });
    expect(pruned.exitCode, pruned.stdout).toBe(0);
    expect(readdirSync(folder)).toContain(old);
    expect(pruned.result.warnings.join()).toContain(old);
  });
});
