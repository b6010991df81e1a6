import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { version } from '../../src/app/version.ts';
import { options, variableOf } from '../../src/config/options.ts';
import { outputs } from '../../src/config/outputs.ts';
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
