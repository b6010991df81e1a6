import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { Command } from '../../src/config/option.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError, type Problem } from '../../src/core/errors.ts';

const cli = { face: 'cli', env: {}, cwd: '/code/my-app' } as const;
const parse = (command: Command, raw: RawOptions): Config => parseConfig(command, raw, cli);

function problemsOf(command: Command, raw: RawOptions): readonly Problem[] {
  try {
    parse(command, raw);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('which backup', () => {
  test.each([
    [undefined, { kind: 'latest' }],
    ['latest', { kind: 'latest' }],
    ['20261121T031702Z-k3tq', { kind: 'id', id: '20261121T031702Z-k3tq' }],
    ['before:2026-11-21T03:00:00Z', { kind: 'before', time: new Date('2026-11-21T03:00:00Z') }],
    ['before:2026-11-21T03:00+01:00', { kind: 'before', time: new Date('2026-11-21T02:00:00Z') }],
    ['before:2026-11-21', { kind: 'before', time: new Date('2026-11-21T00:00:00Z') }],
  ])('%s', (backup, selector) => {
    expect(parse('verify', backup === undefined ? {} : { backup })).toMatchObject({ selector });
  });

  test.each([
    'newest',
    'before:',
    'before:yesterday',
    'before:2026-02-31T00:00:00Z!',
    'before:2026-13-01',
    '20261121T031702Z',
  ])('%s is told to be wrong, with the forms', (backup) => {
    expect(problemsOf('restore', { backup, to: 'file:x' })).toMatchObject([
      { input: 'backup', hint: expect.stringContaining('before:') },
    ]);
  });
});

describe('where a restore goes', () => {
  test.each([
    ['sqlite:storage/app.sqlite3', { engine: 'sqlite', path: '/code/my-app/storage/app.sqlite3' }],
    ['sqlite:/srv/app.sqlite3', { engine: 'sqlite', path: '/srv/app.sqlite3' }],
    ['sqlite3:///srv/app.sqlite3', { engine: 'sqlite', path: '/srv/app.sqlite3' }],
    ['postgres://u:p@h/db', { engine: 'postgres', jobs: 1 }],
  ])('a database: %s', (to, database) => {
    expect(parse('restore', { to })).toMatchObject({ target: { kind: 'database', database, force: false } });
  });

  test.each([
    ['file:out', '/code/my-app/out'],
    ['file:///tmp/out', '/tmp/out'],
    ['./out', '/code/my-app/out'],
    ['/tmp/out', '/tmp/out'],
    ['..', '/code'],
  ])('a folder: %s', (to, path) => {
    expect(parse('restore', { to, only: 'app\nblog' })).toMatchObject({
      target: { kind: 'folder', path, only: ['app', 'blog'] },
    });
  });

  test.each(['', 'app.sqlite3', 'mysql://h/db', 'sqlite:', 'file:', 'sqlite:/a\nsqlite:/b'])(
    'nowhere: %j',
    (to) => {
      expect(problemsOf('restore', { to })).toMatchObject([{ input: 'to' }]);
    },
  );

  test('a wrong URL does not show its password', () => {
    expect(JSON.stringify(problemsOf('restore', { to: 'mysql://u:hunter2@h/db' }))).not.toContain('hunter2');
  });

  test('a folder needs no name typed, no ssh, no hooks: each is told', () => {
    const raw = { to: 'file:out', confirm: 'x', stop: 'x', ssh: 'a@b', jobs: '2', force: 'true' };
    expect(problemsOf('restore', raw).map(({ input }) => input)).toEqual(
      expect.arrayContaining(['confirm', 'stop', 'ssh', 'jobs', 'force']),
    );
  });

  test('one database is one', () => {
    expect(problemsOf('restore', { to: 'sqlite:/a', only: 'a\nb' })).toMatchObject([{ input: 'only' }]);
    expect(problemsOf('restore', { to: 'sqlite:/a', jobs: '4' })).toMatchObject([{ input: 'jobs' }]);
  });
});

describe('how much is verified', () => {
  test('a restore, unless something else is said', () => {
    expect(parse('verify', {})).toMatchObject({ verify: { level: 'restore', assertions: [] } });
    expect(parse('verify', { level: 'hash' })).toMatchObject({ verify: { level: 'hash' } });
  });

  test.each([
    ['true', 'restore'],
    ['restore', 'restore'],
    ['hash', 'hash'],
    ['stat', 'stat'],
  ])('in the run of the backup: verify: %s', (verify, level) => {
    expect(parse('backup', { database: 'sqlite:/a', verify })).toMatchObject({ verify: { level } });
  });

  test('not in the run of the backup unless asked for', () => {
    expect(parse('backup', { database: 'sqlite:/a' })).toMatchObject({ verify: null });
    expect(parse('backup', { database: 'sqlite:/a', verify: 'false' })).toMatchObject({ verify: null });
    expect(problemsOf('backup', { database: 'sqlite:/a', assert: 'a: SELECT 1' })).toMatchObject([
      { input: 'assert', hint: expect.stringContaining('verify: restore') },
    ]);
  });

  describe('of an encrypted backup in its own run', () => {
    const [age, identity] = [`age1${'q'.repeat(58)}`, `AGE-SECRET-KEY-1${'Q'.repeat(58)}`];
    const block = (kind: string) =>
      `-----BEGIN PGP ${kind} KEY BLOCK-----\n\nx\n-----END PGP ${kind} KEY BLOCK-----`;
    const [publicKey, privateKey] = [block('PUBLIC'), block('PRIVATE')];
    const problems = (raw: RawOptions) => problemsOf('backup', { database: 'sqlite:/a', ...raw });

    test.each([
      ['age', 'true', { 'encrypt-to': age }],
      ['age', 'restore', { 'encrypt-to': age }],
      ["OpenPGP, with age's identity", 'restore', { 'encrypt-to': publicKey, identity }],
      ['OpenPGP, with a passphrase of no key', 'restore', { 'encrypt-to': publicKey, passphrase: 'x' }],
      ["age, with OpenPGP's private key", 'restore', { 'encrypt-to': age, identity: privateKey }],
    ])('a restore without what opens it is refused (%s)', (_, verify, raw) => {
      expect(problems({ verify, ...raw })).toEqual([
        {
          input: 'verify',
          message: expect.stringContaining('the `identity` that opens it is missing'),
          hint: expect.stringContaining('`verify: hash` here'),
        },
      ]);
    });

    test.each([
      [{ verify: 'restore', 'encrypt-to': age, identity }],
      [{ verify: 'restore', 'encrypt-to': publicKey, identity: privateKey }],
      [{ verify: 'restore', passphrase: 'correct horse' }],
      [{ verify: 'hash', 'encrypt-to': age }],
      [{ verify: 'stat', 'encrypt-to': publicKey }],
      [{ 'encrypt-to': age }],
    ])('goes with %j', (raw) => {
      expect(problems(raw)).toEqual([]);
    });
  });

  test('assertions are a database, a colon and a query', () => {
    const assert = "app.sqlite3: SELECT count(*) > 0 FROM users\nshop: SELECT a::text = 'x:y' FROM t";
    expect(parse('verify', { assert })).toMatchObject({
      verify: {
        assertions: [
          { database: 'app.sqlite3', sql: 'SELECT count(*) > 0 FROM users' },
          { database: 'shop', sql: "SELECT a::text = 'x:y' FROM t" },
        ],
      },
    });
    for (const wrong of ['SELECT 1', 'app:', ': SELECT 1']) {
      expect(problemsOf('verify', { assert: wrong }), wrong).toMatchObject([{ input: 'assert' }]);
    }
    expect(problemsOf('verify', { assert: 'a: SELECT 1', level: 'hash' })).toMatchObject([
      { input: 'assert' },
    ]);
  });

  test('a scratch server is a PostgreSQL URL, and stays a secret', () => {
    const config = parse('verify', { 'scratch-url': 'postgres://u:hunter2@localhost/postgres' });
    expect(JSON.stringify(config)).not.toContain('hunter2');
    expect(problemsOf('verify', { 'scratch-url': 'localhost:5432' })).toMatchObject([
      { input: 'scratch-url' },
    ]);
  });
});

test('how old the newest may be', () => {
  expect(parse('check', {})).toMatchObject({ maxAge: { hours: 26 }, maxVerifiedAge: null });
  const ages = { 'max-age': '1d', 'max-verified-age': '8d' };
  expect(parse('check', ages)).toMatchObject({ maxAge: { days: 1 }, maxVerifiedAge: { days: 8 } });
  expect(problemsOf('check', { 'max-age': 'soon', 'max-verified-age': '0d' })).toMatchObject([
    { input: 'max-age' },
    { input: 'max-verified-age' },
  ]);
});
