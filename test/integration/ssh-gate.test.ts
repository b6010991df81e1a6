import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/core/program.ts';
import { GatedSqliteEngine } from '../../src/engines/sqlite/gated-engine.ts';
import { type Allowed, gatedHost, holdKey, processesIn, shells, sshArguments } from '../kit/gate.ts';
import { signal } from '../kit/signal.ts';
import { brokenInvariants, makeAppDatabase, startWriter } from '../kit/sqlite.ts';
import { copyOf } from '../kit/sqlite-copy.ts';
import { addUser, localHost, sshHost } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let scratch: string;
let dir: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'holdfast-gate-'));
  sshd = await startSshd({
    config: [`SetEnv TMPDIR=${scratch}`, 'AllowTcpForwarding yes', 'Subsystem sftp internal-sftp'],
  });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-gated-'));
});
afterEach(() => {
  expect(readdirSync(scratch)).toEqual([]);
  rmSync(dir, { recursive: true });
});
afterAll(async () => {
  await sshd.stop();
  rmSync(scratch, { recursive: true });
});

const database = (name = 'app.sqlite3', megabytes = 1): string => {
  makeAppDatabase(join(dir, name), { megabytes });
  return join(dir, name);
};

/** One copy through the gate. */
async function takeOne(allowed: Allowed, user?: string) {
  await using host = await gatedHost(sshd, user);
  const engine = new GatedSqliteEngine({ host, ...allowed });
  const [found] = await engine.discover({ signal });
  if (found === undefined) throw new Error('nothing was discovered');
  const probe = await engine.probe(found, { signal });
  await using snapshot = await engine.snapshot(found, { signal });
  const copy = join(dir, 'copy');
  await using file = await open(copy, 'w');
  for await (const chunk of snapshot.read()) await file.write(chunk);
  return { probe, snapshot, copy, proof: await snapshot.proof };
}

describe.each(shells)('a gate run by %s', (shell) => {
  test('gives one state of a WAL database that is written to, with the proof of the ordinary way', async () => {
    const path = database('app.sqlite3', 20);
    const app = new DatabaseSync(path);
    app.exec(`CREATE VIRTUAL TABLE search USING fts5(body); CREATE TABLE "it's ""odd""
.shell touch ${dir}/ran" (x); CREATE VIEW v AS SELECT 1;`);
    app.close();
    const allowed = { paths: [path], exclude: [] };
    holdKey(sshd, allowed, shell);
    const writer = await startWriter(path, { perSecond: 100 });
    const { copy, snapshot } = await takeOne(allowed);
    await writer.stop();
    expect(brokenInvariants(copy)).toEqual([]);
    expect(snapshot.method).toBe('sqlite3 .backup inside a read transaction');

    await using here = await localHost();
    const [gated, ordinary] = [await takeOne(allowed), await copyOf(path, here)];
    expect(gated.proof).toEqual(ordinary.proof);
    expect(gated.snapshot).toMatchObject({
      engineVersion: ordinary.snapshot.engineVersion,
      toolVersion: ordinary.snapshot.toolVersion,
    });
    expect(readdirSync(dir).filter((name) => name.startsWith('app'))).toEqual(['app.sqlite3']);
  });

  test('counts the tables of a database in UTF-16', async () => {
    const path = join(dir, 'wide.sqlite3');
    const db = new DatabaseSync(path);
    db.exec("PRAGMA encoding = 'UTF-16le'; CREATE TABLE plain (x); CREATE TABLE größe (x)");
    db.close();
    const allowed = { paths: [path], exclude: [] };
    holdKey(sshd, allowed, shell);
    expect((await takeOne(allowed)).proof.fingerprint.tables).toEqual({ größe: 0, plain: 0 });
  });

  test('expands the globs of its line, and leaves out what they leave out', async () => {
    for (const name of ['b.sqlite3', 'a b.sqlite3', "it's.sqlite3", 'x_cache.sqlite3', '.hidden.sqlite3'])
      database(name);
    writeFileSync(join(dir, 'b.sqlite3-wal'), '');
    mkdirSync(join(dir, 'folder.sqlite3'));
    symlinkSync(join(dir, 'nowhere'), join(dir, 'broken.sqlite3'));
    const allowed = { paths: [`${dir}/*.sqlite3*`, `${dir}/missing.sqlite3`], exclude: ['*_cache.*'] };
    holdKey(sshd, allowed, shell);
    await using host = await gatedHost(sshd);
    const engine = new GatedSqliteEngine({ host, ...allowed });
    const found = await engine.discover({ signal });
    expect(found.map(({ name }) => name)).toEqual(['a b', 'b', "it's", 'missing']);
    await expect(engine.probe(found[3] as (typeof found)[0], { signal })).rejects.toMatchObject({
      code: 'sqlite.missing',
    });
  });

  test('tells a damaged database', async () => {
    const path = database();
    const allowed = { paths: [path], exclude: [] };
    holdKey(sshd, allowed, shell);
    const file = await open(path, 'r+');
    for (let page = 4; page < 60; page += 1) await file.write(Buffer.alloc(2000, 0xff), 0, 2000, page * 4096);
    await file.close();
    await expect(takeOne(allowed)).rejects.toMatchObject({ code: 'sqlite.damaged' });
  });
});

