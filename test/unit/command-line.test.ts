import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/program.ts';

const read = (...argv: string[]) => readCommandLine(argv, '0.0.0');
const told = (...argv: string[]) => read(...argv).problems.map(({ input, hint }) => `${input}: ${hint}`);

describe('a command line that is right', () => {
  test.each<[string, ReturnType<typeof read>['command'], Record<string, string[]>]>([
    ['list --store file:a', 'list', { store: ['file:a'] }],
    ['--store file:a --database sqlite:a', 'backup', { store: ['file:a'], database: ['sqlite:a'] }],
    ['backup --keep-daily -1', 'backup', { 'keep-daily': ['-1'] }],
    ['backup --keep-daily=3 --dry-run', 'backup', { 'keep-daily': ['3'], 'dry-run': ['true'] }],
    ['backup --database a --database b', 'backup', { database: ['a', 'b'] }],
    ['backup --verify --database a', 'backup', { verify: ['true'], database: ['a'] }],
    ['backup --database a --verify', 'backup', { verify: ['true'], database: ['a'] }],
    ['backup --verify hash', 'backup', { verify: ['hash'] }],
  ])('%s', (line, command, flags) => {
    expect(read(...line.split(' '))).toEqual({ command, flags, json: false, problems: [], isUnknown: false });
  });

  test('may give a key itself, which begins like a flag', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nx';
    expect(read('backup', '--ssh-key', key, '--json')).toMatchObject({
      ...{ flags: { 'ssh-key': [key] }, json: true, problems: [] },
    });
  });
});

describe('a mistake is told by what was meant:', () => {
  test.each<[string, string[]]>([
    ['lst', ['lst: Did you mean `list`?']],
    ['lst --bogus --store file:a --json', ['lst: Did you mean `list`?', 'bogus: Did you mean `--jobs`?']],
    ['help', ['help: Did you mean `--help`?']],
    ['list --stor file:a', ['stor: Did you mean `--store`?']],
    [
      'backup --keep-dayly=7 --name a --keep-wekly 4 --jsn',
      [
        'keep-dayly: Did you mean `--keep-daily`?',
        'keep-wekly: Did you mean `--keep-weekly`?',
        'jsn: Did you mean `--json`?',
      ],
    ],
    ['list --database a', ['database: Leave it out; it belongs to backup and doctor.']],
    ['--store file:a list', ['command: Write `holdfast list …`, and the flags behind it.']],
    ['list --name --json', ['name: Write it behind the flag: `--name …`.']],
    ['list --store --name=a', ['store: Write it behind the flag: `--store …`.']],
    ['list --store', ['store: Write it behind the flag: `--store …`.']],
  ])('%s', (line, expected) => {
    expect(told(...line.split(' '))).toEqual(expected);
  });

  test('a value in the place of a command, or behind one, is not repeated: it may be a secret', () => {
    for (const line of [['postgres://me:secret@host/db'], ['backup', 'postgres://me:secret@host/db']]) {
      const { problems, isUnknown } = read(...line);
      expect(isUnknown).toBe(false);
      expect(problems).toMatchObject([{ message: '`backup` got a word that no flag asks for.' }]);
    }
    expect(JSON.stringify(read('list', '--pasword=secret', '--tokn', 'secret'))).not.toContain('secret');
  });

  test('with --json that is known, wherever it stands', () => {
    expect(read('lst', '--bogus', '--json')).toMatchObject({ json: true, isUnknown: true });
    expect(read('list', '--name', '--json')).toMatchObject({ json: true });
  });
});
