import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { GatedSqliteEngine } from '../../src/engines/sqlite/gated-engine.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { gatedHost, holdKey, shells } from '../kit/gate.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { addUser, localHost, sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let user: ReturnType<typeof addUser>;
let dir: string;

beforeAll(async () => {
  sshd = await startSshd();
  user = addUser(sshd);
});
afterAll(async () => {
  user.remove();
  await sshd.stop();
});
/** Tenants a, b and .c, each with a database; the user may not look into b. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-closed-'));
  chmodSync(dir, 0o755);
  for (const tenant of ['a', 'b', '.c']) {
    mkdirSync(join(dir, tenant));
    makeAppDatabase(join(dir, tenant, 'app.sqlite3'));
    chmodSync(join(dir, tenant, 'app.sqlite3'), 0o644);
  }
  chmodSync(join(dir, 'b'), 0o700);
  chmodSync(join(dir, '.c'), 0o700);
  return () => rmSync(dir, { recursive: true });
});

const found = async (host: Host, glob: string, exclude: readonly string[] = []): Promise<string[]> => {
  const engine = new SqliteEngine({ host, paths: [join(dir, glob)], exclude });
  return (await engine.discover({ signal })).map(({ source }) => source.split(' ')[0] as string);
};
const ofA = (): string[] => [`sqlite:${dir}/a/app.sqlite3`];

describe('a glob over folders of which the user may not look into one', () => {
  test.each(['*/app.sqlite3', '**/*.sqlite3', '{a,b}/*.sqlite3'])('is refused: %s', async (glob) => {
    await using host = await sshHost(sshd, user.name);
    await expect(found(host, glob)).rejects.toMatchObject({
      ...{ code: 'sqlite.unreadable', input: 'database' },
      message: expect.stringContaining(`may not look into ${dir}/b.`),
      hint: expect.stringMatching(/`sudo: true`.*`exclude`: `.*\/b\/\*\*`/),
    });
  });

  test('is taken where no file of it can be there, or none is wanted', async () => {
    await using host = await sshHost(sshd, user.name);
    expect(await found(host, 'a*/*.sqlite3')).toEqual(ofA());
    expect(await found(host, '**/*.sqlite3', [`${dir}/b/**`])).toEqual(ofA());
    expect(await found(host, '*/*.sqlite3', [join(dir, 'b')])).toEqual(ofA());
  });

  test.each(shells)('is refused by a gate run by %s, too', async (shell) => {
    const through = async (glob: string) => {
      const allowed = { paths: [join(dir, glob)], exclude: [] };
      holdKey(sshd, allowed, shell);
      await using host = await gatedHost(sshd, user.name);
      return await new GatedSqliteEngine({ host, ...allowed }).discover({ signal });
    };
    expect(await through('a*/*.sqlite3')).toHaveLength(1);
    for (const glob of ['*/app.sqlite3', '*/*.sqlite3', 'b/*.sqlite3', '[ab]/*.sqlite3']) {
      await expect(through(glob), glob).rejects.toMatchObject({
        code: 'sqlite.unreadable',
        message: expect.stringContaining(`may not look into ${dir}/b.`),
        hint: expect.not.stringContaining('sudo'),
      });
    }
    // What is in it can be read by its name, but not listed.
    chmodSync(join(dir, 'b'), 0o711);
    expect(await through('*/app.sqlite3')).toHaveLength(2);
    await expect(through('*/*.sqlite3')).rejects.toMatchObject({ code: 'sqlite.unreadable' });
  });
});

describe('a listing', () => {
  /** This machine, whose find ends like that. */
  const withFind = (script: string): Promise<Host> => {
    const bin = mkdtempSync(join(dir, 'bin-'));
    writeFileSync(join(bin, 'find'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return localHost({ ...process.env, PATH: `${bin}:${process.env['PATH']}` });
  };

  test('is whole when a folder vanishes meanwhile', async () => {
    await using host = await withFind(
      `/usr/bin/find "$@"; echo "find: '${dir}/gone': No such file or directory" >&2; exit 1`,
    );
    expect(await found(host, 'a/*.sqlite3')).toEqual(ofA());
  });

  test.each([
    ['was killed', 'kill -KILL $$', /killed by signal 9/],
    ['met an error of the disk', `echo "find: '/x': Input/output error" >&2; exit 1`, /Input\/output error/],
    ['said nothing', 'exit 1', /exit code 1/],
  ])('is not believed when it %s', async (_, end, says) => {
    await using host = await withFind(`/usr/bin/find "$@"; ${end}`);
    await expect(found(host, 'a/*.sqlite3')).rejects.toMatchObject({ code: 'command.failed', message: says });
  });

  test('of a folder that is not there says so', async () => {
    await using host = await localHost();
    await expect(found(host, 'nowhere/*.sqlite3')).rejects.toMatchObject({ code: 'sqlite.no-match' });
  });
});
