import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/config/option.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError, type Problem } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import { newSigningKeys, signerOf } from '../../src/core/signature.ts';

const cli = { face: 'cli', env: {}, cwd: '/code/my-app' } as const;
const sqlite = { database: 'sqlite:/srv/app.sqlite3' };

const parse = (
  raw: RawOptions,
  command: Command = 'backup',
  context: Parameters<typeof parseConfig>[2] = cli,
) => parseConfig(command, raw, context);

/** The problems that settings have. */
function problemsOf(
  raw: RawOptions,
  command: Command = 'backup',
  context: Parameters<typeof parseConfig>[2] = cli,
): readonly Problem[] {
  try {
    parse(raw, command, context);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('the shortest settings are enough', () => {
  expect(parse(sqlite)).toMatchObject({
    name: 'my-app',
    store: { kind: 'folder', path: '/code/my-app/backups' },
    host: { ssh: null, container: null, sudo: false },
    sources: { sqlite: ['/srv/app.sqlite3'], postgres: [], exclude: [], globals: false },
    compression: { codec: 'zstd', level: 3, on: 'auto' },
    policy: null,
    dryRun: false,
  });
});

test('in a workflow the name is the repository, and the store must be said', () => {
  const action = { face: 'action', env: { GITHUB_REPOSITORY: 'someone/shop' }, cwd: '/home/runner' } as const;
  expect(parse({ ...sqlite, store: 's3://bucket' }, 'backup', action)).toMatchObject({ name: 'shop' });
  expect(problemsOf(sqlite, 'backup', action)).toMatchObject([{ input: 'store' }]);
});

test('DATABASE_URL is the database when none is said', () => {
  const env = { DATABASE_URL: 'postgres://u:p@h/db' };
  const config = parse({}, 'backup', { ...cli, env });
  expect(config.command === 'backup' && config.sources.postgres.map((url) => url.reveal())).toEqual([
    'postgres://u:p@h/db',
  ]);
  const said = parse(sqlite, 'backup', { ...cli, env });
  expect(said.command === 'backup' && said.sources.postgres).toEqual([]);
});

test('several databases, comments and globs are lines', () => {
  const database =
    'sqlite:/a/*.sqlite3\r\n# the main one\n\n  postgres://u:p@h/db  \npostgresql://h/other\nsqlite:relative.db';
  const config = parse({ database, exclude: '*_cache*\n*_queue*' });
  expect(config).toMatchObject({
    sources: { sqlite: ['/a/*.sqlite3', '/code/my-app/relative.db'], exclude: ['*_cache*', '*_queue*'] },
  });
});

test('a path on a server stays as it is', () => {
  const ssh = { ssh: 'me@host', 'ssh-key': 'k', 'ssh-known-hosts': 'host ssh-ed25519 x' };
  expect(parse({ ...ssh, database: 'sqlite:app/db.sqlite3' })).toMatchObject({
    sources: { sqlite: ['app/db.sqlite3'] },
  });
  expect(parse({ ...ssh, database: 'sqlite:~/db.sqlite3' })).toMatchObject({
    sources: { sqlite: ['~/db.sqlite3'] },
  });
});

describe('ssh', () => {
  test.each([
    ['deploy@example.com', { user: 'deploy', host: 'example.com', port: 22 }],
    ['deploy@example.com:2222', { user: 'deploy', host: 'example.com', port: 2222 }],
    ['root@[2001:db8::1]:22', { user: 'root', host: '2001:db8::1', port: 22 }],
  ])('%s is understood', (ssh, expected) => {
    expect(parse({ ...sqlite, ssh, 'ssh-key': 'k', 'ssh-known-hosts': 'h' })).toMatchObject({
      host: { ssh: expected },
    });
  });

  test.each([
    'example.com',
    '-oProxyCommand=x@host',
    'me@-host',
    'me@host:0',
    'me@host:99999',
    'me@ho st',
    'me@',
    'a b@host',
    'me@host:22:22',
  ])('%j is refused', (ssh) => {
    expect(problemsOf({ ...sqlite, ssh, 'ssh-key': 'k', 'ssh-known-hosts': 'h' })).toMatchObject([
      { input: 'ssh' },
    ]);
  });

  test('an empty secret is told as what it is, in pull requests from forks', () => {
    const problems = problemsOf({ ...sqlite, ssh: 'me@host:2222' });
    expect(problems.map(({ input }) => input)).toEqual(['ssh-key', 'ssh-known-hosts']);
    expect(problems[0]?.message).toContain('fork');
    expect(problems[1]?.hint).toContain('ssh-keyscan -p 2222 host');
    expect(problemsOf({ ...sqlite, 'ssh-key': 'k' })).toMatchObject([{ input: 'ssh-key' }]);
  });
});

describe('the store', () => {
  test.each<[string, object]>([
    ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://my.bucket/a/b', { kind: 's3', bucket: 'my.bucket', prefix: 'a/b' }],
    ['file:/mnt/backups', { kind: 'folder', path: '/mnt/backups' }],
    ['file:///mnt/backups', { kind: 'folder', path: '/mnt/backups' }],
    ['file:backups', { kind: 'folder', path: '/code/my-app/backups' }],
  ])('%s is understood', (store, expected) => {
    expect(parse({ ...sqlite, store })).toMatchObject({ store: expected });
  });

  test.each([
    's3://',
    's3://bucket/../other',
    's3://bucket//a',
    's3://bucket//',
    's3://bucket/%2e%2e',
    's3://bucket/a b',
    's3://bucket/a\u0007',
    's3://-x',
    'ftp://x',
    '/mnt',
    'file:',
    'bucket',
  ])('%j is refused', (store) => {
    expect(problemsOf({ ...sqlite, store })[0]).toMatchObject({ input: 'store' });
  });

  test('is spoken to in the clear on this machine only', () => {
    const raw = { ...sqlite, store: 's3://bucket' };
    expect(problemsOf({ ...raw, 's3-endpoint': 'http://169.254.169.254' })).toMatchObject([
      { input: 's3-endpoint' },
    ]);
    expect(problemsOf({ ...raw, 's3-endpoint': 'https://s3.example.com/bucket' })).toMatchObject([
      { input: 's3-endpoint' },
    ]);
    expect(problemsOf({ ...raw, 's3-endpoint': 's3.example.com' })).toMatchObject([{ input: 's3-endpoint' }]);
    expect(problemsOf({ ...raw, 's3-endpoint': 'http://127.0.0.1:9000' })).toEqual([]);
  });

  test('may be named by the variable of the AWS tools, which is checked like an option', () => {
    const raw = { ...sqlite, store: 's3://bucket' };
    const at = (url: string) => ({ ...cli, env: { AWS_ENDPOINT_URL: url } });
    expect(parse(raw, 'backup', at('https://s3.example.com'))).toMatchObject({
      store: { endpoint: 'https://s3.example.com' },
    });
    expect(problemsOf(raw, 'backup', at('http://s3.example.com'))).toMatchObject([{ input: 's3-endpoint' }]);
  });

  test('wants both halves of a key or none', () => {
    const raw = { ...sqlite, store: 's3://bucket' };
    expect(problemsOf({ ...raw, 's3-access-key-id': 'id' })).toMatchObject([
      { input: 's3-secret-access-key' },
    ]);
    expect(problemsOf({ ...raw, 's3-secret-access-key': 'secret' })).toMatchObject([
      { input: 's3-access-key-id' },
    ]);
  });
});

describe('retention', () => {
  test('is off without a rule, and complete with one', () => {
    expect(parse(sqlite)).toMatchObject({ policy: null });
    expect(
      parse({
        ...sqlite,
        'keep-daily': '7',
        'keep-within': '2w',
        'keep-yearly': 'unlimited',
        'time-zone': 'Europe/Berlin',
      }),
    ).toMatchObject({
      policy: {
        daily: 7,
        within: { weeks: 2 },
        yearly: Number.POSITIVE_INFINITY,
        min: 3,
        timeZone: 'Europe/Berlin',
        last: 0,
      },
    });
  });

  test.each<[RawOptions, string]>([
    [{ 'keep-daily': '7x' }, 'keep-daily'],
    [{ 'keep-daily': '1.5' }, 'keep-daily'],
    [{ 'keep-daily': '-2' }, 'keep-daily'],
    [{ 'keep-within': '7x' }, 'keep-within'],
    [{ 'stall-timeout': '60' }, 'stall-timeout'],
    [{ 'stall-timeout': '5m' }, 'stall-timeout'],
    [{ 'stall-timeout': '25h' }, 'stall-timeout'],
    [{ 'keep-within': '7' }, 'keep-within'],
    [{ 'keep-last': '0', 'keep-daily': '0' }, 'keep-last'],
    [{ 'keep-daily': '7', 'keep-min': '0' }, 'keep-min'],
    [{ 'keep-daily': '7', 'time-zone': 'Berlin' }, 'time-zone'],
  ])('%j is refused', (raw, input) => {
    expect(problemsOf({ ...sqlite, ...raw })).toMatchObject([{ input }]);
  });

  test('prune without a rule is refused', () => {
    expect(problemsOf({}, 'prune')).toMatchObject([
      { input: 'keep-last', hint: expect.stringContaining('keep-daily') },
    ]);
  });
});

test.each<[RawOptions, string]>([
  [{ sudo: 'yes' }, 'sudo'],
  [{ compression: 'xz' }, 'compression'],
  [{ 'compression-level': '20' }, 'compression-level'],
  [{ compression: 'none', 'compression-level': '1' }, 'compression-level'],
  [{ name: 'a/b' }, 'name'],
  [{ name: '..' }, 'name'],
  [{ container: '--privileged' }, 'container'],
  [{ database: 'mysql://u:secret@h/db' }, 'database'],
  [{ database: '/srv/app.sqlite3' }, 'database'],
  [{ database: '# nothing' }, 'database'],
])('%j is refused', (raw, input) => {
  expect(problemsOf({ ...sqlite, ...raw })).toMatchObject([{ input }]);
  expect(JSON.stringify(problemsOf({ ...sqlite, ...raw }))).not.toContain('secret');
});

test('signatures of several keys can be accepted, as while one replaces the other', () => {
  const [old, next] = [newSigningKeys(), newSigningKeys()];
  const pem = (key: string) => `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`;
  for (const keys of [`${old.verifyKey}\n${next.verifyKey}`, pem(old.verifyKey) + pem(next.verifyKey)]) {
    const config = parse({ 'verify-key': keys }, 'verify');
    const verifier = config.command === 'verify' ? config.verifier : null;
    for (const { signKey } of [old, next]) {
      expect(verifier?.verify('sum', signerOf(new Secret(signKey)).sign('sum'))).toBe(true);
    }
    const other = signerOf(new Secret(newSigningKeys().signKey));
    expect(verifier?.verify('sum', other.sign('sum'))).toBe(false);
  }
  expect(problemsOf({ 'verify-key': `${old.verifyKey}\njunk` }, 'verify')).toMatchObject([
    { input: 'verify-key' },
  ]);
});

describe('encryption', () => {
  const encryptionOf = (raw: RawOptions) => {
    const config = parse({ ...sqlite, ...raw });
    return config.command === 'backup' && config.encryption;
  };

  test('that nobody asked for is told from one that is not wanted', () => {
    expect(encryptionOf({})).toBeNull();
    expect(encryptionOf({ 'encrypt-to': 'none' })).toEqual({ kind: 'none' });
  });

  test('is not both wanted and not wanted', () => {
    expect(problemsOf({ ...sqlite, 'encrypt-to': 'none', passphrase: 'correct horse' })).toMatchObject([
      { input: 'passphrase', message: '`passphrase` is set beside `encrypt-to: none`.' },
    ]);
  });
});

test('every problem is told at once', () => {
  const problems = problemsOf({
    database: 'x',
    store: 'y',
    ssh: 'z',
    'keep-daily': 'w',
    sudo: 'v',
    'time-zone': 'u',
  });
  expect(new Set(problems.map(({ input }) => input))).toEqual(
    new Set(['store', 'ssh', 'ssh-key', 'ssh-known-hosts', 'sudo', 'database', 'keep-daily', 'time-zone']),
  );
});

test('`stall-timeout` is in milliseconds from there on', () => {
  const stallMs = (text?: string) => {
    const raw = { store: 'file:b', ...(text === undefined ? {} : { 'stall-timeout': text }) };
    return parseConfig('list', raw, { face: 'cli', env: {}, cwd: '/' });
  };
  expect([undefined, '1s', '5min', '1h30min', '1d'].map((text) => stallMs(text))).toMatchObject(
    [60_000, 1000, 300_000, 5_400_000, 86_400_000].map((ms) => ({ stallMs: ms })),
  );
});
