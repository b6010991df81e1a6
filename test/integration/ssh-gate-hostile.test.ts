import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, asyncProperty, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerGate, askGate, gateOf, shells } from '../kit/gate.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let home: string;
let gates: Readonly<Record<string, string>>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  mkdirSync(join(home, 'data'));
  makeAppDatabase(join(home, 'data', 'app.sqlite3'));
  writeFileSync(join(home, 'data', 'other.db'), 'nobody may read this');
  const allowed = { paths: ['~/data/*.sqlite3'], exclude: [] };
  gates = Object.fromEntries(shells.map((shell) => [shell, gateOf(allowed, shell)]));
});
afterEach(() => rmSync(home, { recursive: true }));

/** Everything below the home folder, with its content. */
const state = (): string[] =>
  readdirSync(home, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? `${path} ${readFileSync(path, 'hex').length}` : path;
  });

/** Words that would do something if a shell, a glob or a path took them up. */
const evil = constantFrom(
  ...[
    '$(touch ran)',
    '`touch ran`',
    '; touch ran',
    '\ntouch ran',
    '| touch ran',
    '&& touch ran',
    '> ran',
    "' touch ran '",
  ],
  ...[
    '" ; touch ran ; "',
    '$' + '{x:=$(touch ran)}',
    '$((a[$(touch ran)]))',
    'a[$(touch ran)]',
    '<(touch ran)',
    '\\',
    "'",
    '"',
  ],
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    '~/data/other.db',
    '*',
    '?',
    '[0-9]',
    '-1',
    '+0',
    '00',
    '1',
    '9999',
    '99999999999',
  ],
  ...[
    '0x0',
    '1e0',
    ' ',
    '\t',
    '\r',
    '\n',
    '0\n',
    '\u00a0',
    '٠',
    '--help',
    '-c',
    'facts',
    'snapshot',
    '0 0',
    '.shell touch ran',
  ],
);
const verbs = constantFrom(
  'list',
  'has',
  'has zstd',
  'has gzip',
  'facts',
  'facts 0',
  'snapshot',
  'snapshot 0',
  'send',
  'x',
);
const fuzz = string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', ''));
const request = oneof(
  tuple(verbs, evil).map(([verb, word]) => `holdfast 1 ${verb} ${word}`),
  tuple(verbs, evil).map(([verb, word]) => `holdfast 1 ${verb}${word}`),
  tuple(evil, verbs).map(([word, verb]) => `holdfast ${word} ${verb}`),
  tuple(evil, verbs).map(([word, verb]) => `${word}holdfast 1 ${verb}`),
  tuple(verbs, fuzz).map(([verb, text]) => `holdfast 1 ${verb} ${text}`),
  evil,
  fuzz,
);
const isRequest = (text: string): boolean =>
  /^holdfast 1 (?:list|has zstd|has gzip|(?:facts|snapshot) 0)$/.test(text);

describe.each(shells)('%s', (shell) => {
  test('refuses whatever is no request, and does nothing for it', () => {
    const before = state();
    void assert(
      property(
        request.filter((text) => !isRequest(text)),
        (text) => {
          const run = askGate(gates[shell] as string, text, home);
          expect([run.stdout, run.status]).toEqual(['', 64]);
          expect(run.stderr).toMatch(/^this key only takes the backup[^\n]*\n$/);
        },
      ),
      { numRuns: 300 },
    );
    expect(state()).toEqual(before);
  });

  test('sends only as it may be asked to, and does nothing for any other word', async () => {
    const before = state();
    const word = oneof(
      evil,
      tuple(constantFrom('send', 'send zstd', 'send gzip', 'send plain'), evil).map((two) => two.join(' ')),
      fuzz,
    );
    const allowedWord = /^[ ]*send (?:plain|gzip [1-9]|zstd (?:[1-9]|1\d))[ ]*(?:\n|$)/;
    await assert(
      asyncProperty(
        word.filter((text) => !allowedWord.test(text)),
        async (text) => {
          const run = await answerGate(gates[shell] as string, `${text}\nx\n`, home);
          // The greeting and the file's name; none of its bytes.
          expect(run.stdout).toBe(`holdfast-gate 1\n${home}/data/app.sqlite3\0`);
          expect(run.status).toBe(64);
        },
      ),
      { numRuns: 60 },
    );
    expect(state()).toEqual(before);
  });

  test('answers a request', () => {
    const run = askGate(gates[shell] as string, 'holdfast 1 list', home);
    expect(run.stdout).toBe(`holdfast-gate 1\n~/data/*.sqlite3\0\0${home}/data/app.sqlite3\0`);
  });
});
