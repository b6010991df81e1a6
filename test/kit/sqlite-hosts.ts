import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from './signal.ts';
import type { Sshd } from './sshd.ts';
import { makeUser, type User } from './users.ts';

/** This machine, with these variables. */
export const localHost = (env: NodeJS.ProcessEnv = process.env): Promise<Host> =>
  openHost({ ssh: null, container: null, sudo: false, env, signal });

/** A folder that can be all of PATH: the usual programs but these. */
export function pathWithout(...programs: readonly string[]): string {
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-bin-'));
  const taken = new Set(programs);
  for (const folder of ['/usr/bin', '/bin', '/usr/sbin']) {
    for (const name of readdirSync(folder)) {
      if (!taken.has(name)) symlinkSync(join(folder, name), join(bin, name));
      taken.add(name);
    }
  }
  return bin;
}

/** The machine of an sshd, as that user. */
export function sshHost(sshd: Sshd, user = sshd.user): Promise<Host> {
  const { host, port, knownHosts } = sshd;
  const ssh = { user, host, port, knownHosts, privateKey: new Secret(sshd.privateKey) };
  return openHost({ ssh, sudo: false, container: null, env: process.env, signal });
}

/** A new user of this machine who may come in through an sshd. */
export function addUser(sshd: Sshd, shell = '/bin/sh'): User {
  execFileSync('chmod', ['755', sshd.dir]);
  execFileSync('chmod', ['644', join(sshd.dir, 'authorized_keys')]);
  return makeUser(shell);
}
