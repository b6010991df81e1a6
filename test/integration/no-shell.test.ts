import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProgram } from '../../src/core/program.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'holdfast-shims-'));
});
afterEach(() => rmSync(bin, { recursive: true }));

/** A program that says one line and fails. */
const shim = (name: string, says: string): void =>
  writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}' >&2\nexit 1\n`, { mode: 0o755 });

test.each([
  ['sudo', 'sudo: a password is required', /NOPASSWD.*leave `sudo` out/],
  ['sudo', 'sudo: docker: command not found', /no `docker`/],
  [
    'docker',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    /group `docker`.*`sudo: true`/,
  ],
  ['docker', 'Error response from daemon: No such container: web', /`docker ps`.*Kamal/],
  ['docker', 'Error response from daemon: container 0a1b is not running', /`docker ps`.*Kamal/],
  ['docker', 'something else', /login shell and `sh`/],
])('%s that says "%s" has its own hint', async (name, says, hint) => {
  shim(name, says);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  await using host = await openHost({ ssh: null, sudo: name === 'sudo', container: 'web', env, signal });
  await expect(runProgram(host, ['true'], { signal })).rejects.toMatchObject({
    code: 'host.no-shell',
    message: expect.stringContaining(says),
    hint: expect.stringMatching(hint),
  });
});
