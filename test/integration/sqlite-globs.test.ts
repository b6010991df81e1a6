import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { addUser, localHost, pathWithout, sshHost } from '../kit/sqlite-hosts.ts';
import { startSshd } from '../kit/sshd.ts';

/** This machine with GNU find, and with BusyBox's. */
const hosts = new Map<string, Host>();
let dir: string;

beforeAll(async () => {
  const bin = pathWithout('find');
  symlinkSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(bin, 'find'));
  hosts.set('GNU', await localHost());
  hosts.set('BusyBox', await localHost({ ...process.env, PATH: bin }));
  return () => rmSync(bin, { recursive: true });
});
afterAll(async () => {
  for (const host of hosts.values()) await host[Symbol.asyncDispose]();
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-globs-'));
  return () => rmSync(dir, { recursive: true });
});

/** The files that globs below the folder find, without that folder. */
const found = async (host: Host | undefined, ...globs: readonly string[]): Promise<string[]> => {
  if (host === undefined) throw new TypeError('no such host');
  const engine = new SqliteEngine({ host, paths: globs.map((glob) => join(dir, glob)), exclude: [] });
  const databases = await engine.discover({ signal });
  return databases.map(({ source }) => source.replace(`sqlite:${dir}/`, '').replace(/ on .*/, ''));
};
const make = (...files: readonly string[]): void => {
  for (const file of files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    makeAppDatabase(join(dir, file));
  }
};
const link = (target: string, path: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  symlinkSync(target, join(dir, path));
};

describe.each(['GNU', 'BusyBox'])('with the find of %s,', (find) => {
  test('a glob goes through links to folders, as a shell does', async () => {
    make('apps/one/storage/app.sqlite3', 'shared/app.sqlite3', 'shared/queue.sqlite3');
    link('../../shared', 'apps/two/storage');
    expect(await found(hosts.get(find), 'apps/*/storage/*.sqlite3')).toEqual([
      'apps/one/storage/app.sqlite3',
      'apps/two/storage/app.sqlite3',
      'apps/two/storage/queue.sqlite3',
    ]);
    expect(await found(hosts.get(find), 'apps/two/storage/*.sqlite3')).toHaveLength(2);
    expect(await found(hosts.get(find), 'apps/two/storage/**/*.sqlite3')).toHaveLength(2);
    // Nobody can say where `**` would lead.
    expect(await found(hosts.get(find), 'apps/**/*.sqlite3')).toEqual(['apps/one/storage/app.sqlite3']);
  });

  test('a folder that several links lead to is one', async () => {
    make('shared/app.sqlite3', 'other/storage/app.sqlite3');
    for (const release of ['1', '2', '3']) link('../../shared', `releases/${release}/storage`);
    const globs = ['releases/*/storage/*.sqlite3', 'other/*/*.sqlite3'];
    expect(await found(hosts.get(find), ...globs)).toEqual([
      'other/storage/app.sqlite3',
      'releases/1/storage/app.sqlite3',
    ]);
    expect(await found(hosts.get(find), ...globs, 'share?/*.sqlite3')).toEqual([
      'other/storage/app.sqlite3',
      'shared/app.sqlite3',
    ]);
  });

  test('links that lead to nothing, to themselves or in a circle are no failure', async () => {
    make('apps/one/app.sqlite3');
    link('nowhere', 'apps/gone');
    link('itself', 'apps/itself');
    link('one/app.sqlite3/below', 'apps/below');
    link('..', 'apps/one/up');
    link('.', 'apps/current');
    expect(await found(hosts.get(find), 'apps/*/app.sqlite3')).toEqual(['apps/one/app.sqlite3']);
    expect(await found(hosts.get(find), 'apps/one/*/*.sqlite3').catch(({ code }) => code)).toEqual(
      'sqlite.no-match',
    );
  });

  test('names are found however they are asked for', async () => {
    const names = ['app1.sqlite3', 'appé.sqlite3', 'APP.sqlite3', 'a b.sqlite3', 'x.db', '.hidden.sqlite3'];
    make(...names.map((name) => `data/${name}`));
    const of = async (glob: string): Promise<string[]> =>
      (await found(hosts.get(find), `data/${glob}`)).map((path) => path.slice('data/'.length));
    expect(await of('*.sqlite3')).toEqual(['APP.sqlite3', 'a b.sqlite3', 'app1.sqlite3', 'appé.sqlite3']);
    expect(await of('app?.sqlite3')).toEqual(['app1.sqlite3', 'appé.sqlite3']);
    expect(await of('app[0-9].sqlite3')).toEqual(['app1.sqlite3']);
    expect(await of('app[12].sqlite3')).toEqual(['app1.sqlite3']);
    expect(await of('*.{db,sqlite}')).toEqual(['x.db']);
    expect(await of('@(x|y).db')).toEqual(['x.db']);
    expect(await of('a\\ *.sqlite3')).toEqual(['a b.sqlite3']);
    expect(await of('app**.sqlite3')).toEqual(['app1.sqlite3', 'appé.sqlite3']);
    expect(await of('.*.sqlite3')).toEqual(['.hidden.sqlite3']);
  });
});

test('a folder of very many files is searched, or the glob is called too wide', async () => {
  make('many/app.sqlite3');
  const script = 'cd "$1" && seq -f "$2%.0f.txt" 75000 | xargs touch';
  execFileSync('sh', ['-c', script, 'sh', join(dir, 'many'), 'x'.repeat(220)]);
  expect(await found(hosts.get('GNU'), 'many/*.sqlite3')).toEqual(['many/app.sqlite3']);
  await expect(found(hosts.get('GNU'), 'many/*')).rejects.toMatchObject({
    ...{ code: 'sqlite.too-many', input: 'database' },
    message: `sqlite:${dir}/many/* looks through too many files on this machine.`,
    hint: expect.stringContaining('narrower'),
  });
});

test.each(['?pool=5', '?mode=ro&cache=shared'])(
  'options after a path are told apart: %s',
  async (options) => {
    make('app.sqlite3');
    await expect(found(hosts.get('GNU'), `app.sqlite3${options}`)).rejects.toMatchObject({
      code: 'sqlite.no-match',
      hint: expect.stringContaining(`Write \`sqlite:${dir}/app.sqlite3\`.`),
    });
    await expect(found(hosts.get('GNU'), 'app?.sqlite3')).rejects.toMatchObject({
      hint: expect.stringContaining('Correct the glob'),
    });
  },
);

test('a link into a folder that the user may not look into is told when the glob could reach it', async () => {
  const sshd = await startSshd();
  const user = addUser(sshd);
  try {
    make('apps/one/app.sqlite3', 'closed/app.sqlite3', 'closed/sub/app.sqlite3');
    chmodSync(dir, 0o755);
    chmodSync(join(dir, 'closed'), 0o700);
    link('../closed/sub', 'apps/two');
    link('../../closed/app.sqlite3', 'apps/one/linked.sqlite3');
    await using host = await sshHost(sshd, user.name);
    const told = (path: string) => ({
      code: 'sqlite.unreadable',
      message: expect.stringContaining(`may not look into ${dir}/${path}`),
    });
    await expect(found(host, 'apps/t*/*.sqlite3')).rejects.toMatchObject(told('apps/two'));
    await expect(found(host, 'apps/one/*.sqlite3')).rejects.toMatchObject(told('apps/one/linked.sqlite3'));
    expect(await found(host, 'apps/one/a*.sqlite3')).toEqual(['apps/one/app.sqlite3']);
  } finally {
    user.remove();
    await sshd.stop();
  }
});
