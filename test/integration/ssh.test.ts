import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import type { Host } from '../../src/core/host.ts';
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import type { SshTarget } from '../../src/hosts/open-ssh.ts';
import { SshDoctor } from '../../src/hosts/ssh-doctor.ts';
import { freePort } from '../kit/free-port.ts';
import { signal } from '../kit/signal.ts';
import { makeKey, type Sshd, type SshdOptions, startSshd } from '../kit/sshd.ts';
import { startTcpProxy } from '../kit/tcp-proxy.ts';
import { makeUser, type User } from '../kit/users.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd({ hostKeys: ['ed25519', 'rsa'] });
});
afterAll(() => sshd.stop());

const targetOf = (server: Sshd, changes: Partial<SshTarget> = {}): SshTarget => ({
  user: server.user,
  host: server.host,
  port: server.port,
  privateKey: new Secret(server.privateKey),
  knownHosts: server.knownHosts,
  ...changes,
});
const connect = (server: Sshd, changes: Partial<SshTarget> = {}): Promise<Host> =>
  openHost({ ssh: targetOf(server, changes), container: null, sudo: false, env: process.env, signal });

async function works(server: Sshd, changes: Partial<SshTarget> = {}): Promise<void> {
  await using host = await connect(server, changes);
  expect(await runProgram(host, ['echo', 'hello'], { signal })).toMatchObject({ code: 0, stdout: 'hello\n' });
}

async function withSshd(options: SshdOptions, work: (server: Sshd) => Promise<void>): Promise<void> {
  const server = await startSshd(options);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

describe('the host key', () => {
  test('that is not in known_hosts is refused before anything is sent, with the way to get it', async () => {
    const before = sshd.log();
    await expect(connect(sshd, { knownHosts: '' })).rejects.toMatchObject({
      code: 'ssh.host-unknown',
      input: 'ssh-known-hosts',
      hint: expect.stringContaining(`ssh-keyscan -p ${sshd.port} 127.0.0.1`),
    });
    expect(sshd.log()).toBe(before);
  });

  test('that has changed is refused with both fingerprints, and no login is tried', async () => {
    await withSshd({}, async (impostor) => {
      const expected = sshd.knownHosts
        .split('\n')[0]
        ?.replace(`:${sshd.port}`, `:${impostor.port}`) as string;
      const error = await connect(impostor, { knownHosts: expected }).catch((reason: Error) => reason);
      expect(error).toMatchObject({ code: 'ssh.host-changed' });
      expect((error as Error).message.match(/SHA256:\S+/g)).toHaveLength(2);
      expect(impostor.log()).not.toMatch(/userauth|publickey|Failed/);
    });
  });

  test.each([0, 1])(
    'of the type that is pinned is asked for, whatever the server prefers (line %i)',
    async (line) => {
      await works(sshd, { knownHosts: sshd.knownHosts.split('\n')[line] as string });
    },
  );

  test('that is revoked, or known by an authority only, is refused', async () => {
    const line = sshd.knownHosts.split('\n')[0] as string;
    await expect(connect(sshd, { knownHosts: `${line}\n@revoked ${line}` })).rejects.toMatchObject({
      code: 'ssh.host-revoked',
    });
    await expect(connect(sshd, { knownHosts: `@cert-authority ${line}` })).rejects.toMatchObject({
      code: 'ssh.host-unknown',
      message: expect.stringContaining('certificates are not supported'),
    });
    await expect(connect(sshd, { knownHosts: `@other ${line}` })).rejects.toMatchObject({
      code: 'ssh.known-hosts',
    });
  });
});

describe('the key', () => {
  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['without the final newline', (text) => text.trimEnd()],
    ['with line breaks written out', (text) => text.trimEnd().replaceAll('\n', '\\n')],
    ['with spaces around it', (text) => `\n  ${text}\n\n`],
  ])('is taken %s', async (_, change) => {
    await works(sshd, { privateKey: new Secret(change(sshd.privateKey)) });
  });

  test('may have a passphrase', async () => {
    const file = makeKey(sshd.dir, 'locked', 'ed25519', 'open sesame');
    const authorized = join(sshd.dir, 'authorized_keys');
    writeFileSync(authorized, readFileSync(authorized, 'utf8') + readFileSync(`${file}.pub`, 'utf8'));
    const privateKey = new Secret(readFileSync(file, 'utf8'));
    await works(sshd, { privateKey, passphrase: new Secret('open sesame') });
    await expect(connect(sshd, { privateKey })).rejects.toMatchObject({ input: 'ssh-key-passphrase' });
    await expect(connect(sshd, { privateKey, passphrase: new Secret('wrong') })).rejects.toMatchObject({
      input: 'ssh-key-passphrase',
    });
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])(
    'of the type %s signs at once, without asking first',
    async (type) => {
      await withSshd({}, async (server) => {
        const file = makeKey(server.dir, 'own', type);
        writeFileSync(join(server.dir, 'authorized_keys'), readFileSync(`${file}.pub`, 'utf8'));
        await works(server, { privateKey: new Secret(readFileSync(file, 'utf8')) });
        expect(server.log()).toMatch(/Accepted publickey for/);
        expect(server.log()).not.toMatch(/Postponed publickey for/);
      });
    },
  );

  test('that the server does not know is told as that, and is not in the message', async () => {
    const stranger = readFileSync(makeKey(sshd.dir, 'stranger'), 'utf8');
    const error = await connect(sshd, { privateKey: new Secret(stranger) }).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      code: 'ssh.key-refused',
      input: 'ssh-key',
      hint: expect.stringContaining('authorized_keys'),
    });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain(stranger.split('\n')[1]);
    expect(sshd.log()).not.toMatch(/Failed (?:password|keyboard)/);
  });

  test('that is none, or a public one, is refused without a connection', async () => {
    for (const text of ['nonsense', readFileSync(`${sshd.privateKeyFile}.pub`, 'utf8')]) {
      await expect(connect(sshd, { privateKey: new Secret(text) })).rejects.toMatchObject({
        code: 'ssh.key',
        input: 'ssh-key',
      });
    }
  });
});

