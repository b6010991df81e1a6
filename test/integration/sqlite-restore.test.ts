import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
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
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import type { Swapped } from '../../src/core/target.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { signal } from '../kit/signal.ts';
import { crashAfter, holdOpen } from '../kit/sqlite-holder.ts';
import { localHost, pathWithout, sshHost } from '../kit/sqlite-hosts.ts';
import { loadRequest, makeNotes, notesBytes, notesOf } from '../kit/sqlite-plain.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let outside: string;
let dir: string;
let local: Host;
let remote: Host;
let python: Host;
let busybox: Host;
let sshd: Sshd;
let fresh: Buffer;
const bins: string[] = [];

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  fresh = notesBytes(join(outside, 'fresh'), ['new one', 'new two']);
  sshd = await startSshd();
  bins.push(
    pathWithout('sqlite3'),
    pathWithout('sh', 'find', 'stat', 'ls', 'awk', 'cp', 'mv', 'ln', 'sync', 'readlink', 'df', 'head', 'od'),
  );
  const [onlyPython = '', onlyBusybox = ''] = bins;
  for (const applet of [
    'sh',
    'find',
    'stat',
    'ls',
    'awk',
    'cp',
    'mv',
    'ln',
    'sync',
    'readlink',
    'df',
    'head',
    'od',
  ]) {
    symlinkSync('/usr/bin/busybox', join(onlyBusybox, applet));
  }
  [local, remote, python, busybox] = await Promise.all([
    localHost(),
    sshHost(sshd),
    localHost({ PATH: onlyPython }),
    localHost({ PATH: onlyBusybox }),
  ]);
});
afterAll(async () => {
  await remote[Symbol.asyncDispose]();
  await sshd.stop();
  for (const path of [outside, ...bins]) rmSync(path, { recursive: true });
});
beforeEach(() => {
  dir = mkdtempSync(join(outside, 'case-'));
});

/** All of a restore: look, stage, check, swap. */
async function restore(path: string, host = local, { force = false, plain = fresh } = {}): Promise<Swapped> {
  const target = new SqliteTarget({ host, path });
  await target.inspect({ signal });
  await using staged = await target.stage(loadRequest(plain));
  expect(await staged.check()).toEqual([]);
  return await staged.swap({ id: 'ID', force });
}

const at = (name = 'app.sqlite3'): string => join(dir, name);
const files = (): string[] => readdirSync(dir).sort();
const stateOf = (path: string, host = local) => new SqliteTarget({ host, path }).inspect({ signal });

function goBack({ goBack: commands }: Swapped): void {
  for (const command of commands) execFileSync('sh', ['-ec', command], { cwd: '/' });
}

describe.each<[string, () => Host]>([
  ['here', () => local],
  ['over SSH', () => remote],
  ['by python3', () => python],
  ['with busybox', () => busybox],
])('a restore %s', (_, where) => {
  test('replaces the file, keeps the old one, and can be taken back', async () => {
    makeNotes(at(), ['old']);
    expect(await stateOf(at(), where())).toEqual({ state: 'present', inUse: null });
    const swapped = await restore(at(), where());
    expect(swapped.previous).toBe(at('app.sqlite3.before-ID'));
    expect(files()).toEqual(['app.sqlite3', 'app.sqlite3.before-ID']);
    expect(notesOf(at())).toEqual(['new one', 'new two']);
    expect(notesOf(swapped.previous ?? '')).toEqual(['old']);
    goBack(swapped);
    expect(notesOf(at())).toEqual(['old']);
    expect(files()).toEqual(['app.sqlite3']);
  });

  test('keeps what only the WAL of a crashed app had with the old one', async () => {
    makeNotes(at(), ['old']);
    crashAfter(at(), ['in the WAL only']);
    expect(await stateOf(at(), where())).toMatchObject({ state: 'present' });
    expect(files()).toEqual(['app.sqlite3', 'app.sqlite3-wal']);
    const swapped = await restore(at(), where());
    expect(notesOf(at())).toEqual(['new one', 'new two']);
    expect(notesOf(swapped.previous ?? '')).toEqual(['old', 'in the WAL only']);
    goBack(swapped);
    expect(notesOf(at())).toEqual(['old', 'in the WAL only']);
  });

  test('never leaves the WAL of the old one beside the new one, also when the old one is damaged', async () => {
    makeNotes(at(), ['old']);
    crashAfter(at(), ['lost']);
    const wal = readFileSync(at('app.sqlite3-wal'));
    for (const broken of [Buffer.alloc(0), Buffer.from('no database'), readFileSync(at()).fill(0xff, 90)]) {
      writeFileSync(at(), broken);
      writeFileSync(at('app.sqlite3-wal'), wal);
      const swapped = await restore(at(), where());
      expect(notesOf(at())).toEqual(['new one', 'new two']);
      expect(files().filter((name) => !name.includes('before'))).toEqual(['app.sqlite3']);
      goBack(swapped);
      for (const name of files()) if (name.includes('before')) throw new Error(`${name} is left`);
    }
  });

  test('makes a file that was not there, for its user alone, and no side file of an older one has a say', async () => {
    makeNotes(at(), ['old']);
    crashAfter(at(), ['lost']);
    rmSync(at());
    expect(await stateOf(at(), where())).toEqual({ state: 'absent', inUse: null });
    expect(await restore(at(), where())).toEqual({ previous: null, goBack: [] });
    expect(notesOf(at())).toEqual(['new one', 'new two']);
    expect(statSync(at()).mode & 0o7777).toBe(0o600);
    expect(files()).toEqual(['app.sqlite3', 'app.sqlite3.before-ID-wal']);
  });

  test('is refused while another process has it open', async () => {
    for (const journal of ['wal', 'delete']) {
      const path = at(`${journal}.sqlite3`);
      makeNotes(path, ['old'], journal);
      const target = new SqliteTarget({ host: where(), path });
      await using staged = await target.stage(loadRequest(fresh));
      await using holder = await holdOpen(path);
      expect((await target.inspect({ signal })).inUse).toMatch(
        new RegExp(`^process ${holder.pid} \\(.+\\)$`),
      );
      const error = await staged.swap({ id: 'ID', force: false }).catch((cause) => cause);
      expect(error).toMatchObject({ code: 'restore.in-use', input: 'force' });
      expect(error.message).toContain(`process ${holder.pid}`);
    }
    expect(files()).toEqual(['delete.sqlite3', 'wal.sqlite3']);
    expect(notesOf(at('wal.sqlite3'))).toEqual(['old']);
  });
});

