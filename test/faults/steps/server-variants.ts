import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultBench } from '../../kit/fault-bench.ts';
import { addUser } from '../../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../../kit/sshd.ts';

/** Does `work` with the inputs for another SSH server of the same machine: its variables, or its user, are others. */
export async function withServer<T>(
  bench: FaultBench,
  variables: Readonly<Record<string, string>>,
  work: (inputs: Record<string, string>, sshd: Sshd) => Promise<T>,
): Promise<T> {
  const set = { PATH: '/usr/bin:/bin', TMPDIR: bench.scratch, HOME: bench.home, ...variables };
  const setEnv = Object.entries(set).map(([name, value]) => `${name}="${value}"`);
  const sshd = await startSshd({ config: [`SetEnv ${setEnv.join(' ')}`] });
  const inputs = { ssh: sshd.target, 'ssh-key': sshd.privateKey, 'ssh-known-hosts': sshd.knownHosts };
  bench.moreSecrets.push(sshd.privateKey);
  try {
    return await work(inputs, sshd);
  } finally {
    await sshd.stop();
  }
}

/** Does `work` as a new user, who can get at the bench's folders. */
export async function asUser(
  bench: FaultBench,
  work: (inputs: Record<string, string>, name: string) => Promise<void>,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  chmodSync(bench.dir, 0o755);
  chmodSync(bench.scratch, 0o1777);
  await withServer(bench, variables, async (inputs, sshd) => {
    const user = addUser(sshd);
    try {
      await work({ ...inputs, ssh: `${user.name}@127.0.0.1:${sshd.port}` }, user.name);
    } finally {
      user.remove();
    }
  });
}

/** Does `work` with a small disk of its own, which everybody may write to. */
export async function withDisk(
  { dir }: FaultBench,
  name: string,
  size: string,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(dir, name);
  mkdirSync(folder);
  chmodSync(dir, 0o755);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=1777`, 'tmpfs', folder]);
  try {
    await work(folder);
  } finally {
    execFileSync('umount', ['--lazy', folder]);
  }
}
