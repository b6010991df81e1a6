import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/program.ts';
import { readFlags } from '../../src/config/read.ts';

/** What a command line says, up to the texts of the options. */
function read(...argv: string[]) {
  const { command, flags } = readCommandLine(argv, '0.1.0');
  return readFlags(command, flags, {});
}

describe('a flag that is given twice', () => {
  test.each(['encrypt-to', 'identity', 'verify-key', 'ssh-known-hosts', 'database', 'exclude', 'assert'])(
    'adds to what was given before: %s',
    (name) => {
      expect(read('backup', `--${name}`, 'one', `--${name}=two\nthree`)).toMatchObject({
        raw: { [name]: 'one\ntwo\nthree' },
        problems: [],
      });
    },
  );

  test('may be a file each time, and none may be empty', () => {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-flags-'));
    const [mine, yours, empty] = ['mine', 'yours', 'empty'].map((file) => join(dir, file)) as [
      string,
      string,
      string,
    ];
    writeFileSync(mine, 'age1mine\n');
    writeFileSync(yours, 'age1yours\n');
    writeFileSync(empty, '');
    const both = read('backup', '--encrypt-to', mine, '--encrypt-to', yours, '--encrypt-to', 'age1ours');
    expect(both.raw['encrypt-to']?.split('\n').filter(Boolean)).toEqual([
      'age1mine',
      'age1yours',
      'age1ours',
    ]);
    expect(both.problems).toEqual([]);
    for (const none of ['', empty]) {
      expect(read('backup', '--encrypt-to', mine, '--encrypt-to', none).problems).toMatchObject([
        { input: 'encrypt-to', message: expect.stringContaining('given but empty') },
      ]);
    }
    rmSync(dir, { recursive: true });
  });

  test.each([
    [['--name', 'shop', '--name', 'other'], 'name'],
    [['--passphrase', 'correct horse', '--passphrase', 'battery staple'], 'passphrase'],
    [['--keep-daily', '7', '--keep-daily', '7'], 'keep-daily'],
    [['--dry-run', 'false', '--dry-run'], 'dry-run'],
    [['--dry-run', '--dry-run', 'false'], 'dry-run'],
  ])('is told where there is one value, without its text: %j', (argv, name) => {
    expect(read('backup', ...argv).problems).toEqual([
      expect.objectContaining({
        input: name,
        message: `\`--${name}\` is given 2 times, but has one value.`,
      }),
    ]);
  });

  test('once is as ever; a boolean one needs no value', () => {
    expect(read('backup', '--dry-run', '--sudo', 'false', '--name', 'shop')).toEqual({
      command: 'backup',
      raw: { name: 'shop', sudo: 'false', 'dry-run': 'true' },
      problems: [],
    });
  });
});
