import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import type { Swapped } from '../../src/core/target.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { crashAfter, holdOpen } from '../kit/sqlite-holder.ts';
import { addUser, localHost, sshHost } from '../kit/sqlite-hosts.ts';
import { loadRequest, makeNotes, notesBytes, notesOf } from '../kit/sqlite-plain.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let outside: string;
let dir: string;
let local: Host;
let fresh: Buffer;

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'holdfast-swap-'));
  chmodSync(outside, 0o755);
  fresh = notesBytes(join(outside, 'fresh'), ['new one', 'new two']);
  local = await localHost();
});
afterAll(() => rmSync(outside, { recursive: true }));
beforeEach(() => {
  dir = mkdtempSync(join(outside, 'case-'));
});

async function restore(path: string, host = local, { force = false, plain = fresh } = {}): Promise<Swapped> {
  const target = new SqliteTarget({ host, path });
  await using staged = await target.stage(loadRequest(plain));
  expect(await staged.check()).toEqual([]);
  return await staged.swap({ id: 'ID', force });
}

const at = (name = 'app.sqlite3'): string => join(dir, name);
const files = (): string[] => readdirSync(dir).sort();

describe('as another user than root', () => {
  let sshd: Sshd;
  let user: ReturnType<typeof addUser>;
  let remote: Host;
  let uid: number;

  beforeAll(async () => {
    sshd = await startSshd();
    user = addUser(sshd);
    uid = Number(execFileSync('id', ['-u', user.name]));
    remote = await sshHost(sshd, user.name);
    return async () => {
      await remote[Symbol.asyncDispose]();
      await sshd.stop();
      user.remove();
    };
  });

  test('a restore needs a folder that it may write to, and an owner that it may give', async () => {
    makeNotes(at(), ['old']);
    const target = new SqliteTarget({ host: remote, path: at() });
    await expect(target.inspect({ signal })).rejects.toMatchObject({ code: 'restore.folder', input: 'to' });
    chmodSync(dir, 0o777);
    await expect(target.stage(loadRequest(fresh))).rejects.toMatchObject({
      code: 'restore.owner',
      hint: expect.stringContaining('sudo: true'),
    });
    expect(files()).toEqual(['app.sqlite3']);
  });

  test('a file of its own is restored', async () => {
    makeNotes(at(), ['old']);
    chownSync(dir, uid, uid);
    chownSync(at(), uid, uid);
    chmodSync(at(), 0o640);
    await restore(at(), remote);
    expect(notesOf(at())).toEqual(['new one', 'new two']);
    expect(statSync(at())).toMatchObject({ uid, mode: 0o100640 });
    await restore(at('made'), remote);
    expect(statSync(at('made'))).toMatchObject({ uid, mode: 0o100600 });
  });

  test('an idle connection of root to a WAL database is seen by its lock', async () => {
    makeNotes(at(), ['old']);
    chownSync(dir, uid, uid);
    chownSync(at(), uid, uid);
    await using holder = await holdOpen(at());
    const target = new SqliteTarget({ host: remote, path: at() });
    expect((await target.inspect({ signal })).inUse).toMatch(new RegExp(`^process ${holder.pid} \\(.+\\)$`));
    await expect(restore(at(), remote)).rejects.toMatchObject({ code: 'restore.in-use' });
    expect(files()).toEqual(['app.sqlite3', 'app.sqlite3-shm', 'app.sqlite3-wal']);
  });
});

test('by force while a process writes: the old one keeps its commits, the new one gets none', async () => {
  makeAppDatabase(at(), { megabytes: 5 });
  const writer = await startWriter(at(), { perSecond: 200 });
  const before = writer.commits;
  const { previous } = await restore(at(), local, { force: true });
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  await sleep(500);
  const { commits } = await writer.stop();
  expect(commits).toBeGreaterThan(before + 10);
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  expect(readFileSync(at()).equals(fresh)).toBe(true);
  expect(files().filter((name) => !name.includes('before'))).toEqual(['app.sqlite3']);
  expect(brokenInvariants(previous ?? '')).toEqual([]);
  const old = new DatabaseSync(previous ?? '', { readOnly: true });
  expect(old.prepare('SELECT transfers FROM totals').get()).toEqual({ transfers: commits });
  old.close();
});

