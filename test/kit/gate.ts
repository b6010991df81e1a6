import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { gatePatterns } from '../../src/engines/sqlite/gate-patterns.ts';
import { gateCommand } from '../../src/engines/sqlite/gate-script.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from './signal.ts';
import type { Sshd } from './sshd.ts';

export interface Allowed {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
}

/** The shells that a server may have as `sh`. */
export const shells = ['dash', 'bash', 'busybox sh'] as const;

/** What a key may do, run by one of the shells. */
export function gateOf(allowed: Allowed, shell: string = 'sh'): string {
  return gateCommand(gatePatterns(allowed)).replace(/^exec sh /, () => `exec ${shell} `);
}

/** Holds the server's one key to a gate. */
export function holdKey(sshd: Sshd, allowed: Allowed, shell?: string): void {
  const command = gateOf(allowed, shell).replaceAll('"', '\\"');
  const key = readFileSync(`${sshd.privateKeyFile}.pub`, 'utf8');
  writeFileSync(join(sshd.dir, 'authorized_keys'), `restrict,command="${command}" ${key}`);
}

export function gatedHost(
  { host, port, knownHosts, privateKey, ...sshd }: Sshd,
  user = sshd.user,
): Promise<Host> {
  const ssh = { user, host, port, knownHosts, privateKey: new Secret(privateKey) };
  return openHost({ ssh, gated: true, sudo: false, container: null, env: process.env, signal });
}

/** The arguments of the real `ssh` with the key of the server. */
export function sshArguments({ dir, port, privateKeyFile, knownHosts }: Sshd): string[] {
  writeFileSync(join(dir, 'known_hosts'), `${knownHosts}\n`);
  return [
    ...[
      '-F',
      'none',
      '-i',
      privateKeyFile,
      '-o',
      `Port=${port}`,
      '-o',
      'BatchMode=yes',
      '-o',
      'IdentitiesOnly=yes',
    ],
    ...['-o', `UserKnownHostsFile=${join(dir, 'known_hosts')}`],
  ];
}

/** Processes whose folder is below that one. */
export function processesIn(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

const environment = (home: string, request: string) => ({
  PATH: process.env['PATH'],
  HOME: home,
  TMPDIR: home,
  SSH_ORIGINAL_COMMAND: request,
});

/** Runs a gate on this machine as sshd would. */
export function askGate(gate: string, request: string, home: string): Answer {
  const options = { cwd: home, env: environment(home, request), encoding: 'utf8' } as const;
  return spawnSync('sh', ['-c', gate], options);
}

/** Asks for the first file, and says the text once it was copied. */
export async function answerGate(gate: string, text: string, home: string): Promise<Answer> {
  const child = spawn('sh', ['-c', gate], { cwd: home, env: environment(home, 'holdfast 1 snapshot 0') });
  child.stdin.on('error', () => {});
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    stdout += chunk;
    if (chunk.includes('\0')) child.stdin.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { stdout, stderr, status };
}
