import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { holdClaim, holdScratch, unnameWord } from '../../src/hosts/hold.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { shells } from '../kit/gate.ts';
import { signal } from '../kit/signal.ts';

let under: string;
beforeEach(() => {
  under = mkdtempSync(join(tmpdir(), 'holdfast-sweep-'));
  return () => rmSync(under, { recursive: true });
});

const day = 86_400_000;

/** A folder with a file in it, untouched for so long. */
function folder(name: string, ageMs: number): string {
  const path = join(under, name);
  mkdirSync(path);
  writeFileSync(join(path, 'copy.sqlite3'), 'secret');
  const time = new Date(Date.now() - ageMs);
  utimesSync(path, time, time);
  return path;
}

/** Holds a new scratch folder until `end`. */
async function hold(
  shell: string,
  script = holdScratch({ mark: 'mark', under }),
): Promise<{ path: string; child: ChildProcess; end: () => Promise<void> }> {
  const [program = '', ...args] = shell.split(' ');
  const child = spawn(program, [...args, '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  let [said, closed] = ['', false];
  child.once('close', () => {
    closed = true;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (said.split('\n').length < 3) {
    if (closed) throw new Error(`it ended with ${child.exitCode}`);
    await sleep(20);
  }
  return {
    path: said.split('\n')[1] as string,
    child,
    async end() {
      child.stdin.end();
      await exited;
    },
  };
}

describe.each(shells)('a new scratch folder, by %s', (shell) => {
  test('removes those of dead runs, and nothing else', async () => {
    folder('holdfast.aB3dE6gH', day + 120_000);
    const other = folder('holdfast.other000', 3 * day);
    chownSync(other, 65_534, 65_534);
    utimesSync(other, new Date(0), new Date(0));
    const kept = [
      folder('holdfast.young000', day - 120_000),
      folder('holdfast.aB3dE6g', 3 * day),
      folder('holdfast.aB3dE6gHi', 3 * day),
      folder('holdfast.aB3dE6g-', 3 * day),
      folder('xholdfast.aB3dE6gH', 3 * day),
      folder('.holdfast.aB3dE6gH', 3 * day),
      folder('holdfast-aB3dE6gH', 3 * day),
      other,
    ];
    const target = folder('target', 3 * day);
    symlinkSync(target, join(under, 'holdfast.link0000'));
    writeFileSync(join(under, 'holdfast.file0000'), 'x');
    utimesSync(join(under, 'holdfast.file0000'), new Date(0), new Date(0));
    const { path, end } = await hold(shell);
    expect(readdirSync(under).sort()).toEqual(
      [...kept, target, join(under, 'holdfast.link0000'), join(under, 'holdfast.file0000'), path]
        .map((each) => each.slice(under.length + 1))
        .sort(),
    );
    expect(readdirSync(target)).toEqual(['copy.sqlite3']);
    await end();
    expect(readdirSync(under)).not.toContain(path.slice(under.length + 1));
  });

  test.each([0, 60])(
    'loses the names of its files when it is told so, and stays (%i)',
    async (leaseSeconds) => {
      const { path, child, end } = await hold(shell, holdScratch({ mark: 'mark', under, leaseSeconds }));
      writeFileSync(join(path, 'copy.sqlite3'), 'a copy');
      writeFileSync(join(path, "it's another"), 'one');
      const opened = openSync(join(path, 'copy.sqlite3'), 'r');
      child.stdin?.write('\n');
      await sleep(100);
      expect(readdirSync(path)).toHaveLength(2);
      child.stdin?.write(`${unnameWord}\n\n`);
      for (let tries = 0; readdirSync(path).length > 0; tries += 1) {
        expect(tries).toBeLessThan(100);
        await sleep(20);
      }
      expect(readFileSync(opened, 'utf8')).toBe('a copy');
      closeSync(opened);
      await end();
      expect(readdirSync(under)).toEqual([]);
    },
  );

  test('goes also when its whole session is told to end while it is being removed', async () => {
    const { path, child, end } = await hold(shell);
    for (let each = 0; each < 5000; each += 1) writeFileSync(join(path, `${each}`), '');
    const watcher = watch(path);
    const ended = end();
    await once(watcher, 'change');
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM');
    watcher.close();
    await ended;
    expect(readdirSync(under)).toEqual([]);
  });

  test('leaves one alone in which a process is at work', async () => {
    const path = folder('holdfast.atWork00', 3 * day);
    const worker = spawn('sleep', ['60'], { cwd: path, stdio: 'ignore' });
    await once(worker, 'spawn');
    const { end } = await hold(shell);
    expect(statSync(path).isDirectory()).toBe(true);
    worker.kill('SIGKILL');
    await end();
  });

  test('leaves one alone whose holder says that it is alive', async () => {
    const first = await hold(shell);
    utimesSync(first.path, new Date(0), new Date(0));
    first.child.stdin?.write('\n');
    for (let tries = 0; statSync(first.path).mtimeMs < day; tries += 1) {
      expect(tries).toBeLessThan(100);
      await sleep(50);
    }
    const second = await hold(shell);
    expect(readdirSync(under)).toHaveLength(2);
    await Promise.all([first.end(), second.end()]);
    expect(readdirSync(under)).toEqual([]);
  });

  test('is made though a dead one can not be removed', async () => {
    const path = folder('holdfast.stuck000', 3 * day);
    chmodSync(path, 0o500);
    const { end } = await hold(shell);
    await end();
  });
});

describe.each(shells)('a claim, by %s', (shell) => {
  let count = 0;
  const path = () => join(under, ".it's the app.holdfast-restore");
  const claim = () => {
    count += 1;
    return hold(shell, holdClaim(`mark${count}`, path()));
  };
  const age = (ms: number) => utimesSync(path(), new Date(Date.now() - ms), new Date(Date.now() - ms));

  test('is one at a time, and gone with its holder', async () => {
    const first = await claim();
    expect(first.path).toBe(path());
    expect(statSync(path()).mode & 0o777).toBe(0o700);
    const refused = await claim();
    expect(refused.path).toBe('taken');
    await refused.end();
    expect(readdirSync(under)).toHaveLength(1);
    await first.end();
    expect(readdirSync(under)).toEqual([]);
    const next = await claim();
    expect(next.path).toBe(path());
    next.child.kill('SIGTERM');
    await once(next.child, 'exit');
    expect(readdirSync(under)).toEqual([]);
  });

  test('of ten at once one is given', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, claim));
    expect(claims.filter((each) => each.path === path())).toHaveLength(1);
    await Promise.all(claims.map((each) => each.end()));
    expect(readdirSync(under)).toEqual([]);
  });

  test('counts for five minutes after the last sign of life, and is then taken over by one', async () => {
    const dead = await claim();
    dead.child.kill('SIGKILL');
    age(4 * 60_000);
    const early = await claim();
    expect(early.path).toBe('taken');
    await early.end();
    age(6 * 60_000);
    const claims = await Promise.all(Array.from({ length: 8 }, claim));
    expect(claims.filter((each) => each.path === path())).toHaveLength(1);
    await Promise.all(claims.map((each) => each.end()));
    expect(readdirSync(under)).toEqual([]);
  });

  test('that was taken over is not removed by whoever had it before', async () => {
    const first = await claim();
    age(6 * 60_000);
    const second = await claim();
    expect(second.path).toBe(path());
    await first.end();
    expect(readdirSync(under)).toHaveLength(1);
    await second.end();
    expect(readdirSync(under)).toEqual([]);
  });
});

test('a claim where nothing can be made says why', async () => {
  const missing = spawn('sh', ['-c', holdClaim('mark', join(under, 'no/folder'))]);
  let said = '';
  missing.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  expect(await once(missing, 'close')).toEqual([1, null]);
  expect(said).toContain('No such file or directory');
});

test('a TMPDIR that is no absolute path is told and not waited for, and nothing is left there', async () => {
  // Programs of this machine start in its root.
  const env = { PATH: process.env['PATH'], TMPDIR: under.slice(1) };
  await using host = await openHost({ ssh: null, container: null, sudo: false, env, signal });
  const file = { name: 'x', text: 'secret' };
  await expect(host.scratch({ signal, file })).rejects.toMatchObject({
    code: 'host.scratch',
    hint: expect.stringContaining('TMPDIR'),
  });
  expect(readdirSync(under)).toEqual([]);
});
