import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Container {
  readonly name: string;
  /** Runs a command in it and gives its output. */
  exec(...argv: string[]): string;
  /** Copies a file of this machine into it. */
  copyIn(file: string, to: string): void;
  /** A PATH on which `docker` is what runs this container. */
  readonly path: string;
  stop(): void;
}

export interface ContainerOptions {
  /** Programs of this machine that it gets, with their libraries. */
  readonly programs?: readonly string[];
}

/** A real container with busybox and whatever else is asked for, without a network. */
export function startContainer({ programs = [] }: ContainerOptions = {}): Container {
  const id = randomUUID().slice(0, 8);
  const image = `holdfast-test-${id}`;
  const name = `holdfast-${id}`;
  const root = mkdtempSync(join(tmpdir(), 'holdfast-image-'));
  makeRoot(root, programs);
  const tar = `${root}.tar`;
  execFileSync('tar', ['-C', root, '-cf', tar, '.']);
  execFileSync('podman', ['import', '-q', tar, image], { stdio: 'pipe' });
  rmSync(root, { recursive: true });
  rmSync(tar);
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];
  const run = ['run', '-d', '--rm', '--network=none', ...limits, '--name', name, image, 'sleep', '3600'];
  execFileSync('podman', ['--runtime', 'runc', ...run], { stdio: 'pipe' });
  // podman speaks docker's language; a docker client without its daemon may come first on this machine's PATH.
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-docker-'));
  chmodSync(bin, 0o755);
  writeFileSync(join(bin, 'docker'), '#!/bin/sh\nexec podman --runtime runc "$@"\n', { mode: 0o755 });
  const exec = (...argv: string[]): string =>
    execFileSync('podman', ['exec', name, ...argv], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    name,
    path: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
    exec,
    copyIn: (file, to) => {
      execFileSync('podman', ['cp', file, `${name}:${to}`], { stdio: 'pipe' });
    },
    stop() {
      execFileSync('podman', ['rm', '-f', '-t', '0', name], { stdio: 'pipe' });
      execFileSync('podman', ['rmi', '-f', image], { stdio: 'pipe' });
      rmSync(bin, { recursive: true });
    },
  };
}

function makeRoot(root: string, programs: readonly string[]): void {
  for (const folder of ['bin', 'tmp', 'var/tmp', 'etc', 'root', 'data'])
    mkdirSync(join(root, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  const applets = execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  for (const program of programs) {
    const path = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
    rmSync(join(root, 'bin', program), { force: true });
    copyFileSync(path, join(root, 'bin', program));
    for (const library of librariesOf(path)) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      copyFileSync(realpathSync(library), join(root, library));
    }
  }
}

function librariesOf(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string);
}
