import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../kit/run-action.ts';
import { pathWithout } from '../kit/sqlite-hosts.ts';

/** Files of an app whose names are what shells, SQLite's shell, its URIs and terminals would read as more. */
const names = [
  ...[
    "it's",
    '$(touch pwned)',
    '-rf',
    'a\nb',
    'back\\slash',
    '[a]*?',
    'ünï-漢-💾',
    '"; .shell touch pwned; "',
  ],
  ...[
    'file:x?mode=memory',
    '%41%00#hash',
    ' ends ',
    '\u001b[2Jred\u202e',
    '\n::error::a',
    '##[error]',
    'x'.repeat(230),
  ],
] as const;

let dir: string;
let withoutShell: string;
const folder = () => join(dir, 'apps');

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-names-'));
  mkdirSync(folder());
  names.forEach((name, index) => {
    change(
      join(folder(), `${name}.db`),
      `CREATE TABLE own (name TEXT); INSERT INTO own VALUES ('number ${index}')`,
    );
  });
  withoutShell = pathWithout('sqlite3');
});
afterAll(() => {
  rmSync(dir, { recursive: true });
  rmSync(withoutShell, { recursive: true });
});

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

/** What the one row of a file says. */
function rowOf(path: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare('SELECT name FROM own').get()?.['name'];
  } finally {
    db.close();
  }
}

function nothingWasRun(): void {
  for (const place of [dir, folder(), '/', homedir(), tmpdir(), process.cwd()]) {
    expect(existsSync(join(place, 'pwned')), place).toBe(false);
  }
}

/** The folder of the app has its files, and nothing more. */
function nothingWasMade(): void {
  expect(readdirSync(folder()).sort()).toEqual(names.map((name) => `${name}.db`).sort());
}

async function holdfast(args: readonly string[], env: Record<string, string> = {}) {
  const run = await runCli([...args, '--store', `file:${dir}/store`, '--json'], { env });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stderr + run.stdout, 'a terminal would obey').not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
  return JSON.parse(run.stdout);
}

const places: [string, (database: string) => [readonly string[], Record<string, string>]][] = [
  ['by sqlite3', (database) => [['backup', '--name', 'shell', '--database', database], {}]],
  [
    'by python3',
    (database) => [['backup', '--name', 'python', '--database', database], { PATH: withoutShell }],
  ],
];

describe.each(places)('files with hostile names, %s', (_, commandFor) => {
  test('are each backed up as what they are, and nothing in a name is run', async () => {
    const [args, env] = commandFor(`sqlite:${folder()}/*.db`);
    const { backup } = await holdfast(args, env);
    expect(backup.databases).toHaveLength(names.length);
    const sources = backup.databases.map(({ source }: { source: string }) => source);
    const paths = names.map((name) => `sqlite:${folder()}/${name}.db on this machine`);
    expect(sources.sort()).toEqual(paths.sort());
    nothingWasMade();
    nothingWasRun();
  });
});

describe('a restore', () => {
  test('gives each its own content back', async () => {
    const { backup } = await holdfast(['backup', '--name', 'all', '--database', `sqlite:${folder()}/*.db`]);
    const { files } = await holdfast(['restore', '--name', 'all', '--to', `file:${dir}/fetched`]);
    expect(files).toHaveLength(names.length);
    const rows = files.map(rowOf);
    expect([...rows].sort()).toEqual(names.map((__, index) => `number ${index}`).sort());
    expect(new Set(backup.databases.map(({ key }: { key: string }) => key)).size).toBe(names.length);
  });

  test.each([
    ["it's"],
    ['"; .shell touch pwned; "'],
    ['file:x?mode=memory'],
    ['%41%00#hash'],
    ['-rf'],
  ] as const)('in place of the file %s, keeping what was there', async (name) => {
    const path = join(folder(), `${name}.db`);
    await holdfast(['backup', '--name', 'one', '--database', `sqlite:${path}`]);
    change(path, "UPDATE own SET name = 'wrong'");
    const to = ['--to', `sqlite:${path}`, '--confirm', `${name}.db`];
    const { previous } = await holdfast(['restore', '--name', 'one', ...to]);
    expect(rowOf(path)).toBe(`number ${names.indexOf(name)}`);
    expect(rowOf(previous)).toBe('wrong');
    rmSync(previous);
    nothingWasMade();
    nothingWasRun();
  });

  test('a path of 4 KB is refused as one that is not there, and made nowhere', async () => {
    const path = `${folder()}/${"a'\\$/".repeat(800)}x.db`;
    const run = await runCli([
      'backup',
      '--store',
      `file:${dir}/store`,
      '--json',
      '--database',
      `sqlite:${path}`,
    ]);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout).error).toMatchObject({ code: 'sqlite.missing', input: 'database' });
    nothingWasMade();
  });
});
