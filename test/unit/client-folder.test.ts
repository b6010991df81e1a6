import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openClientFolder } from '../../src/app/client-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-client-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('a client that was fetched is kept', () => {
  test('in a workflow, in the folder of the job', async () => {
    const env = { RUNNER_TEMP: join(dir, 'temp'), XDG_CACHE_HOME: dir, HOME: dir };
    expect(await openClientFolder(env)).toBe(join(dir, 'temp/holdfast-clients'));
  });

  test('elsewhere, in the cache of the user, where nobody else can put a program', async () => {
    for (const [env, folder] of [
      [{ HOME: dir }, '.cache/holdfast'],
      [{ HOME: dir, XDG_CACHE_HOME: 'relative' }, '.cache/holdfast'],
      [{ HOME: '/nowhere', XDG_CACHE_HOME: join(dir, 'xdg') }, 'xdg/holdfast'],
    ] as const) {
      for (const _ of ['made', 'found']) expect(await openClientFolder(env)).toBe(join(dir, folder));
      expect(statSync(join(dir, folder)).mode & 0o777).toBe(0o700);
    }
  });

  test('nowhere for a user without a home folder: the current folder is none', async () => {
    await expect(openClientFolder({ HOME: 'relative' })).rejects.toMatchObject({
      ...{ code: 'postgres.install', input: 'install-client' },
      message: "The PostgreSQL client can't be kept: this user has no home folder.",
    });
  });

  test.each<[string, (folder: string) => void]>([
    ['it is a link', (folder) => symlinkSync(tmpdir(), folder)],
    [
      'it belongs to somebody else',
      (folder) => {
        mkdirSync(folder, { mode: 0o755 });
        chownSync(folder, 12_345, 12_345);
      },
    ],
    [
      'others may write to it',
      (folder) => {
        mkdirSync(folder);
        chmodSync(folder, 0o770);
      },
    ],
    ["it can't be made (EEXIST)", (folder) => writeFileSync(folder, '')],
  ])('nowhere where somebody else was first: %s', async (why, prepare) => {
    const folder = join(dir, 'holdfast');
    prepare(folder);
    await expect(openClientFolder({ XDG_CACHE_HOME: dir })).rejects.toMatchObject({
      ...{ code: 'postgres.install', input: 'install-client' },
      message: `The PostgreSQL client can't be kept in ${folder}: ${why}.`,
    });
  });
});
