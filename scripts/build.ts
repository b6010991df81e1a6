/**
 * Makes dist/: `node scripts/build.ts`. With `--check` it builds elsewhere, fails when dist/ differs, and starts the fresh
 * build both ways.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { sbomOf } from './sbom.ts';

const root = join(import.meta.dirname, '..');

const cli = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  process.stderr.write(\`Error: Holdfast needs Node 24.5 or newer; this is \${process.versions.node}.\\n\`);
  process.exit(2);
}
globalThis.holdfastFace = 'cli';
await import('./index.js');
`;

/** A run that ended by itself has nothing to do here, and is not kept waiting. */
const post = `if (process.env.STATE_ended !== 'itself') {
  globalThis.holdfastFace = 'post';
  await import('./index.js');
}
`;

/** Builds the sources of a folder; its own node_modules, or the link to it, has the tools. */
function build(target: string, from = root): void {
  const bin = (name: string): string => join(from, 'node_modules/.bin', name);
  const run = (program: string, ...args: string[]): void => {
    execFileSync(bin(program), args, { cwd: from, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  const made = join(from, 'build');
  const stats = join(made, 'stats.json');
  rmSync(made, { recursive: true, force: true });
  run('tsc', '-p', 'src/tsconfig.json');
  rmSync(target, { recursive: true, force: true });
  const licenses = ['--license', 'licenses.txt'];
  run('ncc', 'build', 'build/index.js', '-o', target, ...licenses, '--stats-out', stats, '-q');
  for (const file of filesOf(target)) if (/\.(?:node|exe)$/.test(file)) rmSync(join(target, file));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(target, 'cli.js'), cli);
  writeFileSync(join(target, 'post.js'), post);
  chmodSync(join(target, 'cli.js'), 0o755);
  writeFileSync(join(target, 'sbom.cdx.json'), sbomOf(join(from, 'package-lock.json'), stats));
  rmSync(stats);
}

/** The fresh build is made in another folder than this one, so that a bundle that knows its folder differs too. */
function check(): void {
  const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-build-'));
  try {
    const [from, target] = [join(elsewhere, 'sources'), join(elsewhere, 'dist')];
    copySources(from);
    build(target, from);
    const differing = differences(join(root, 'dist'), target);
    if (differing.length > 0) {
      throw new Error(`dist/ is not what the sources make: ${differing.join(', ')}. Run \`npm run build\`.`);
    }
    starts(target);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

function copySources(to: string): void {
  mkdirSync(to);
  for (const name of ['src', 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(root, name), join(to, name), { recursive: true });
  // Hard links, where the disk allows them, in place of 200 MB of copies; a symbolic link would lead the bundler back.
  const link = 'cp -al "$1" "$2" 2>/dev/null || cp -a "$1" "$2"';
  execFileSync('sh', ['-c', link, 'sh', join(root, 'node_modules'), to]);
}

function differences(committed: string, fresh: string): string[] {
  const names = new Set([...filesOf(committed), ...filesOf(fresh)]);
  const read = (folder: string, name: string): string => {
    try {
      return readFileSync(join(folder, name), 'base64');
    } catch {
      return 'missing';
    }
  };
  return [...names].filter((name) => read(committed, name) !== read(fresh, name));
}

/** A bundle that builds may still not start. */
function starts(folder: string): void {
  const expect = (what: string, args: string[], status: number, output: RegExp): void => {
    const done = spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    if (done.status !== status || !output.test(done.stdout + done.stderr)) {
      throw new Error(`${what} ended with ${done.status}: ${done.stdout}${done.stderr}`);
    }
  };
  expect('holdfast --version', [join(folder, 'cli.js'), '--version'], 0, /^\d+\.\d+\.\d+$/m);
  expect('holdfast --help', [join(folder, 'cli.js'), '--help'], 0, /Usage: holdfast/);
  expect('the Action without inputs', [join(folder, 'index.js')], 2, /`store` is not set/);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

if (process.argv.includes('--check')) check();
else build(join(root, 'dist'));
