import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { version } from '../../src/app/version.ts';
import { options, variableOf } from '../../src/config/options.ts';
import { outputs } from '../../src/config/outputs.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { readFlags, readInputs } from '../../src/config/read.ts';
import { secretsOf } from '../../src/config/secrets.ts';

describe('inputs of the Action', () => {
  test('are read as the runner gives them', () => {
    const env = {
      'INPUT_KEEP-DAILY': '7',
      INPUT_DATABASE: 'sqlite:/a',
      INPUT_SSH: '',
      INPUT_COMMAND: 'backup',
      PATH: '/bin',
    };
    expect(readInputs(env)).toEqual({
      command: 'backup',
      raw: { 'keep-daily': '7', database: 'sqlite:/a' },
      problems: [],
    });
  });

  test('that are misspelt are told with the nearest name', () => {
    expect(readInputs({ 'INPUT_KEEP-DAYLY': '7' }).problems).toMatchObject([
      { input: 'keep-dayly', hint: 'Did you mean `keep-daily`?' },
    ]);
  });

  test('of a command that is none are not judged by another', () => {
    expect(readInputs({ INPUT_COMMAND: 'backpu', INPUT_LEVEL: 'hash' })).toMatchObject({
      isUnknown: true,
      problems: [{ hint: 'Did you mean `backup`?' }],
    });
  });

  test('of another command are told', () => {
    expect(readInputs({ INPUT_COMMAND: 'list', INPUT_DATABASE: 'sqlite:/a' }).problems).toMatchObject([
      { input: 'database' },
    ]);
  });
});

describe('flags and variables', () => {
  test('a flag wins over a variable', () => {
    const env = { HOLDFAST_KEEP_DAILY: '1', HOLDFAST_KEEP_WEEKLY: '2' };
    expect(readFlags('prune', { 'keep-daily': '3' }, env).raw).toEqual({
      'keep-daily': '3',
      'keep-weekly': '2',
    });
  });

  test('variables that are misspelt are told with the nearest name, their values are not', () => {
    const env = {
      HOLDFAST_STOR: 's3://secret',
      HOLDFAST_KEEP_DALY: '',
      HOLDFAST_DEBUG: '1',
      HOLDFASTER: '1',
    };
    const { problems } = readFlags('list', {}, { ...env, HOLDFAST_KEEP_DAILY: '7' });
    expect(problems).toEqual([
      {
        input: 'HOLDFAST_STOR',
        message: 'There is no variable `HOLDFAST_STOR`.',
        hint: 'Did you mean `HOLDFAST_STORE`?',
      },
      expect.objectContaining({ input: 'HOLDFAST_KEEP_DALY', hint: 'Did you mean `HOLDFAST_KEEP_DAILY`?' }),
    ]);
    // In the Action they are no settings, and nobody's business.
    expect(readInputs(env).problems).toEqual([]);
  });

  test('a key may be a file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
    writeFileSync(join(dir, 'key'), 'the key\n');
    expect(readFlags('backup', { 'ssh-key': join(dir, 'key') }, {}).raw).toEqual({ 'ssh-key': 'the key\n' });
    expect(readFlags('backup', { 'ssh-key': '~/key' }, { HOME: dir }).raw).toEqual({
      'ssh-key': 'the key\n',
    });
    expect(readFlags('backup', { 'ssh-key': './missing-key' }, {}).problems).toMatchObject([
      { input: 'ssh-key' },
    ]);
    rmSync(dir, { recursive: true });
  });
});

