import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { copyOf } from '../kit/sqlite-copy.ts';
import { addUser } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';
import type { User } from '../kit/users.ts';

let user: User;
let sudoers: string;
let dir: string;
let path: string;
let sshd: Sshd;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-sudo-'));
  chmodSync(dir, 0o700);
  path = join(dir, 'app.sqlite3');
  makeAppDatabase(path, { megabytes: 5 });
  sshd = await startSshd();
  user = addUser(sshd);
  sudoers = `/etc/sudoers.d/${user.name}`;
});
afterAll(async () => {
  await sshd.stop();
  user.remove();
  rmSync(sudoers, { force: true });
  rmSync(dir, { recursive: true });
});

const connect = (sudo: boolean): Promise<Host> => {
  const { host, port, knownHosts } = sshd;
  const ssh = { user: user.name, host, port, knownHosts, privateKey: new Secret(sshd.privateKey) };
  return openHost({ ssh, sudo, container: null, env: process.env, signal });
};

test('a file that only root may read is backed up by sudo, and the app goes on with its files as they were', async () => {
  writeFileSync(sudoers, `${user.name} ALL=(root) NOPASSWD: ALL\n`, { mode: 0o440 });
  const writer = await startWriter(path, { perSecond: 50 });
  try {
    await using plain = await connect(false);
    await expect(copyOf(path, plain)).rejects.toMatchObject({ code: 'sqlite.missing' });
    await using host = await connect(true);
    const { copy } = await copyOf(path, host);
    expect(brokenInvariants(copy)).toEqual([]);
    expect(readdirSync(dir)).toEqual(['app.sqlite3', 'app.sqlite3-shm', 'app.sqlite3-wal']);
  } finally {
    expect((await writer.stop()).commits).toBeGreaterThan(0);
  }
});

test('without the right to it, sudo says so and asks for no password', async () => {
  rmSync(sudoers, { force: true });
  await using host = await connect(true);
  await expect(copyOf(path, host)).rejects.toMatchObject({
    code: 'host.no-shell',
    message: expect.stringMatching(/sudo: a password is required|may not run sudo|not in the sudoers/),
  });
});