describe('a server', () => {
  test('that is not there is told from one that does not answer and one that is no SSH server', async () => {
    const port = await freePort();
    const knownHosts = sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${port}`);
    await expect(connect(sshd, { port, knownHosts })).rejects.toMatchObject({ code: 'ssh.refused' });
    const nowhere = sshd.knownHosts.replaceAll(`[127.0.0.1]:${sshd.port}`, 'nosuch.invalid');
    await expect(
      connect(sshd, { host: 'nosuch.invalid', port: 22, knownHosts: nowhere }),
    ).rejects.toMatchObject({ code: 'ssh.dns' });
    const silent = createServer().listen(port, '127.0.0.1');
    await expect(connect(sshd, { port, knownHosts })).rejects.toMatchObject({ code: 'ssh.no-banner' });
    silent.close();
  });

  test('that offers only weak algorithms is refused', async () => {
    await withSshd({ config: ['Ciphers aes128-cbc', 'MACs hmac-sha1'] }, async (weak) => {
      await expect(connect(weak)).rejects.toMatchObject({ code: 'ssh.algorithms' });
    });
  });

  test('with one session only says what to raise', async () => {
    await withSshd({ config: ['MaxSessions 1'] }, async (narrow) => {
      await using host = await connect(narrow);
      await using scratch = await host.scratch({ signal });
      expect(scratch.path).toMatch(/^\//);
      await expect(runProgram(host, ['true'], { signal })).rejects.toMatchObject({
        hint: expect.stringContaining('MaxSessions'),
      });
    });
  });

  test.each([0, 1, 65_536, 5_000_000])(
    'whose connection is cut after %i bytes is a failure, not an end',
    async (bytes) => {
      const proxy = await startTcpProxy(sshd.port);
      try {
        await using host = await connect(sshd, {
          port: proxy.port,
          knownHosts: sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${proxy.port}`),
        });
        proxy.cutAfter(bytes);
        const running = host.spawn(['head', '-c', '20000000', '/dev/zero'], { signal });
        const exit = running.exit.catch((error: { code: string }) => error.code);
        await expect(collect(running.stdout, 30_000_000)).rejects.toMatchObject({ code: 'ssh.lost' });
        expect(await exit).toBe('ssh.lost');
      } finally {
        proxy.stop();
      }
    },
  );

  test('sees neither an agent, nor a terminal, nor forwarding', async () => {
    await works(sshd);
    expect(sshd.log()).not.toMatch(/agent|X11|pty-req|tty/i);
  });
});

describe('a login shell', () => {
  const users: User[] = [];
  const homes: string[] = [];
  const addUser = (shell: string, files: Record<string, string> = {}): string => {
    const home = mkdtempSync(join(tmpdir(), 'holdfast-home-'));
    const user = makeUser(shell, home);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content);
    execFileSync('chown', ['-R', user.name, home]);
    users.push(user);
    homes.push(home);
    return user.name;
  };
  let server: Sshd;

  beforeAll(async () => {
    server = await startSshd();
    execFileSync('chmod', ['755', server.dir]);
    execFileSync('chmod', ['644', join(server.dir, 'authorized_keys')]);
  });
  afterAll(async () => {
    await server.stop();
    for (const user of users) user.remove();
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  });

  test.each(['/bin/sh', '/bin/bash', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh'])(
    '%s runs programs as any other',
    async (shell) => {
      await using host = await connect(server, { user: addUser(shell) });
      const nasty = ["it's", '$(x)', '!y', 'a\nb', '\\', '*'];
      expect((await runProgram(host, ['printf', '[%s]', ...nasty], { signal })).stdout).toBe(
        nasty.map((text) => `[${text}]`).join(''),
      );
      await using scratch = await host.scratch({ signal });
      expect(scratch.path).toContain('holdfast.');
    },
  );

  test('whose startup file prints does not get its words into the bytes', async () => {
    const user = addUser('/bin/bash', { '.bashrc': 'echo WELCOME; printf "no newline"\n' });
    await using host = await connect(server, { user });
    expect((await runProgram(host, ['printf', 'DATA'], { signal })).stdout).toBe('DATA');
  });

  test('is looked at by the doctor, who tells the noise, and that nobody is let in', async () => {
    const doctorOf = (user: string) =>
      new SshDoctor({ ...server, user, privateKey: new Secret(server.privateKey) }, signal);
    await using noisy = doctorOf(addUser('/bin/bash', { '.bashrc': 'echo WELCOME\n' }));
    expect(await noisy.shell()).toMatchObject({ level: 'warn', detail: expect.stringContaining('WELCOME') });
    await using shut = doctorOf(addUser('/usr/sbin/nologin'));
    expect(await shut.login()).toMatchObject({ level: 'ok' });
    await expect(shut.shell()).rejects.toMatchObject({ code: 'host.no-shell' });
  });

  test('that lets nobody in is told in its own words', async () => {
    await using host = await connect(server, { user: addUser('/usr/sbin/nologin') });
    await expect(runProgram(host, ['true'], { signal })).rejects.toMatchObject({
      code: 'host.no-shell',
      message: expect.stringContaining('not available'),
    });
  });
});
