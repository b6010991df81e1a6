/**
 * Makes dist/: `node scripts/build.ts`. With `--check` it builds elsewhere, fails when dist/ differs, and starts the fresh
 * build both ways.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const cli = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  process.stderr.write(\`Error: Holdfast needs Node 24.5 or newer; this is \${process.versions.node}.\\n\`);
  process.exit(2);
}
globalThis.holdfastFace = 'cli';
await import('./index.js');
`;

function build(target: string): void {
  rmSync(join(root, 'build'), { recursive: true, force: true });
  run(bin('tsc'), ['-p', 'src/tsconfig.json']);
  rmSync(target, { recursive: true, force: true });
  run(bin('ncc'), ['build', 'build/index.js', '-o', target, '--license', 'licenses.txt', '-q']);
  for (const file of filesOf(target)) if (/\.(?:node|exe)$/.test(file)) rmSync(join(target, file));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(target, 'cli.js'), cli);
  chmodSync(join(target, 'cli.js'), 0o755);
}

function check(): void {
  const target = mkdtempSync(join(tmpdir(), 'holdfast-dist-'));
  try {
    build(target);
    const differing = differences(join(root, 'dist'), target);
    if (differing.length > 0) {
      throw new Error(`dist/ is not what the sources make: ${differing.join(', ')}. Run \`npm run build\`.`);
    }
    starts(target);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
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

function run(program: string, args: string[]): void {
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

if (process.argv.includes('--check')) check();
else build(join(root, 'dist'));
