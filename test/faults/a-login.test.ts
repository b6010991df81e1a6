import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { type Fault, faults } from '../kit/fault-table.ts';
import { startPlainSshServer } from '../kit/plain-ssh-server.ts';
import { makeKey } from '../kit/sshd.ts';
import { reach, withSshd, withUser } from './steps/servers.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** A key that the bench's sshd does not know, or knows. */
function newKey(name: string, { passphrase = '', known = false } = {}): string {
  const file = makeKey(bench.sshd.dir, name, 'ed25519', passphrase);
  const authorized = join(bench.sshd.dir, 'authorized_keys');
  if (known) {
    writeFileSync(authorized, readFileSync(authorized, 'utf8') + readFileSync(`${file}.pub`, 'utf8'));
  }
  return readFileSync(file, 'utf8');
}

/** What the sshd wrote down while `work` went on. */
async function logged<T>(sshd: { log(): string }, work: () => Promise<T>): Promise<[T, string]> {
  const before = sshd.log().length;
  return [await work(), sshd.log().slice(before)];
}

const rows: Fault[] = [
  {
    id: 'A10',
    fault: 'The server does not know the key',
    outcome: 'The run fails within 10 s and names `ssh-key`; neither a password nor an SSH agent is tried.',
    how: "A key that is not in authorized_keys, while `SSH_AUTH_SOCK` is a real agent that holds the right one; the server's log has one key.",
    async run() {
      const stranger = newKey('stranger');
      const socket = join(bench.dir, 'agent');
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
      await once(agent.stdout, 'data');
      const env = { SSH_AUTH_SOCK: socket };
      execFileSync('ssh-add', ['-q', bench.sshd.privateKeyFile], { env, stdio: 'ignore' });
      const [run, log] = await logged(bench.sshd, () => bench.backup({ 'ssh-key': stranger }, { env }));
      agent.kill();
      const error = { code: 'ssh.key-refused', input: 'ssh-key' };
      await bench.judge(run, { outcome: 'failed', error, withinMs: 10_000, secrets: [stranger] });
      expect(log).toMatch(/^Failed publickey for .*$/m);
      expect(log.match(/^(?:Failed|Accepted) /gm)).toHaveLength(1);
    },
  },
  {
    id: 'A11',
    fault: 'The key is encrypted, and the passphrase is missing or wrong',
    outcome:
      'The run fails and names `ssh-key-passphrase`; with the right one it goes through. The key is never shown.',
    how: 'A key that the server knows, made by `ssh-keygen` with a passphrase.',
    async run() {
      const privateKey = newKey('locked', { passphrase: 'open sesame', known: true });
      const secrets = [privateKey, 'open sesame', 'close sesame'];
      const error = { code: 'ssh.passphrase', input: 'ssh-key-passphrase' };
      const inputs = { 'ssh-key': privateKey };
      await bench.judge(await bench.backup(inputs), { outcome: 'failed', error, secrets });
      const wrong = await bench.backup({ ...inputs, 'ssh-key-passphrase': 'close sesame' });
      await bench.judge(wrong, { outcome: 'failed', error, secrets, says: /does not open/ });
      const right = await bench.backup({ ...inputs, 'ssh-key-passphrase': 'open sesame' });
      await bench.judge(right, { outcome: 'stored', secrets });
    },
  },
  {
    id: 'A12',
    fault: 'The key was changed by being pasted',
    outcome:
      'CRLF, a missing final newline, `\\n` written out and spaces around it are put right; a key without its first or last line, a cut one and a public one are refused with the way to paste it.',
    how: 'The key of the server in each of these forms.',
    async run() {
      const key = bench.sshd.privateKey;
      const lines = key.trim().split('\n');
      const good = [
        key.replaceAll('\n', '\r\n'),
        key.trimEnd(),
        key.trimEnd().replaceAll('\n', '\\n'),
        `\n  ${key.replaceAll('\n', '  \n')}\n\n`,
      ];
      for (const pasted of good) {
        const run = await bench.backup({ 'ssh-key': pasted, 'dry-run': 'true' });
        await bench.judge(run, { outcome: 'unchanged' });
      }
      const bad = [
        lines.slice(1).join('\n'),
        lines.slice(0, -1).join('\n'),
        lines.filter((_, index) => index !== 2).join('\n'),
        readFileSync(`${bench.sshd.privateKeyFile}.pub`, 'utf8'),
      ];
      for (const pasted of bad) {
        const run = await bench.backup({ 'ssh-key': pasted });
        const error = { code: 'ssh.key', input: 'ssh-key' };
        await bench.judge(run, { outcome: 'failed', error, says: /Paste the whole file/ });
      }
    },
  },
  {
    id: 'A13',
    fault: 'The account does not let programs run',
    outcome:
      'A nologin shell, a forced command, an expired password, an expired account, too few sessions and too many logins each fail the run, with what the server said; its text is never taken for data.',
    how: 'Accounts and lines of sshd_config of that kind on the real sshd; one half-open login fills `MaxStartups 1`.',
    async run() {
      await withUser(bench, { shell: '/usr/sbin/nologin' }, async (user) => {
        const run = await bench.backup({ ssh: `${user}@127.0.0.1:${bench.sshProxy.port}` });
        await bench.judge(run, {
          outcome: 'failed',
          error: { code: 'host.no-shell' },
          says: /not available/,
        });
      });
      await withUser(bench, {}, async (user) => {
        execFileSync('usermod', ['--expiredate', '1', user]);
        const run = await bench.backup({ ssh: `${user}@127.0.0.1:${bench.sshProxy.port}` });
        await bench.judge(run, { outcome: 'failed', error: { code: 'ssh.key-refused', input: 'ssh-key' } });
      });
      const text = `${bench.dir}/text`;
      writeFileSync(text, `SQLite format 3\0${'x'.repeat(100_000)}`);
      for (const [command, says] of [
        [`/bin/cat ${text}`, /No program can be started/],
        ['echo this account may only pull', /may only pull/],
      ] as const) {
        await withSshd(bench, { config: [`ForceCommand ${command}`] }, async (_, inputs) => {
          const run = await bench.backup(inputs);
          await bench.judge(run, { outcome: 'failed', error: { code: 'host.no-shell' }, says });
        });
      }
      await withSshd(bench, { config: ['MaxSessions 1'] }, async (_, inputs) => {
        const run = await bench.backup(inputs);
        await bench.judge(run, { outcome: 'failed', error: { code: 'ssh.channel' }, says: /MaxSessions/ });
      });
      await withSshd(bench, { config: ['MaxStartups 1:100:1'] }, async (sshd, inputs) => {
        const halfOpen = await openHalf(sshd.port);
        const run = await bench.backup(inputs);
        halfOpen.destroy();
        await bench.judge(run, { outcome: 'failed', error: { code: 'ssh.closed' }, says: /MaxStartups/ });
      });
      await withExpiredPassword();
    },
  },
  {
    id: 'A14',
    fault: 'The server offers only algorithms that are not safe any more',
    outcome:
      'The run fails and names what the server offers. There is no switch to accept them: it would stay on in the workflow for ever.',
    how: 'The real sshd with nothing but CBC ciphers, SHA-1 MACs, small Diffie-Hellman groups, or SHA-1 signatures of its key.',
    async run() {
      for (const [line, says] of [
        ['Ciphers aes128-cbc,3des-cbc', /aes128-cbc, 3des-cbc/],
        ['Ciphers aes128-ctr\nMACs hmac-sha1', /hmac-sha1/],
        [
          'KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1',
          /diffie-hellman-group1-sha1/,
        ],
        ['HostKeyAlgorithms ssh-rsa', /only with SHA-1 \(it has ssh-rsa\)/],
      ] as const) {
        await withSshd(bench, { hostKeys: ['rsa'], config: [line] }, async (_, inputs) => {
          const run = await bench.backup(inputs);
          await bench.judge(run, {
            outcome: 'failed',
            error: { code: /^ssh\.(?:algorithms|host-key-type)$/ },
            says,
          });
        });
      }
    },
  },
  {
    id: 'A15',
    fault: 'The server has no strict key exchange, and prefers ChaCha20 (Terrapin)',
    outcome: 'AES-GCM is agreed on; where the server has ChaCha20 alone the run fails and names it.',
    how: 'A server that offers ChaCha20 before AES-GCM, and then ChaCha20 alone, and does not know strict key exchange.',
    nearest:
      "the SSH server of the library ssh2 with its offer changed, as every sshd of today's distributions has the remedy built in.",
    async run() {
      const hostKeyFile = join(bench.sshd.dir, 'host_ed25519');
      const chacha = 'chacha20-poly1305@openssh.com';
      const env = { TMPDIR: bench.scratch };
      for (const cipher of [[chacha, 'aes128-gcm@openssh.com', 'aes128-ctr'], [chacha]]) {
        const algorithms = { cipher };
        const server = await startPlainSshServer({ hostKeyFile, algorithms, withoutStrictKex: true, env });
        const run = await bench.backup(reach(bench.sshd, { port: server.port }));
        server.stop();
        if (cipher.length > 1) {
          await bench.judge(run, { outcome: 'stored' });
          expect(server.ciphers).toEqual(['aes128-gcm@openssh.com']);
        } else {
          await bench.judge(run, { outcome: 'failed', error: { code: 'ssh.algorithms' }, says: /chacha20/ });
        }
      }
    },
  },
  {
    id: 'A16',
    fault: 'The connection is reset during the login, as fail2ban does it',
    outcome: 'Three attempts, then the run fails and names the likely reasons.',
    how: "The TCP proxy resets each connection in the middle of the server's answer to the login.",
    async run() {
      // A refusal has 68 bytes, a welcome 36.
      const passed = bench.sshProxy.passed();
      await bench.backup({ 'ssh-key': newKey('nobody') });
      const answered = bench.sshProxy.passed() - passed;
      const before = bench.sshProxy.connections;
      bench.sshProxy.eachAfter(answered - 50, 'cut');
      const [run, log] = await logged(bench.sshd, () => bench.backup());
      await bench.judge(run, {
        outcome: 'failed',
        error: { code: 'ssh.closed' },
        says: /fail2ban/,
        withinMs: 20_000,
      });
      expect(bench.sshProxy.connections - before).toBe(3);
      expect(log.match(/Accepted publickey /g)).toHaveLength(3);
    },
  },
  {
    id: 'A17',
    fault: 'Agent forwarding, X11 or a terminal could be asked for',
    outcome: 'They never are, also where an agent and a display are there.',
    how: "The sshd's log of a whole backup on the level DEBUG: every request of a channel is `exec`.",
    run: () =>
      withSshd(bench, { config: ['LogLevel DEBUG1', 'X11Forwarding yes'] }, async (sshd, inputs) => {
        const env = { SSH_AUTH_SOCK: join(bench.dir, 'agent'), DISPLAY: ':0' };
        await bench.judge(await bench.backup(inputs, { env }), { outcome: 'stored' });
        const requests = [...sshd.log().matchAll(/server_input_channel_req: channel \d+ request (\S+)/g)];
        expect(new Set(requests.map(([, request]) => request))).toEqual(new Set(['exec']));
        expect(sshd.log()).not.toMatch(/tcpip-forward|Allocating pty|direct-tcpip/);
      }),
  },
];

/** A connection that holds a place among those that have not logged in. */
async function openHalf(port: number): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port });
  const [banner] = (await once(socket, 'data')) as [Buffer];
  if (banner.toString().startsWith('SSH-')) return socket;
  // The place is still taken by whoever asked whether the server is up.
  await sleep(100);
  return openHalf(port);
}

/** PAM is what looks at the age of a password; the key is right, and no program may run all the same. */
async function withExpiredPassword(): Promise<void> {
  await withSshd(bench, { config: ['UsePAM yes'] }, async (sshd, inputs) => {
    await withUser(bench, { sshd }, async (user) => {
      execFileSync('chage', ['--lastday', '0', user]);
      const run = await bench.backup({ ...inputs, ssh: `${user}@127.0.0.1:${sshd.port}` });
      await bench.judge(run, { outcome: 'failed', says: /expired|[Pp]assword change/ });
    });
  });
}

faults(rows);
