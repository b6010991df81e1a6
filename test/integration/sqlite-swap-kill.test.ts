import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import type { Swapped } from '../../src/core/target.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { crashAfter } from '../kit/sqlite-holder.ts';
import { localHost } from '../kit/sqlite-hosts.ts';
import { loadRequest, makeNotes, notesBytes, notesOf } from '../kit/sqlite-plain.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let outside: string;
let dir: string;
let fresh: Buffer;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'holdfast-swap-'));
  chmodSync(outside, 0o755);
  fresh = notesBytes(join(outside, 'fresh'), ['new one', 'new two']);
});
afterAll(() => rmSync(outside, { recursive: true }));
beforeEach(() => {
  dir = mkdtempSync(join(outside, 'case-'));
});

async function restore(path: string, host: Host): Promise<Swapped> {
  const target = new SqliteTarget({ host, path });
  await using staged = await target.stage(loadRequest(fresh));
  expect(await staged.check()).toEqual([]);
  return await staged.swap({ id: 'ID', force: false });
}

const at = (name = 'app.sqlite3'): string => join(dir, name);

describe('a client that is killed leaves the old one or the new one, whole, and nothing of its own:', () => {
  const client = fileURLToPath(new URL('../kit/sqlite-swap-client.ts', import.meta.url));

  /** Runs the client to its death in a folder of its own; says which database is there then. */
  async function die(programs: number, delayMs: number, over?: Sshd): Promise<'old' | 'new'> {
    const folder = mkdtempSync(join(dir, `${programs}-${delayMs}-`));
    const path = join(folder, 'app.sqlite3');
    makeNotes(path, ['old']);
    crashAfter(path, ['in the WAL only']);
    const argv = [client, path, join(outside, 'fresh'), 'ID', `${programs}`, `${delayMs}`];
    const ssh = over === undefined ? [] : [JSON.stringify(over)];
    const child = spawn(process.execPath, [...argv, ...ssh], { stdio: 'ignore' });
    await once(child, 'exit');
    const left = () => readdirSync(folder).filter((name) => name.startsWith('holdfast.'));
    for (let waited = 0; waited < 50 && left().length > 0; waited += 1) await sleep(100);
    // The last script may still be on its way.
    await sleep(300);
    expect(left()).toEqual([]);
    const notes = notesOf(path).join();
    const kept = join(folder, 'app.sqlite3.before-ID');
    if (notes === 'new one,new two') {
      expect(notesOf(kept)).toEqual(['old', 'in the WAL only']);
      return 'new';
    }
    expect(notes).toBe('old,in the WAL only');
    return 'old';
  }

  // Programs in order: look, scratch, owner, write, finish, 3 of the check, who uses it, save, settle, swap.
  test.each([0, 3, 10, 25, 60])('%i ms after the start of each program', async (delayMs) => {
    const rounds = Array.from({ length: 12 }, (_, index) => index + 1);
    const ends: string[] = [];
    for (const half of [rounds.slice(0, 6), rounds.slice(6)]) {
      ends.push(...(await Promise.all(half.map((programs) => die(programs, delayMs)))));
    }
    expect(ends.slice(0, 8)).toEqual(Array(8).fill('old'));
  });

  test('over SSH', async () => {
    const sshd = await startSshd();
    try {
      const ends: string[] = [];
      for (const delayMs of [10, 120]) {
        ends.push(
          ...(await Promise.all([2, 4, 6, 10, 11, 12].map((programs) => die(programs, delayMs, sshd)))),
        );
      }
      expect(ends).toContain('old');
      expect(await die(99, 0, sshd)).toBe('new');
    } finally {
      await sshd.stop();
    }
  });

  test('and after all of it, the new one', async () => {
    expect(await die(99, 0)).toBe('new');
  });
});

/** A machine whose file programs take their caller with them, by SIGKILL: the step of that number, `before` or `after` it is done. */
async function dyingHost(step: number, when: 'before' | 'after'): Promise<Host> {
  const bin = mkdtempSync(join(outside, 'bin-'));
  const act = when === 'before' ? 'kill -9 "$PPID"; exit 1' : '"$real" "$@"; kill -9 "$PPID"; exit 1';
  for (const program of ['ln', 'mv', 'cp', 'sync']) {
    const shim = `#!/bin/sh
real=/bin/${program}
case $* in *.before-ID*|*/new*|*/old*) ;; *) exec "$real" "$@" ;; esac
echo >>${bin}/count
if [ "$(wc -l <${bin}/count)" -eq ${step} ]; then ${act}; fi
exec "$real" "$@"
`;
    writeFileSync(join(bin, program), shim, { mode: 0o755 });
  }
  return localHost({ ...process.env, PATH: `${bin}:${process.env['PATH']}` });
}

describe('a crash of the machine at each step of the swap', () => {
  const steps = [1, 2, 3, 4, 5].flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]);

  test.each(steps)('leaves the old one or the new one: step %i, %s', async (step, when) => {
    makeNotes(at(), ['old']);
    crashAfter(at(), ['in the WAL only']);
    const outcome = await restore(at(), await dyingHost(step, when)).catch((error) => error.code);
    // Programs in order: sync of the new file, the second name, the rename; a fourth is not needed.
    const told = ['command.failed', 'restore.unknown', 'restore.unknown'][step - 1];
    expect(outcome).toEqual(told ?? expect.objectContaining({ previous: at('app.sqlite3.before-ID') }));
    const notes = notesOf(at()).join();
    expect(['old,in the WAL only', 'new one,new two']).toContain(notes);
    if (notes.startsWith('new')) expect(notesOf(at('app.sqlite3.before-ID'))).toContain('in the WAL only');
  });

  test.each(steps)('leaves no WAL of a damaged one beside the new one: step %i, %s', async (step, when) => {
    makeNotes(at(), ['old']);
    crashAfter(at(), ['lost']);
    writeFileSync(at(), 'damaged');
    await restore(at(), await dyingHost(step, when)).catch((error) => error);
    if (readFileSync(at(), 'utf8') !== 'damaged') expect(notesOf(at())).toEqual(['new one', 'new two']);
  });
});
