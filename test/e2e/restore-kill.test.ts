import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteContent } from '../kit/content.ts';
import { commandLines } from '../kit/oracle.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { runCli } from '../kit/run-action.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

let dir: string;
let postgres: Postgres;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-kill-'));
  mkdirSync(join(dir, 'tmp'));
  postgres = await startPostgres();
});
afterAll(() => {
  postgres.stop();
  rmSync(dir, { recursive: true });
});

interface Kind {
  readonly id: string;
  readonly url: () => string;
  readonly confirm: string;
  create(): void;
  /** Changes what is there, so that old and new differ. */
  change(): void;
  /** A hash of everything in it; throws when it can't be opened. */
  content(): string;
  /** Removes what earlier restores kept or left. */
  tidy(): void;
}

const path = () => join(dir, 'app.sqlite3');
const sqlite: Kind = {
  id: 'sqlite',
  url: () => `sqlite:${path()}`,
  confirm: 'app.sqlite3',
  create: () => makeAppDatabase(path(), { megabytes: 8 }),
  change: () => execFileSync('sqlite3', [path(), 'UPDATE accounts SET balance = balance + 1']),
  content() {
    expect(execFileSync('sqlite3', [path(), 'PRAGMA integrity_check'], { encoding: 'utf8' })).toBe('ok\n');
    return sqliteContent(path());
  },
  tidy() {
    for (const file of readdirSync(dir)) if (file.includes('.before-')) rmSync(join(dir, file));
  },
};

const pg: Kind = {
  id: 'postgres',
  url: () => postgres.url('app'),
  confirm: 'app',
  create() {
    postgres.sql('postgres', 'CREATE DATABASE app');
    postgres.sql('app', 'CREATE TABLE t (i int PRIMARY KEY, x text)');
    postgres.sql('app', 'INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 20000) i');
  },
  change: () => {
    postgres.sql('app', "UPDATE t SET x = x || '.' WHERE i = 1");
  },
  content: () => postgres.sql('app', "SELECT md5(string_agg(t::text, ',' ORDER BY i)) FROM t"),
  tidy() {
    const others =
      "SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE);', datname) FROM pg_database WHERE datname ~ '^app_'";
    for (const drop of postgres.sql('postgres', others).split('\n'))
      if (drop !== '') postgres.sql('postgres', drop);
  },
};

describe.each([sqlite, pg])('a restore of $id, killed at any moment', (kind) => {
  const options = () => ['--store', `file:${dir}/store`, '--name', kind.id];
  const restore = (id: string) => [
    'restore',
    '--backup',
    id,
    '--to',
    kind.url(),
    '--confirm',
    kind.confirm,
    ...options(),
  ];

  /** Nothing of the killed run is at work, or there, any more. */
  async function settled(): Promise<void> {
    const left = () => [
      ...readdirSync(join(dir, 'tmp')),
      ...commandLines().filter((line) => line.includes(`${dir}/`)),
    ];
    for (let tries = 0; left().length > 0; tries += 1) {
      expect(tries, `${left()}`).toBeLessThan(120);
      await sleep(100);
    }
  }

  /** How many backups are complete. */
  const backups = () => {
    const found = readdirSync(join(dir, 'store', kind.id), { recursive: true, encoding: 'utf8' });
    return found.filter((file) => file.endsWith('/manifest.json')).length;
  };

  /** The safety backup of what is there is complete, or has failed to be in time. */
  async function saved(before: number): Promise<void> {
    for (let tries = 0; backups() <= before && tries < 2000; tries += 1) await sleep(5);
  }

  test('leaves the old database or the new one, whole, and every backup in the list good', async () => {
    kind.create();
    const backedUp = kind.content();
    const made = await runCli(['backup', '--database', kind.url(), '--json', ...options()]);
    expect(made.exitCode, made.stderr).toBe(0);
    const { id } = JSON.parse(made.stdout).backup as { id: string };
    const env = { TMPDIR: join(dir, 'tmp') };

    kind.change();
    const startMs = performance.now();
    let savedMs = 0;
    const whole = await runCli(restore(id), {
      env,
      async during() {
        await saved(1);
        savedMs = performance.now();
      },
    });
    expect(whole.exitCode, whole.stderr).toBe(0);
    const [wholeMs, swapMs] = [performance.now() - startMs, performance.now() - savedMs];
    const outcomes = { old: 0, new: 0 };
    const rounds = 20;
    for (let round = 0; round < rounds; round += 1) {
      kind.change();
      const old = kind.content();
      const before = backups();
      await runCli(restore(id), {
        env,
        async during(child) {
          const part = (round + 1) / rounds;
          if (round % 2 === 0) await sleep(wholeMs * part);
          else {
            // The steps that matter are the last ones.
            await saved(before);
            await sleep(swapMs * part);
          }
          child.kill('SIGKILL');
        },
      });
      await settled();
      const now = kind.content();
      expect([old, backedUp], `killed after ${round}/${rounds}`).toContain(now);
      outcomes[now === old ? 'old' : 'new'] += 1;
      kind.tidy();
    }
    expect(outcomes.old).toBeGreaterThan(0);
    const listed = await runCli(['list', '--json', ...options()]);
    const ids = (JSON.parse(listed.stdout).backups as { id: string }[]).map((backup) => backup.id);
    expect(ids.length).toBeGreaterThan(2);
    for (const each of ids) {
      const verified = await runCli(['verify', '--level', 'hash', '--backup', each, ...options()]);
      expect(verified.exitCode, verified.stderr).toBe(0);
    }
    expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
    expect(readdirSync(dir).filter((file) => file.startsWith('holdfast.'))).toEqual([]);
  });
});