test('by force while a reader holds its snapshot: the old one keeps what only its WAL has', async () => {
  makeNotes(at(), ['old']);
  const app = new DatabaseSync(at());
  await using _ = await holdOpen(at(), 'BEGIN; SELECT count(*) FROM sqlite_master');
  app.exec("INSERT INTO notes (body) VALUES ('in the WAL')");
  await expect(restore(at())).rejects.toMatchObject({ code: 'restore.in-use' });
  const { previous } = await restore(at(), local, { force: true });
  app.exec("INSERT INTO notes (body) VALUES ('after')");
  app.close();
  expect(notesOf(at())).toEqual(['new one', 'new two']);
  expect(notesOf(previous ?? '')).toEqual(['old', 'in the WAL', 'after']);
  expect(files().filter((name) => !name.includes('before'))).toEqual(['app.sqlite3']);
});

test('a reader sees the old one or the new one, at every moment', async () => {
  makeNotes(at(), ['old'], 'delete');
  const script = `while :; do sqlite3 -readonly "$1" 'SELECT count(*) FROM notes' || echo failed; done`;
  const reader = spawn('sh', ['-c', script, 'sh', at()], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let seen = '';
  reader.stdout.on('data', (text) => {
    seen += text;
  });
  await once(reader.stdout, 'data');
  await restore(at(), local, { force: true });
  await sleep(100);
  const ended = once(reader, 'exit');
  process.kill(-(reader.pid as number), 'SIGKILL');
  await ended;
  expect(seen).toMatch(/^(1\n)+(2\n)+$/);
});

test('a disk without room, or full in mid-way, leaves the old file and nothing else', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]);
  try {
    makeNotes(at(), ['old']);
    const large = notesBytes(join(outside, 'large'), ['x'.repeat(5e6)]);
    const target = new SqliteTarget({ host: local, path: at() });
    for (const plainBytes of [large.byteLength, 1000]) {
      await expect(target.stage(loadRequest(large, { plainBytes }))).rejects.toMatchObject({
        code: 'restore.no-space',
        exitCode: 1,
      });
      expect(files()).toEqual(['app.sqlite3']);
    }
    expect(notesOf(at())).toEqual(['old']);
  } finally {
    execFileSync('umount', [dir]);
  }
});

test('a file that appeared, or is gone, since the stage is not touched', async () => {
  const target = new SqliteTarget({ host: local, path: at() });
  {
    await using staged = await target.stage(loadRequest(fresh));
    makeNotes(at(), ['appeared']);
    await expect(staged.swap({ id: 'ID', force: true })).rejects.toMatchObject({ code: 'restore.changed' });
  }
  expect(notesOf(at())).toEqual(['appeared']);
  await using staged = await target.stage(loadRequest(fresh));
  rmSync(at());
  await expect(staged.swap({ id: 'ID', force: true })).rejects.toMatchObject({ code: 'restore.changed' });
  await staged[Symbol.asyncDispose]();
  expect(files()).toEqual([]);
});

test('a swap that fails puts everything back', async () => {
  makeNotes(at(), ['old']);
  crashAfter(at(), ['more']);
  writeFileSync(at('app.sqlite3.before-ID'), 'in the way');
  await expect(restore(at())).rejects.toMatchObject({ code: 'restore.swap' });
  expect(readFileSync(at('app.sqlite3.before-ID'), 'utf8')).toBe('in the way');
  rmSync(at('app.sqlite3.before-ID'));
  expect(notesOf(at())).toEqual(['old', 'more']);
  // A file that is a mount point can't be renamed over; here a damaged one, which has its side files moved first.
  writeFileSync(at(), 'no database');
  writeFileSync(at('app.sqlite3-wal'), 'side');
  execFileSync('mount', ['--bind', at(), at()]);
  try {
    await expect(restore(at())).rejects.toMatchObject({ code: 'restore.swap' });
  } finally {
    execFileSync('umount', [at()]);
  }
  expect(files()).toEqual(['app.sqlite3', 'app.sqlite3-wal']);
  expect(readFileSync(at(), 'utf8')).toBe('no database');
});
