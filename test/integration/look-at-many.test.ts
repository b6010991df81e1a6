import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import { type Inspection, type Look, lookAt, readInspection } from '../../src/engines/sqlite/inspect.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';

const shells = {
  dash: '/usr/bin/dash',
  bash: '/usr/bin/bash',
  // It prefers its own programs to those of PATH.
  busybox: '/usr/bin/busybox',
} as const;
/** What a machine has in place of `stat` and `readlink`; `null`: nothing. */
const machines = {
  'GNU programs': {},
  'no stat': { stat: null },
  // Files can be mounted one by one, so that two of a folder lie on two systems.
  'a file system for each file': {
    stat: '[ "$1" = -f ] || exec /usr/bin/stat "$@"; shift 3; [ "$1" != -- ] || shift; exec /usr/bin/stat -L -c on-%i -- "$@"',
  },
  'the stat of BSD': {
    stat: 'case $1 in -f) shift 2; for f do if [ -e "$f" ]; then echo -c; else false; fi; done ;; *) exit 1 ;; esac',
  },
  'a stat that says something else': { stat: 'echo nfs' },
  'no readlink -f': { readlink: 'exit 1' },
} as const;
type Shell = keyof typeof shells;
type Machine = keyof typeof machines;
const cases = (Object.keys(shells) as Shell[]).flatMap((shell) =>
  (Object.keys(machines) as Machine[])
    .filter((machine) => shell !== 'busybox' || machine === 'GNU programs')
    .map((machine): [Shell, Machine] => [shell, machine]),
);

let root: string;
let app: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-look-')));
  app = join(root, 'app');
  for (const folder of ['app', 'elsewhere', 'with space', 'bin']) mkdirSync(join(root, folder));
  symlinkSync('app', join(root, 'linked'));
  makeAppDatabase(join(app, 'one.sqlite3'), { megabytes: 1 });
  makeAppDatabase(join(app, 'two.sqlite3'), { megabytes: 2 });
  writeFileSync(join(app, 'two.sqlite3-wal'), '12345');
  makeAppDatabase(join(root, 'elsewhere', 'three.sqlite3'), { megabytes: 3 });
  makeAppDatabase(join(root, 'with space', '-new\nline.sqlite3'), { megabytes: 1 });
  symlinkSync('../elsewhere/three.sqlite3', join(app, 'three.sqlite3'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe.each(cases)('a look at many files where sh is %s, and there are %s', (shell, machine) => {
  let host: Host;

  beforeAll(async () => {
    const bin = mkdtempSync(join(root, 'bin', 'of-'));
    for (const tool of readdirSync('/usr/bin')) symlinkSync(join('/usr/bin', tool), join(bin, tool));
    rmSync(join(bin, 'sh'));
    symlinkSync(shells[shell], join(bin, 'sh'));
    for (const [tool, script] of Object.entries<string | null>(machines[machine])) {
      rmSync(join(bin, tool));
      if (script !== null) writeFileSync(join(bin, tool), `#!/usr/bin/dash\n${script}\n`, { mode: 0o755 });
    }
    const env = { PATH: bin, HOME: root, TMPDIR: root };
    host = await openHost({ ssh: null, container: null, sudo: false, env, signal });
  });
  afterAll(() => host[Symbol.asyncDispose]());

  const systemOf = (real: string): unknown => {
    if (machine === 'no stat') return null;
    if (machine === 'a stat that says something else') return 'nfs';
    return machine === 'a file system for each file' ? `on-${statSync(real).ino}` : expect.any(String);
  };
  /** What is to be said of a file. */
  const facts = (real: string, walBytes: number | null = null): unknown =>
    expect.objectContaining({
      path: real,
      fileBytes: statSync(real).size,
      walBytes,
      fileSystem: systemOf(real),
    });
  const found = (looks: ReadonlyMap<string, Look>, path: string): Inspection | string => {
    try {
      return readInspection(looks.get(path), path, host);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  // Where one is missing, no program answers for all of them.
  test.each(['and all are there', 'and one is missing'])(
    'tells path, size and file system of each, %s',
    async (which) => {
      const resolves = machine !== 'no readlink -f';
      const expected: Record<string, unknown> = {
        ...(which === 'and one is missing' ? { [join(app, 'gone.sqlite3')]: 'sqlite.missing' } : {}),
        [join(app, 'one.sqlite3')]: facts(join(app, 'one.sqlite3')),
        [join(app, 'two.sqlite3')]: facts(join(app, 'two.sqlite3'), 5),
        [join(app, 'two.sqlite3-wal')]: 'sqlite.not-a-database',
        [join(app, 'three.sqlite3')]: facts(join(root, resolves ? 'elsewhere' : 'app', 'three.sqlite3')),
        [join(root, 'linked/one.sqlite3')]: facts(join(root, resolves ? 'app' : 'linked', 'one.sqlite3')),
        '~/elsewhere/three.sqlite3': facts(join(root, 'elsewhere/three.sqlite3')),
        [join(root, 'with space/-new\nline.sqlite3')]: facts(join(root, 'with space/-new\nline.sqlite3')),
      };
      const looks = await lookAt(host, Object.keys(expected), signal);
      const said = Object.keys(expected).map((path) => [path, found(looks, path)]);
      expect(Object.fromEntries(said)).toEqual(expected);
    },
  );
});
