import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultBench } from '../../kit/fault-bench.ts';
import { addUser } from '../../kit/sqlite-hosts.ts';
import { type Sshd, type SshdOptions, startSshd } from '../../kit/sshd.ts';

type Inputs = Readonly<Record<string, string>>;

/** Inputs that reach an sshd, or what is at another port before it. */
export function reach(sshd: Sshd, { user = sshd.user, port = sshd.port } = {}): Inputs {
  return {
    ssh: `${user}@127.0.0.1:${port}`,
    'ssh-key': sshd.privateKey,
    'ssh-known-hosts': sshd.knownHosts.replaceAll(`:${sshd.port}`, `:${port}`),
  };
}

/** Starts another sshd of the same machine while `work` goes on; `inputs` reach it. */
export async function withSshd<T>(
  bench: FaultBench,
  { config = [], ...options }: SshdOptions,
  work: (sshd: Sshd, inputs: Inputs) => Promise<T>,
): Promise<T> {
  const sshd = await startSshd({ ...options, config: [...config, bench.surroundings()] });
  try {
    return await work(sshd, reach(sshd));
  } finally {
    await sshd.stop();
  }
}

/** A user who exists while `work` goes on, with these files at home, and may read the app's database. */
export async function withUser<T>(
  bench: FaultBench,
  {
    shell = '/bin/sh',
    files = {},
    sshd = bench.sshd,
  }: { readonly shell?: string; readonly files?: Inputs; readonly sshd?: Sshd },
  work: (user: string) => Promise<T>,
): Promise<T> {
  const user = addUser(sshd, shell);
  const home = mkdtempSync(join(tmpdir(), 'holdfast-home-'));
  try {
    execFileSync('usermod', ['--home', home, user.name]);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content);
    execFileSync('chown', ['-R', user.name, home]);
    for (const folder of [bench.dir, bench.scratch]) chmodSync(folder, 0o777);
    chmodSync(bench.path, 0o666);
    return await work(user.name);
  } finally {
    user.remove();
    rmSync(home, { recursive: true, force: true });
  }
}
