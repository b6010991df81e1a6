import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runCli } from '../kit/run-action.ts';

const fixture = join(import.meta.dirname, '../fixtures/format-1');
let dir: string;
let postgres: Postgres;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-golden-'));
  cpSync(join(fixture, 'store'), join(dir, 'store'), { recursive: true });
  postgres = await startPostgres();
});
afterAll(() => {
  postgres.stop();
  rmSync(dir, { recursive: true });
});

/** Runs a command on the old backups; fails with what it said. */
async function holdfast(command: string, name: string, ...args: string[]) {
  const run = await runCli([command, '--store', `file:${dir}/store`, '--name', name, '--json', ...args]);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  return JSON.parse(run.stdout);
}

test('the kept backups are the very same bytes as on the day they were made', () => {
  const store = join(fixture, 'store');
  const files = readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const all = createHash('sha256');
  for (const file of files) all.update(relative(store, file)).update(readFileSync(file));
  expect(all.digest('hex')).toBe('650ac995f30536b0c11172c5fc4c0667f749cc3e96895ac729b1c7e25bd412fd');
});

describe.each(['zstd', 'gzip', 'none'])('a backup of format 1, %s', (name) => {
  test('is listed and verifies at every level', async () => {
    const { backups } = await holdfast('list', name);
    expect(backups).toHaveLength(1);
    for (const level of ['stat', 'hash', 'restore']) {
      const { verdict, databases } = await holdfast('verify', name, '--level', level);
      expect(verdict, JSON.stringify(databases)).toBe('ok');
    }
  });

  test('restores the SQLite database, row by row', async () => {
    const path = join(dir, `${name}.sqlite3`);
    await holdfast('restore', name, '--to', `sqlite:${path}`);
    const dump = execFileSync('sqlite3', [path, '.dump'], { encoding: 'utf8' });
    expect(dump).toBe(readFileSync(join(fixture, 'production.sql'), 'utf8'));
  });
});

test.each(['zstd', 'gzip'])(
  'a backup of format 1, %s, restores the PostgreSQL database, row by row',
  async (name) => {
    const to = postgres.url(`shop_${name}`);
    await holdfast('restore', name, '--to', to);
    const content =
      'SET timezone = utc; SELECT o::text FROM orders o ORDER BY id; SELECT i::text FROM items i ORDER BY id; SELECT total();';
    expect(postgres.sql(`shop_${name}`, content)).toBe(readFileSync(join(fixture, 'shop.txt'), 'utf8'));
  },
);
