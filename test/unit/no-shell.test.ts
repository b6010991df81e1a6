import { expect, test } from 'vitest';
import { noShell } from '../../src/hosts/no-shell.ts';

const hintOf = (said: string): string | undefined =>
  noShell('app.example.com', '', { code: 1, stderr: said }).hint;

test.each([
  ['sudo: a password is required', 'NOPASSWD'],
  ['deploy is not in the sudoers file.', 'NOPASSWD'],
  ['sudo: docker: command not found', 'no `docker`'],
  ['bash: line 1: docker: command not found', 'no `docker`'],
  ['sh: 1: docker: not found', 'no `docker`'],
  ['fish: Unknown command: docker', 'no `docker`'],
  ['env: docker: No such file or directory', 'no `docker`'],
  ['sh: 1: sudo: not found', 'no `sudo`'],
  [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'group `docker`',
  ],
  ['Got permission denied while trying to connect to the docker API at unix:///…', 'group `docker`'],
  ['Error response from daemon: No such container: web', 'docker ps'],
  ['Error: no such container: web', 'docker ps'],
  ['Error response from daemon: container 0a1b is not running', 'Kamal'],
  ['This account is currently not available.', 'login shell'],
  ['OCI runtime exec failed: exec: "sh": executable file not found in $PATH', 'contain `sh`'],
  ['', 'login shell'],
])('what is said has its own remedy: %s', (said, remedy) => {
  expect(hintOf(said)).toContain(remedy);
});
