import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAction, runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-line-'));
  makeAppDatabase(join(dir, 'app.sqlite3'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const database = () => ['--database', `sqlite:${dir}/app.sqlite3`];
const store = () => ['--store', `file:${dir}/store`];

describe('a line with mistakes ends with exit code 2 and does nothing:', () => {
  test('an unknown command', async () => {
    const run = await runCli(['lst', ...store()]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toBe('Error: There is no command `lst`.\n  → Did you mean `list`?\n');
  });

  test('every unknown flag at once', async () => {
    const run = await runCli(['backup', ...database(), ...store(), '--keep-dayly', '7', '--nam=shop']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('Did you mean `--keep-daily`?');
    expect(run.stderr).toContain('Did you mean `--name`?');
    expect(readdirSync(dir)).toEqual(['app.sqlite3']);
  });

  test('a misspelt variable, by which a nightly backup would go into the current folder', async () => {
    const run = await runCli(['backup', ...database()], { env: { HOLDFAST_STOR: `file:${dir}/store` } });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toBe(
      'Error: There is no variable `HOLDFAST_STOR`.\n  → Did you mean `HOLDFAST_STORE`?\n',
    );
  });

  test.each<[string, string[], string]>([
    ['an unknown flag', ['list', '--stor', 'file:x'], 'stor'],
    ['an unknown command', ['lst'], 'lst'],
    ['a flag without a value', ['list', '--name'], 'name'],
  ])('as a JSON document too: %s', async (_, args, input) => {
    const run = await runCli([...args, '--json']);
    expect(run.exitCode).toBe(2);
    const document = JSON.parse(run.stdout);
    expect(document).toMatchObject({ ok: false, error: { code: 'config', input, problems: [{ input }] } });
    expect(run.stderr).toContain(document.error.message);
  });
});

test('`--verify` alone restores the new backup, and leaves the flag behind it alone', async () => {
  const run = await runCli(['backup', '--verify', ...database(), ...store(), '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout).verified).toMatchObject({ level: 'restore', verdict: 'ok' });
});

test('a name without backups is answered by the names that have some; `list` is no failure', async () => {
  await runCli(['backup', ...database(), ...store(), '--name', 'shop']);
  const others = /There are backups of: .*shop.*\. Set `name`/;
  const asking = [...store(), '--name', 'shp'];
  const listed = await runCli(['list', ...asking]);
  expect(listed).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(others) });
  for (const [args, exitCode] of [
    [['verify'], 1],
    [['restore', '--to', `${dir}/fetched`], 1],
    [['check'], 4],
  ] as const) {
    const run = await runCli([...args, ...asking]);
    expect(run).toMatchObject({ exitCode, stderr: expect.stringMatching(others) });
  }
  const inAction = await runAction({ command: 'list', name: 'shp', store: `file:${dir}/store` });
  expect(inAction.summary).toMatch(/No backups\. There are backups of: .*shop/);
  expect(inAction.result.otherNames).toContain('shop');
});

test('help and version are no mistakes', async () => {
  const help = await runCli(['list', '--help']);
  expect(help).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('--store <text>') });
  expect(await runCli(['--version'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.each([
  ['the command line', () => runCli(['list', ...store()], { env: hanging })],
  ['the Action', () => runAction({ command: 'list', store: `file:${dir}/store` }, { env: hanging })],
])('what waits for ever for an answer that nobody owes is no success: %s', async (_, run) => {
  expect((await run()).exitCode).toBe(13);
});

const hang = `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
fs.readdir = fs.stat = () => new Promise(() => {});
syncBuiltinESMExports();`;
/** Makes Node's own functions that look into folders never answer. */
const hanging = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}` };
