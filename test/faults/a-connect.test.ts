import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { freePort } from '../kit/free-port.ts';
import { reach, withSshd } from './steps/servers.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** What a server writes down once a login is tried. */
const loginTried = /userauth|publickey|Failed|Accepted|authenticating user/;

faults([
  {
    id: 'A1',
    fault: "The server's name has no address",
    outcome: 'The run fails within 20 s and names `ssh`.',
    how: 'The host is `nosuch.invalid`, which no DNS may know.',
    async run() {
      const knownHosts = bench.sshd.knownHosts.replaceAll(`[127.0.0.1]:${bench.sshd.port}`, 'nosuch.invalid');
      const run = await bench.backup({ ssh: 'app@nosuch.invalid', 'ssh-known-hosts': knownHosts });
      const error = { code: 'ssh.dns', input: 'ssh' };
      await bench.judge(run, { outcome: 'failed', error, says: /no address/, withinMs: 20_000 });
    },
  },
  {
    id: 'A2',
    fault: 'The connection is refused',
    outcome: 'The run fails within 5 s and asks for the port.',
    how: 'Nothing listens on the port.',
    async run() {
      const run = await bench.backup(reach(bench.sshd, { port: await freePort() }));
      const error = { code: 'ssh.refused', input: 'ssh' };
      await bench.judge(run, { outcome: 'failed', error, says: /user@host:port/, withinMs: 5000 });
    },
  },
  {
    id: 'A3',
    fault: 'A firewall swallows what is sent to the port',
    outcome: 'The run fails within 20 s, further attempts included, and asks for the firewall.',
    how: 'An iptables rule on the loopback interface drops every packet to the port of the real sshd.',
    run: () =>
      withSshd(bench, {}, async ({ port }, inputs) => {
        const rule = ['INPUT', '-i', 'lo', '-p', 'tcp', '--dport', `${port}`, '-j', 'DROP'];
        execFileSync('iptables', ['-w', '-I', ...rule]);
        const run = await bench.backup(inputs).finally(() => execFileSync('iptables', ['-w', '-D', ...rule]));
        const error = { code: 'ssh.unreachable', input: 'ssh' };
        await bench.judge(run, { outcome: 'failed', error, says: /firewall/, withinMs: 20_000 });
      }),
  },
  {
    id: 'A4',
    fault: 'The port is open, but no SSH server speaks there',
    outcome: 'The run fails within 20 s and says that no SSH banner came.',
    how: 'A server that accepts connections and never says a word.',
    async run() {
      const mute = createServer(() => {}).listen(0, '127.0.0.1');
      await once(mute, 'listening');
      const run = await bench.backup(reach(bench.sshd, { port: (mute.address() as AddressInfo).port }));
      mute.close();
      const error = { code: 'ssh.no-banner', input: 'ssh' };
      await bench.judge(run, { outcome: 'failed', error, says: /no SSH banner/, withinMs: 20_000 });
    },
  },
  {
    id: 'A5',
    fault: 'The server falls silent in the middle of the key exchange',
    outcome: 'The run fails within 20 s and says that the handshake was not done.',
    how: 'The TCP proxy passes 60 bytes of the real sshd on, its banner and a little, and nothing after them.',
    async run() {
      bench.sshProxy.eachAfter(60, 'silence');
      const error = { code: 'ssh.timeout', input: 'ssh' };
      await bench.judge(await bench.backup(), {
        outcome: 'failed',
        error,
        says: /handshake was not done/,
        withinMs: 20_000,
      });
    },
  },
  {
    id: 'A6',
    fault: 'No host key is given',
    outcome:
      'The run ends with exit code 2 before it connects, and shows the command that prints the line. The line itself can not be shown: ' +
      'whoever answers first would be trusted.',
    how: '`ssh-known-hosts` is left out, is empty, and has a line of another host; the proxy counts connections.',
    async run() {
      const before = bench.sshProxy.connections;
      const others = bench.sshd.knownHosts.replaceAll('127.0.0.1', '127.0.0.2');
      for (const knownHosts of [undefined, '', others]) {
        const run = await bench.backup({ 'ssh-known-hosts': knownHosts });
        await bench.judge(run, {
          outcome: 'failed',
          exitCodes: [knownHosts === others ? 1 : 2],
          error: { input: 'ssh-known-hosts' },
          says: new RegExp(`ssh-keyscan -p ${bench.sshProxy.port} 127\\.0\\.0\\.1`),
          withinMs: 5000,
        });
      }
      expect(bench.sshProxy.connections).toBe(before);
    },
  },
  {
    id: 'A7',
    fault: 'The host key has changed',
    outcome:
      'The run fails before a login is tried, and shows the fingerprint that came and the one that is pinned.',
    how: 'Another sshd, with a key of its own, under the address of the first; its log has no login.',
    run: () =>
      withSshd(bench, {}, async (impostor) => {
        const run = await bench.backup(reach(bench.sshd, { port: impostor.port }));
        const error = { code: 'ssh.host-changed', input: 'ssh-known-hosts' };
        await bench.judge(run, { outcome: 'failed', error, says: /nothing was sent/ });
        const shown = [impostor, bench.sshd].map(
          ({ dir }) =>
            execFileSync('ssh-keygen', ['-lf', join(dir, 'host_ed25519.pub')], { encoding: 'utf8' }).split(
              ' ',
            )[1],
        );
        expect(run.result.error.message.match(/SHA256:[\w+/]+/g)).toEqual(shown);
        expect(impostor.log()).toMatch(/Connection (?:from|closed|reset)/);
        expect(impostor.log()).not.toMatch(loginTried);
      }),
  },
  {
    id: 'A8',
    fault: 'Only one of the types of host keys is pinned',
    outcome: 'That type is asked for; where the server has none of it the run fails and names what it has.',
    how: 'An sshd with an Ed25519 and an RSA key: each of them pinned alone, then an ECDSA key that it does not have.',
    run: () =>
      withSshd(bench, { hostKeys: ['ed25519', 'rsa'] }, async (sshd, inputs) => {
        for (const line of sshd.knownHosts.split('\n'))
          await bench.judge(await bench.backup({ ...inputs, 'ssh-known-hosts': line }), {
            outcome: 'stored',
          });
        const file = join(sshd.dir, 'ecdsa');
        execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', file]);
        const other = `[127.0.0.1]:${sshd.port} ${readFileSync(`${file}.pub`, 'utf8')}`;
        const error = { code: 'ssh.host-key-type', input: 'ssh-known-hosts' };
        const run = await bench.backup({ ...inputs, 'ssh-known-hosts': other });
        await bench.judge(run, { outcome: 'failed', error, says: /it has .*ssh-ed25519/ });
      }),
  },
  {
    id: 'A9',
    fault: 'known_hosts lines in every form',
    outcome:
      'Hashed names, ports, lists, comments and CRLF are understood; a revoked key, a certificate authority and an unknown marker are refused.',
    how: 'Each form for the real sshd; the hashed one is made by `ssh-keygen -H`.',
    async run() {
      const line = bench.inputs['ssh-known-hosts'] as string;
      const [hosts = '', key = ''] = line.split(/ (.*)/s);
      const good = [hashed(line), `other.example,${hosts} ${key}`, `# mine\r\n\r\n${line} a comment\r\n`];
      for (const knownHosts of good) {
        expect((await bench.backup({ 'ssh-known-hosts': knownHosts, 'dry-run': 'true' })).errors).toEqual([]);
      }
      await bench.judge(await bench.backup({ 'ssh-known-hosts': good.join('\n') }), { outcome: 'stored' });
      const bad: [string, string, RegExp][] = [
        [`${line}\n@revoked ${line}`, 'ssh.host-revoked', /@revoked/],
        [`@cert-authority ${line}`, 'ssh.host-unknown', /certificates are not supported/],
        [`@maybe ${line}`, 'ssh.known-hosts', /line 1 has the unknown marker @maybe/],
        [`127.0.0.1 ${key}`, 'ssh.host-unknown', /ssh-keyscan -p/],
      ];
      for (const [knownHosts, code, says] of bad) {
        const run = await bench.backup({ 'ssh-known-hosts': knownHosts });
        await bench.judge(run, { outcome: 'failed', error: { code, input: 'ssh-known-hosts' }, says });
      }
    },
  },
]);

function hashed(line: string): string {
  const file = join(bench.dir, 'known_hosts');
  writeFileSync(file, `${line}\n`);
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^\|1\|/);
  return text;
}