describe('a login shell', () => {
  test.each(['/bin/bash', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh'])(
    '%s runs the gate as any other',
    async (shell) => {
      const user = addUser(sshd, shell);
      try {
        spawnSync('chmod', ['1777', scratch, dir]);
        const path = database("it's.sqlite3");
        spawnSync('chmod', ['644', path]);
        const allowed = { paths: [path], exclude: ['*_cache.*'] };
        holdKey(sshd, allowed);
        expect(brokenInvariants((await takeOne(allowed, user.name)).copy)).toEqual([]);
      } finally {
        user.remove();
      }
    },
  );
});

describe('with the key of a gate', () => {
  let allowed: Allowed;
  beforeEach(() => {
    allowed = { paths: [database()], exclude: [] };
    holdKey(sshd, allowed);
  });
  const ssh = (...args: string[]) =>
    spawnSync('ssh', [...sshArguments(sshd), ...args], {
      encoding: 'utf8',
      timeout: 20_000,
      input: 'touch ran\n',
    });

  test.each<[string, string[]]>([
    ['no shell', []],
    ['no other program', ['cat /etc/passwd']],
    ['no program after a request', ['holdfast 1 list; cat /etc/passwd']],
  ])('there is %s', (_, request) => {
    expect(ssh('127.0.0.1', ...request)).toMatchObject({
      stdout: '',
      status: 64,
      stderr: expect.stringContaining('this key only takes the backup'),
    });
  });

  test('there is no terminal', () => {
    const run = ssh('-tt', '127.0.0.1');
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('PTY allocation request failed');
  });

  test('there is no forwarding of ports, of the agent or of X11', async () => {
    const remote = ssh('-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:22', '-N', '127.0.0.1');
    expect(remote.stderr).toContain('remote port forwarding failed');
    // -W asks at once for what -L and -D ask for when somebody connects to them.
    const direct = ssh('-W', `127.0.0.1:${sshd.port}`, '127.0.0.1');
    expect(direct).toMatchObject({ stdout: '', status: 255 });
    expect(direct.stderr).toMatch(/administratively prohibited|forwarding failed/);
    await using host = await sshHost(sshd);
    await using forward = await host.forward?.({ host: '127.0.0.1', port: sshd.port });
    const { createConnection } = await import('node:net');
    const socket = createConnection({ host: '127.0.0.1', port: forward?.port as number });
    let said = '';
    socket.on('data', (text) => {
      said += text;
    });
    await once(socket, 'close');
    expect(said).toBe('');
  });

  test('there is no copying of files by scp or sftp', () => {
    const target = `127.0.0.1:/etc/passwd`;
    for (const argv of [['scp'], ['scp', '-O'], ['sftp']] as const) {
      const [program, ...flags] = argv;
      const run = spawnSync(program, [...flags, ...sshArguments(sshd), target, join(dir, 'stolen')], {
        encoding: 'utf8',
      });
      expect(run.status).not.toBe(0);
    }
    expect(readdirSync(dir)).not.toContain('stolen');
  });

  test('the ordinary way is told what to set', async () => {
    await using host = await sshHost(sshd);
    await expect(runProgram(host, ['true'], { signal })).rejects.toMatchObject({
      code: 'host.no-shell',
      message: expect.stringContaining('set ssh-gate: true'),
    });
  });

  test('whose line is for other files, or that has no gate, the line is asked for', async () => {
    await using host = await gatedHost(sshd);
    const other = new GatedSqliteEngine({ host, paths: ['/srv/other.sqlite3'], exclude: [] });
    await expect(other.discover({ signal })).rejects.toMatchObject({ code: 'ssh.gate-outdated' });
    const open = await startSshd();
    await using free = await gatedHost(open);
    await expect(
      new GatedSqliteEngine({ host: free, ...allowed }).discover({ signal }),
    ).rejects.toMatchObject({
      code: 'ssh.gate',
      hint: expect.stringContaining('--print-authorized-key'),
    });
    await open.stop();
  });

  test('a file that took the place of another in the list is not taken for it', async () => {
    const globs = { paths: [`${dir}/*.sqlite3`], exclude: [] };
    holdKey(sshd, globs);
    await using host = await gatedHost(sshd);
    const engine = new GatedSqliteEngine({
      host: {
        ...host,
        label: host.label,
        remote: true,
        scratch: host.scratch,
        [Symbol.asyncDispose]: async () => {},
        spawn(words, options) {
          // The moment between the list and the request.
          if (words.includes('snapshot')) database('a-new-one.sqlite3');
          return host.spawn(words, options);
        },
      },
      ...globs,
    });
    const [found] = await engine.discover({ signal });
    await expect(engine.snapshot(found as NonNullable<typeof found>, { signal })).rejects.toMatchObject({
      code: 'sqlite.changed',
    });
  });
});

describe.each(shells)('when the client is killed, a gate run by %s', (shell) => {
  /** Kills `ssh` once the gate is so far, and sees what is left a little later. */
  async function killWhen(
    ready: (stdout: NodeJS.ReadableStream, stdin: NodeJS.WritableStream) => Promise<void>,
  ) {
    const client = spawn('ssh', [...sshArguments(sshd), '127.0.0.1', 'holdfast 1 snapshot 0'], {
      stdio: 'pipe',
    });
    await ready(client.stdout, client.stdin);
    expect(readdirSync(scratch)).toHaveLength(1);
    expect(processesIn(scratch)).not.toEqual([]);
    client.kill('SIGKILL');
    for (let tries = 0; tries < 50 && readdirSync(scratch).length > 0; tries += 1) await sleep(100);
    await sleep(300);
    expect(readdirSync(scratch)).toEqual([]);
    expect(processesIn(scratch)).toEqual([]);
  }
  const untilCopied = async (stdout: NodeJS.ReadableStream): Promise<void> => {
    for (let text = ''; !text.includes('\0'); ) text += (await once(stdout, 'data'))[0];
  };

  test('that waits for a lock leaves nothing', async () => {
    makeAppDatabase(join(dir, 'app.sqlite3'), { journal: 'delete' });
    holdKey(sshd, { paths: [join(dir, 'app.sqlite3')], exclude: [] }, shell);
    const app = new DatabaseSync(join(dir, 'app.sqlite3'));
    app.exec('BEGIN EXCLUSIVE');
    await killWhen(async (stdout) => {
      await once(stdout, 'data');
      await sleep(1000);
    });
    app.close();
  });

  test('that has made its copy leaves nothing', async () => {
    holdKey(sshd, { paths: [database()], exclude: [] }, shell);
    await killWhen((stdout) => untilCopied(stdout));
  });

  test('that sends leaves nothing', async () => {
    holdKey(sshd, { paths: [database('app.sqlite3', 60)], exclude: [] }, shell);
    await killWhen(async (stdout, stdin) => {
      await untilCopied(stdout);
      stdout.pause();
      stdin.write('send zstd 19\n');
      await sleep(500);
    });
  });
});
