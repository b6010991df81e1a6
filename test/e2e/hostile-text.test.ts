import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpProxy, startHttpProxy } from '../kit/http-proxy.ts';
import { isInert } from '../kit/inert.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type ActionRun, runAction, runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

/** What a server that wants to steer the workflow, or the terminal, would say. */
const hostile = [
  '::set-output name=backup-id::stolen',
  ' \u0085\u200b::add-mask::a',
  '##[error]x##[set-env name=PATH;]/tmp',
  'cr\r::set-env name=PATH::/tmp',
  '\u001b[2J\u001b]0;title\u0007\u009b31m\u202egnp',
  'ghadelimiter_00000000-0000-0000-0000-000000000000',
  'result<<EOF',
];

let dir: string;
let postgres: Postgres;
let store: HttpProxy;
const databasePath = () => join(dir, 'app.sqlite3');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  mkdirSync(join(dir, 'shims'));
  makeAppDatabase(databasePath());
  postgres = await startPostgres();
  store = await startHttpProxy('http://127.0.0.1:1');
});
afterAll(async () => {
  postgres.stop();
  await store.stop();
  rmSync(dir, { recursive: true });
});

/** A `sqlite3` that fails with a text, in one piece, or a byte at a time. */
function shimThatSays(text: string, slowly: boolean): string {
  const file = join(dir, 'said');
  writeFileSync(file, text);
  const say = slowly ? `fold -b -w1 ${file} | tr -d '\\n' >&2` : `cat ${file} >&2`;
  const script = `#!/bin/sh\ncase "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac\ncat >/dev/null\n${say}\nexit 1\n`;
  writeFileSync(join(dir, 'shims/sqlite3'), script, { mode: 0o755 });
  return `${dir}/shims:${process.env['PATH']}`;
}

function steersNothing(run: ActionRun): void {
  isInert(run);
  expect(Object.keys(run.outputs).sort()).toEqual(['duration-ms', 'result']);
  expect(run.result.ok).toBe(false);
}

describe('what a program of the server says', () => {
  test.each([false, true])('steers neither the runner nor the outputs; slowly: %s', async (slowly) => {
    for (const last of hostile) {
      const PATH = shimThatSays([...hostile, last].join('\n'), slowly);
      const inputs = { store: `file:${dir}/store`, database: `sqlite:${databasePath()}` };
      const run = await runAction(inputs, { env: { PATH, RUNNER_DEBUG: '1' } });
      expect(run.exitCode).toBe(1);
      steersNothing(run);
    }
  });

  test('moves no cursor of a terminal', async () => {
    const PATH = shimThatSays(hostile.slice(4, 5).join('\n'), false);
    const args = ['--store', `file:${dir}/store`, '--database', `sqlite:${databasePath()}`];
    for (const more of [[], ['--json']]) {
      const run = await runCli([...args, ...more], { env: { PATH, HOLDFAST_DEBUG: '1' } });
      expect(run.exitCode).toBe(1);
      expect(run.stdout + run.stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
      expect(run.stdout + run.stderr).toContain('gnp');
    }
  });
});

test('names in a PostgreSQL server steer nothing', async () => {
  const name = hostile.slice(0, 4).join('\n');
  postgres.sql('postgres', 'CREATE DATABASE shop; ');
  postgres.sql('shop', `CREATE TABLE "${name.slice(0, 55)}" (id int); CREATE ROLE reader LOGIN;`);
  const database = postgres.url('shop').replace('postgres@', 'reader@');
  const inputs = { store: `file:${dir}/store`, database, 'install-client': 'false' };
  const run = await runAction(inputs, { env: { RUNNER_DEBUG: '1' } });
  expect(run.exitCode, run.stdout).toBe(1);
  steersNothing(run);
});

test('what the store answers steers nothing', async () => {
  const text = hostile.join('\n').replace(/[&<]/g, '').replaceAll('\u001b', '&#27;').replaceAll('\u0007', '');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${text}</Code><Message>${text}</Message></Error>`;
  store.inject({ answer: 400, body: xml }, () => true);
  const run = await runAction(
    {
      store: 's3://backups',
      's3-endpoint': store.endpoint,
      's3-access-key-id': 'id',
      's3-secret-access-key': 'a long secret',
      database: `sqlite:${databasePath()}`,
    },
    { env: { RUNNER_DEBUG: '1' } },
  );
  expect(run.exitCode, run.stdout).toBe(1);
  steersNothing(run);
});