describe('what is given but empty', () => {
  const age = `age1${'q'.repeat(58)}`;

  test.each<[string, Parameters<typeof readFlags>[1], Parameters<typeof readFlags>[2], string]>([
    [
      'a flag whose variable is not set',
      { 'encrypt-to': '' },
      {},
      '`encrypt-to` is given but empty (--encrypt-to).',
    ],
    ['a flag of blanks', { 'verify-key': ' \n' }, {}, '`verify-key` is given but empty (--verify-key).'],
    ['a flag over a variable', { 'encrypt-to': '' }, { HOLDFAST_ENCRYPT_TO: age }, '(--encrypt-to)'],
    ['a flag that has a variable below it', { database: '' }, { DATABASE_URL: 'sqlite:/a' }, '(--database)'],
    ['a variable', {}, { HOLDFAST_PASSPHRASE: '' }, '`passphrase` is given but empty (HOLDFAST_PASSPHRASE).'],
  ])('is told, and never taken for absent: %s', (_, flags, env, said) => {
    const { raw, problems } = readFlags('backup', flags, env);
    expect(raw).toEqual({});
    expect(problems).toMatchObject([{ message: expect.stringContaining(said) }]);
  });

  test.each(['', ' \n'])('also a file: %j', (content) => {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
    const path = join(dir, 'key');
    writeFileSync(path, content);
    for (const name of ['encrypt-to', 'passphrase'] as const) {
      expect(readFlags('backup', { [name]: path }, {}).problems).toMatchObject([
        { input: name, message: `\`${name}\` is given but empty (the file ${path}).` },
      ]);
    }
    rmSync(dir, { recursive: true });
  });

  test('is told once, though the settings lack it', () => {
    const { raw, problems } = readFlags('backup', { database: '' }, {});
    const context = { face: 'cli', env: {}, cwd: '/' } as const;
    expect(() => parseConfig('backup', raw, context, problems)).toThrow(
      /^`database` is given but empty \(--database\)\.$/,
    );
  });

  test('in a workflow is as good as absent: a secret that is not set looks the same', () => {
    expect(readInputs({ 'INPUT_ENCRYPT-TO': '' })).toMatchObject({ raw: {}, problems: [] });
  });
});

test('every secret is masked whole, by line, decoded, encoded and as base64', () => {
  const masks = secretsOf(
    {
      'ssh-key': '-----BEGIN X-----\nfirst-line\nsecond-line\n-----END X-----',
      database: 'sqlite:/srv/app\npostgres://me:p%40ss%2Fword@host/db',
    },
    { DATABASE_URL: 'postgres://me:other-word@h/db' },
  );
  for (const secret of [
    'first-line',
    'second-line',
    'p%40ss%2Fword',
    'p@ss/word',
    'other-word',
    Buffer.from('p@ss/word').toString('base64'),
  ]) {
    expect(masks).toContain(secret);
  }
  for (const common of ['sqlite:/srv/app', 'me', 'host', 'db', '-----BEGIN X-----', ''])
    expect(masks).not.toContain(common);
});

test('a URL that can not be read is masked, as a whole and whatever may be its password', () => {
  for (const [name, line, ...secrets] of [
    ['database', 'host=db user=app password=S3cretPw99 port=1', 'S3cretPw99'],
    ['database', "host=db password = 'S3cret Pw99'", 'S3cret Pw99'],
    ['database', 'app_user:S3cretPw99@db/app', 'S3cretPw99'],
    ['database', 'postgres:app:S3cretPw99@db/app', 'S3cretPw99', 'app:S3cretPw99'],
    ['to', 'jdbc:postgresql://db/app?user=me&password=S3cret%20Pw&x=1', 'S3cret%20Pw', 'S3cret Pw'],
    ['scratch-url', 'mysql2://app:S3cr@etPw99@db/app', 'S3cr@etPw99', 'S3cr'],
    ['to', '//app:S3cretPw99@db/app', 'S3cretPw99'],
    ['s3-endpoint', 'https://AKIAEXAMPLE:S3cretPw99@minio.example.com', 'S3cretPw99'],
    ['store', 's3://AKIAEXAMPLE:S3cretPw99@bucket', 'S3cretPw99'],
  ] as const) {
    expect(secretsOf({ [name]: `sqlite:/srv/app\n${line}` }, {})).toEqual(
      expect.arrayContaining([line, ...secrets]),
    );
  }
  const harmless = { database: 'sqlite:/srv/app\nx', to: './restored', store: 's3://bucket/app' };
  expect(secretsOf(harmless, {})).toEqual([]);
});

describe('the one table', () => {
  const action = parseYaml(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));

  test('is what action.yml has', () => {
    expect(Object.keys(action.inputs)).toEqual(['command', ...options.map(({ name }) => name)]);
    expect(Object.keys(action.outputs)).toEqual(outputs.map(({ name }) => name));
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/post.js' });
  });

  test('has no name twice, and no variable', () => {
    const names = options.map(({ name }) => name);
    expect(new Set(names.map(variableOf)).size).toBe(names.length);
  });
});

test('the version is that of the package', () => {
  const { version: packaged } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(version).toBe(packaged);
});