test('a hot journal is played back into the old one, not into the new one', async () => {
  makeNotes(at(), ['old', 'x'.repeat(500_000)], 'delete');
  const crash = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec("PRAGMA cache_size = 2; BEGIN; UPDATE notes SET body = replace(body, 'x', 'y')");
    process.kill(process.pid, 'SIGKILL');`;
  expect(() => execFileSync(process.execPath, ['-e', crash, at()], { stdio: 'ignore' })).toThrow();
  expect(files()).toEqual(['app.sqlite3', 'app.sqlite3-journal']);
  const swapped = await restore(at());
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  expect(files()).toEqual(['app.sqlite3', 'app.sqlite3.before-ID']);
  expect(notesOf(swapped.previous ?? '')).toEqual(['old', 'x'.repeat(500_000)]);
});

test('a look tells what is there and changes nothing', async () => {
  writeFileSync(at('zero'), '');
  new DatabaseSync(at('tableless')).exec('PRAGMA user_version = 1');
  makeNotes(at('notes'), []);
  writeFileSync(at('text'), 'no database');
  makeNotes(at('damaged'), ['old']);
  writeFileSync(at('damaged'), readFileSync(at('damaged')).fill(0xff, 50));
  const before = files().map((name) => [name, statSync(at(name)).mtimeMs]);
  const states = await Promise.all(
    ['zero', 'tableless', 'notes', 'text', 'damaged', 'none'].map((name) => stateOf(at(name))),
  );
  expect(states.map(({ state }) => state)).toEqual([
    'empty',
    'empty',
    'present',
    'present',
    'present',
    'absent',
  ]);
  expect(files().map((name) => [name, statSync(at(name)).mtimeMs])).toEqual(before);
});

test('a place that can not be restored to is an error', async () => {
  writeFileSync(at('file'), 'x');
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('fifo')]);
  symlinkSync(at('nowhere/app'), at('link'));
  const code = (path: string) =>
    stateOf(path).catch((error) => {
      expect(error.input).toBe('to');
      return error.code;
    });
  expect(await code(at('folder'))).toBe('restore.not-a-file');
  expect(await code(at('fifo'))).toBe('restore.not-a-file');
  for (const path of ['none/app', 'file/app', 'link', 'none/deeper/app']) {
    expect(await code(at(path)), path).toBe('restore.folder');
  }
});

test('a link stays a link, and its file is swapped', async () => {
  mkdirSync(at('data'));
  makeNotes(at('data/real.sqlite3'), ['old']);
  symlinkSync('data/real.sqlite3', at());
  const { previous } = await restore(at());
  expect(lstatSync(at()).isSymbolicLink()).toBe(true);
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  expect(previous).toBe(at('data/real.sqlite3.before-ID'));
});

test('owner and mode stay', async () => {
  makeNotes(at(), ['old']);
  chownSync(at(), 1234, 2345);
  chmodSync(at(), 0o640);
  chownSync(dir, 1234, 2345);
  await restore(at());
  expect(statSync(at())).toMatchObject({ uid: 1234, gid: 2345, mode: 0o100640 });
  await restore(at('made'));
  expect(statSync(at('made'))).toMatchObject({ uid: 1234, gid: 2345, mode: 0o100600 });
});

test('any name is taken literally, also by the backup of what is there', async () => {
  const names = [
    "it's.db",
    'a b.db',
    '$(touch pwned).db',
    '";.quit;.db',
    'ünï*co[d]e?.db',
    '-rf.db',
    '{a,b}.db',
  ];
  for (const name of [...names, 'new\nline.db', 'new\n', '\\n.db', 'per%20cent#x?y.db', '~.db', '.hidden']) {
    const path = at(name);
    makeNotes(path, [name]);
    crashAfter(path, ['more']);
    const target = new SqliteTarget({ host: local, path });
    expect(target.name).toBe(name);
    expect(await target.inspect({ signal }), name).toEqual({ state: 'present', inUse: null });
    const [database] = await target.source.discover({ signal });
    await using snapshot = await target.source.snapshot(database as never, { signal });
    expect((await collect(snapshot.read())).byteLength, name).toBeGreaterThan(4096);
    const swapped = await restore(path);
    expect(notesOf(path), name).toEqual(['new one', 'new two']);
    expect(notesOf(`${path}.before-ID`)).toEqual([name, 'more']);
    goBack(swapped);
    expect(notesOf(path), name).toEqual([name, 'more']);
  }
  expect(existsSync('/pwned') || existsSync(at('pwned'))).toBe(false);
});

test('a path below ~ and a relative one are those of the host', async () => {
  const home = await localHost({ ...process.env, HOME: dir });
  makeNotes(at(), ['old']);
  await restore('~/app.sqlite3', home);
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  makeNotes(at('-two.sqlite3'), ['old']);
  // Programs of this machine start in /.
  const { previous } = await restore(at('-two.sqlite3').slice(1));
  expect(previous).toBe(at('-two.sqlite3.before-ID'));
});
