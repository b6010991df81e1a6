import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmless } from '../../src/action/action-reporter.ts';
import { printable, printableJson } from '../../src/app/printable.ts';
import type { Config, StoreConfig } from '../../src/config/config.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError, HoldfastError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import { parseConnection } from '../../src/engines/postgres/connection.ts';
import { nasty } from '../kit/nasty.ts';

const sound: RawOptions = {
  store: 's3://backups/apps',
  database: 'sqlite:/srv/app.sqlite3',
  ssh: 'deploy@db.example.com',
  'ssh-key': 'key',
  'ssh-known-hosts': 'hosts',
};

/** The settings of a backup, or `null` when they are refused with a sentence for each problem. */
function read(changed: RawOptions): Extract<Config, { command: 'backup' }> | null {
  const context = { face: 'action', env: { GITHUB_REPOSITORY: 'someone/shop' }, cwd: '/work' } as const;
  try {
    return parseConfig('backup', { ...sound, ...changed }, context) as Extract<Config, { command: 'backup' }>;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return null;
  }
}

const always = (check: (text: string, other: string) => void, numRuns = 1000): void =>
  fc.assert(
    fc.property(nasty, nasty, (text, other) => check(text, other)),
    { numRuns },
  );

describe('a setting is taken as it was written, or refused', () => {
  test('the user and host of ssh: nothing that a program takes for an option, and no blank', () =>
    always((user, name) => {
      const config = read({ ssh: `${user}@${name}` });
      if (config?.host.ssh == null) return;
      const { user: gotUser, host, port } = config.host.ssh;
      expect(`${user}@${name}`.trim()).toBe(`${gotUser}@${host}${port === 22 ? '' : `:${port}`}`);
      for (const part of [gotUser, host]) expect(part).toMatch(/^[^-\s@][^\s@]*$/);
    }));

  test('a container: only names that docker allows', () =>
    always((text) => {
      const container = read({ container: text })?.host.container ?? null;
      if (container !== null) expect(container).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/);
      if (container !== null) expect(container).toBe(text.trim());
    }));

  test('a name and a store: each part is one folder of a key, never a way out of it', () =>
    always((text, prefix) => {
      const config = read({ name: text || 'shop', store: `s3://backups/${prefix}` });
      if (config === null) return;
      expect([config.name, 'shop']).toContain(text.trim() || 'shop');
      const { prefix: folders } = config.store as Extract<StoreConfig, { kind: 's3' }>;
      const segments = `${config.name}/${folders}`.replace(/\/$/, '').split('/');
      expect(segments.filter((segment) => !/^(?!\.+$)[\p{L}\p{N}._-]+$/u.test(segment))).toEqual([]);
    }));

  test('a SQLite path: the very line', () =>
    always((text) => {
      const line = text
        .split(/[\r\n]/)
        .join('')
        .trim();
      const config = read({ database: `sqlite:/srv/${line}` });
      expect(config?.sources.sqlite).toEqual([`/srv/${line}`.trim()]);
    }));

  test('the parts of a PostgreSQL URL: what was percent-encoded, and no other parameter', () =>
    always((user, password) => {
      const url = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db/${encodeURIComponent(`d${user}`)}`;
      try {
        const got = parseConnection(new Secret(url));
        expect([got.user ?? '', got.password.reveal(), got.database]).toEqual([user, password, `d${user}`]);
        expect(got).toMatchObject({ host: 'db', settings: {} });
      } catch (error) {
        expect(error).toBeInstanceOf(HoldfastError);
        expect(user + password, 'refused for its line ends alone').toMatch(/[\r\n]/);
      }
    }));

  test.each([
    'options',
    'service',
    'hostaddr',
    'passfile',
    'krbsrvname',
    'replication',
    'toString',
    '__proto__',
  ])('the parameter %s of a URL is refused', (name) => {
    const url = new Secret(`postgres://app:canary@db/app?${name}=-c%20role%3Dpostgres`);
    expect(() => parseConnection(url)).toThrow(/not allowed/);
    expect(() => parseConnection(url)).not.toThrow(/canary/);
  });
});

/** Where .NET trims, and what its comparison of texts does not see. */
const blankForRunner = /^[\s\u0085\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cc}]+/u;

/** Whether the runner would obey a line: its own two forms (actions/runner, ActionCommand.cs). */
function isCommand(line: string): boolean {
  const seen = line.replace(/(?!\t)[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '');
  return line.replace(blankForRunner, '').startsWith('::') || seen.includes('##[');
}

const commandPieces = [
  ...['::set-output name=a::b', '::add-mask::x', '::', ':', '##[', '##[error]', '##', '#', '[', ' ', '\t'],
  ...[
    '\r',
    '\n',
    '\r\n',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u200b',
    '\u00ad',
    '\ufeff',
    '\u202e',
    '\v',
    '\f',
    '\b',
  ],
  ...['\u001b[2K', '\u001b]0;title\u0007', '\u009b2J', '\u001b', 'word', 'é', '%0A::error::'],
] as const;
const relayed = fc.array(fc.constantFrom(...commandPieces), { maxLength: 10 }).map((parts) => parts.join(''));

describe('what a remote machine said', () => {
  test('is no command for the runner, however it is broken into lines', () =>
    fc.assert(
      fc.property(relayed, (text) => {
        const lines = harmless(text).split(/\r\n|\r|\n/);
        expect(lines.filter(isCommand)).toEqual([]);
      }),
      { numRuns: 3000 },
    ));

  test('moves no cursor, and hides or turns no text', () =>
    fc.assert(
      fc.property(relayed, (text) => {
        for (const shown of [printable(text), harmless(text)]) {
          expect(shown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
        }
      }),
      { numRuns: 2000 },
    ));

  test('is the same text in JSON, with nothing raw in it', () =>
    fc.assert(
      fc.property(fc.oneof(relayed, nasty), (text) => {
        const json = printableJson({ text });
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
      { numRuns: 2000 },
    ));

  test('stays readable', () => {
    const said = 'ERROR:  relation "café::漢" does not exist\n\tat line 3 of [x]';
    expect(harmless(said)).toBe(said);
    expect(printable(said)).toBe(said);
  });
});
