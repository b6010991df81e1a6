import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { readFlags } from '../../src/config/read.ts';
import { secretsOf } from '../../src/config/secrets.ts';

const context = { face: 'cli', env: {}, cwd: '/code/my-app' } as const;
const needed = { name: 'app', store: 's3://bucket', database: 'sqlite:/srv/app.sqlite3' };

const parsing = (more: Readonly<Record<string, string>>) => () =>
  parseConfig('backup', { ...needed, ...more }, context);

describe('a passphrase', () => {
  test.each(['keys/pass.txt', 'pass.key', '~/.pass', './pass', '../pass', '/etc/holdfast-pass'])(
    'that was to be the file %s is not the name of it',
    (text) => {
      const { raw, problems } = readFlags('backup', { passphrase: text }, { HOME: '/home/me' });
      expect(raw).toEqual({});
      expect(problems).toMatchObject([
        { input: 'passphrase', message: "The file of `passphrase` can't be read (there is none)." },
      ]);
    },
  );

  test.each(['/9aXsecretbase64==', 'correct horse', 'a/b+c/d==', '.hidden', '/a/b'])(
    'may look much like one: %s',
    (passphrase) => {
      expect(readFlags('backup', { passphrase }, {})).toMatchObject({ raw: { passphrase }, problems: [] });
    },
  );

  test('of several lines is refused, as gpg would take the first alone', () => {
    expect(parsing({ passphrase: '# of the backups\ncorrect horse' })).toThrow(
      '`passphrase` has more than one line.',
    );
    expect(parsing({ passphrase: 'correct horse\n' })).not.toThrow();
  });
});

test('a password in `ssh` is refused, and not shown', () => {
  const ssh = 'me:hunter22@host';
  const keys = { 'ssh-key': 'k', 'ssh-known-hosts': 'h' };
  expect(parsing({ ssh, ...keys })).toThrow(/^`ssh` has a colon before the @\.$/);
  expect(secretsOf({ ssh }, {})).toContain('hunter22');
  expect(secretsOf({ ssh: 'me@host:2222' }, {})).toEqual([]);
});
