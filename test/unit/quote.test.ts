import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/core/program.ts';
import { quote } from '../../src/core/quote.ts';
import { dotArgument, fileUri } from '../../src/engines/sqlite/sqlite-quote.ts';
import { TetheredHost } from '../../src/hosts/tethered-host.ts';
import type { Transport } from '../../src/hosts/transport.ts';
import { nasty } from '../kit/nasty.ts';
import { signal } from '../kit/signal.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-quote-'));
  // For globs to find.
  writeFileSync(join(dir, 'a'), '');
});
afterEach(() => {
  expect(readdirSync(dir), 'nothing in a text was run').toEqual(['a']);
  rmSync(dir, { recursive: true });
});

/** Many texts for each process: ten of them make 10,000. */
const batch = fc.array(nasty, { minLength: 1000, maxLength: 1000 });

test.each([['sh'], ['dash'], ['bash'], ['zsh'], ['busybox', 'sh']])(
  '%s reads 10,000 quoted texts back as they were',
  (...shell) => {
    const [program = '', ...args] = shell;
    fc.assert(
      fc.property(batch, (texts) => {
        const script = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n');
        const read = execFileSync(program, [...args], { input: script, encoding: 'utf8', cwd: dir });
        expect(read.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 10 },
    );
  },
);

/** As many as one command line takes. */
const command = fc.array(nasty, { minLength: 100, maxLength: 100 });

/** What sshd does with a command, for an account with that login shell. */
const loginShell = (...shell: readonly [string, ...string[]]): Transport => ({
  label: shell.join(' '),
  remote: true,
  async start(argv) {
    const [program, ...args] = shell;
    const child = spawn(program, [...args, '-c', argv.map(quote).join(' ')], { cwd: dir, stdio: 'pipe' });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null }));
    const { stdin, stdout, stderr } = child;
    return { stdin, stdout, stderr, ended, destroy: () => child.kill('SIGKILL') };
  },
  close: async () => {},
});

describe.each([['sh'], ['dash'], ['bash'], ['zsh'], ['fish'], ['busybox', 'sh']] as [string, ...string[]][])(
  'an account whose login shell is %s',
  (...shell) => {
    test('passes 1,000 arguments on as they are, and so variables and input', async () => {
      const host = new TetheredHost(loginShell(...shell), 60_000);
      await fc.assert(
        fc.asyncProperty(command, async (texts) => {
          const [variable = '', stdin = '', ...args] = texts;
          const argv = ['sh', '-c', 'printf "%s\\0" "$HOLDFAST_TEST" "$@"; cat', 'sh', ...args] as const;
          const run = await runProgram(host, [...argv], {
            signal,
            stdin,
            env: { HOLDFAST_TEST: variable },
          });
          expect(run.stdout).toBe(`${[variable, ...args].join('\0')}\0${stdin}`);
        }),
        { numRuns: 10 },
      );
    });
  },
);

describe('sqlite3', () => {
  const sqlite3 = (input: string): string =>
    execFileSync('sqlite3', ['-batch', '-bail', '-init', '/dev/null'], { input, encoding: 'utf8', cwd: dir });

  test('reads 10,000 arguments of its dot-commands as they were', () => {
    fc.assert(
      fc.property(batch, (texts) => {
        const script = texts.map((text) => `.print ${dotArgument(`${text}|`)}\n.print end`).join('\n');
        expect(sqlite3(script).split('|\nend\n').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 10 },
    );
  });

  test('opens the very file that is meant, of 1,000 names', () => {
    const names = command.map((texts) => [
      ...new Set(texts.map((text) => `n${text.replaceAll('/', '∕')}`.slice(0, 60).toWellFormed())),
    ]);
    fc.assert(
      fc.property(names, (files) => {
        const folder = mkdtempSync(join(dir, 'files-'));
        const statements = files.map((file, index) => {
          const uri = fileUri(join(folder, file), 'mode=rwc').replaceAll("'", "''");
          return `ATTACH '${uri}' AS f; CREATE TABLE f.own AS SELECT ${index} AS number; DETACH f;`;
        });
        execFileSync('sqlite3', ['-batch', '-bail', 'file::memory:'], {
          input: `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;\n${statements.join('\n')}`,
          stdio: ['pipe', 'ignore', 'pipe'],
        });
        expect(readdirSync(folder).sort()).toEqual([...files].sort());
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 10 },
    );
  });
});
