import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ended, runAction, runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-home-'));
  makeAppDatabase(join(home, 'app.sqlite3'));
  env = { HOME: home };
});
afterEach(() => rmSync(home, { recursive: true }));

const own = () => join(home, '.cache/holdfast');
const everything = (): string[] => readdirSync(home, { recursive: true, encoding: 'utf8' }).sort();
const kept = (): string[] =>
  existsSync(join(own(), 'compiled'))
    ? readdirSync(join(own(), 'compiled'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

async function backsUp(more: Record<string, string> = {}): Promise<Ended> {
  const args = ['backup', '--database', `sqlite:${home}/app.sqlite3`, '--store', `file:${home}/store`];
  const run = await runCli([...args, '--json'], { env: { ...env, ...more } });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout).ok).toBe(true);
  return run;
}

describe('the compiled program', () => {
  test("is kept for the next command, in the user's own cache", async () => {
    await backsUp();
    const files = kept();
    expect(files.length).toBeGreaterThan(0);
    expect(statSync(own()).mode & 0o777).toBe(0o700);
    const made = files.map((file) => statSync(file).ino);
    await backsUp();
    // Taken as it is: what did not fit would be written again.
    expect(files.map((file) => statSync(file).ino)).toEqual(made);
  });

  test('is not run when it was damaged', async () => {
    await backsUp();
    for (const file of kept()) {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0x5a, Math.floor(bytes.length / 2)));
    }
    const run = await backsUp();
    expect(run.stderr).not.toMatch(/warning|cache/i);
  });

  test.each<[string, () => void]>([
    [
      'others may write to it',
      () => {
        mkdirSync(own(), { recursive: true });
        chmodSync(own(), 0o777);
      },
    ],
    [
      'others may put something into it',
      () => {
        mkdirSync(own(), { recursive: true });
        chmodSync(own(), 0o1777);
      },
    ],
    ['others may write to the home folder', () => chmodSync(home, 0o777)],
    ['the home folder is that of another user', () => chownSync(home, 12_345, 12_345)],
    [
      'it lies behind a link into the folder of another user',
      () => {
        const hers = join(home, 'hers');
        mkdirSync(join(hers, 'cache'), { recursive: true });
        chownSync(hers, 12_345, 12_345);
        symlinkSync(join(hers, 'cache'), join(home, '.cache'));
      },
    ],
    ['it is a file', () => writeFileSync(join(home, '.cache'), '')],
    [
      'there is no home folder',
      () => {
        env = { HOME: '' };
      },
    ],
    [
      'it is a relative path',
      () => {
        env = { HOME: 'home' };
      },
    ],
  ])('is kept nowhere, and nothing is made, when that is no folder of ours alone: %s', async (_, prepare) => {
    prepare();
    const before = everything();
    await backsUp();
    expect(everything().filter((path) => !path.startsWith('store'))).toEqual(before);
  });

  test('is not kept on a full disk, where it would stay in part', async () => {
    const small = join(home, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', small]);
    try {
      await backsUp({ XDG_CACHE_HOME: small });
      expect(readdirSync(join(small, 'holdfast'))).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  test('is missed by nobody: an account without an entry and without HOME runs a command', async () => {
    const launcher = [
      'setpriv',
      '--reuid=54321',
      '--regid=54321',
      '--clear-groups',
      process.execPath,
    ] as const;
    const run = await runCli(['--help'], { env: { HOME: '' }, launcher });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('is not kept by the Action, whose machine is new each time', async () => {
    const inputs = { database: `sqlite:${home}/app.sqlite3`, store: `file:${home}/store` };
    const run = await runAction(inputs, { env });
    expect(run.exitCode, run.stdout).toBe(0);
    expect(kept()).toEqual([]);
  });
});
