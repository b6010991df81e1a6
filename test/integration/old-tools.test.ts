import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootstrap, listen, scripted } from '../../src/hosts/tether.ts';

/** Hosts by the programs that they have in place of those of today; `null`: they have none. */
const hosts: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'all of them': {},
  'no timeout': { timeout: null },
  'a timeout that wants -t': { timeout: 'echo "usage: timeout [-t SECS] PROG ARGS" >&2; exit 1' },
  'a timeout that takes the seconds for the program': { timeout: 'exec "$@"' },
  'a timeout whose time is over as the byte comes': { timeout: '/usr/bin/timeout "$@"; exit 124' },
  'a dd that knows no iflag': {
    dd: 'case $1 in iflag=*) echo "dd: unknown operand $1" >&2; exit 1 ;; esac; exec /usr/bin/dd "$@"',
  },
};

const shells: Readonly<Record<string, readonly [string, ...string[]]>> = {
  bash: ['/usr/bin/bash'],
  dash: ['/usr/bin/dash'],
  // It prefers its own programs to those of PATH.
  busybox: ['/usr/bin/busybox', 'sh'],
};
const cases = Object.keys(shells).flatMap((shell) =>
  Object.keys(hosts)
    .filter((_, index) => shell !== 'busybox' || index === 0)
    .map((host): [string, string] => [shell, host]),
);

describe.concurrent.each(cases)('where sh is %s, and there are %s', (shellName, name) => {
  const tools = hosts[name] ?? {};
  const hasTimeout = tools['timeout'] === undefined || name.endsWith('as the byte comes');
  let bin: string;

  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'holdfast-old-tools-'));
    for (const tool of ['cat', 'dd', 'timeout']) {
      const script = tools[tool];
      if (script === undefined) symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
      else if (script !== null) {
        writeFileSync(join(bin, tool), `#!/usr/bin/dash\n${script}\n`, { mode: 0o755 });
      }
    }
  });
  afterAll(() => rmSync(bin, { recursive: true }));

  /** A shell with that script and PATH; `send` writes to its stdin. */
  const start = (script: string) => {
    const [program, ...first] = shells[shellName] ?? ['sh'];
    const child = spawn(program, [...first, '-c', script], { env: { PATH: bin, HOME: bin } });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    return { send: (what: string) => child.stdin.write(what), end: () => child.stdin.end(), said };
  };
  const hears = (leaseSeconds: number) =>
    `exec 3<&0\n${listen(leaseSeconds)}\nwhile heard; do case $word in u*) echo word ;; *) echo sign ;; esac; done; echo over`;

  test('a sign of life is heard, and a word, until stdin ends', async () => {
    const { send, end, said } = start(hears(60));
    send('\nu\n\n');
    end();
    const [out, err] = await said;
    // Byte by byte the end of the word's line is one more sign of life.
    expect(out).toBe(hasTimeout ? 'sign\nword\nsign\nsign\nover\n' : 'sign\nword\nsign\nover\n');
    expect(err).toBe('');
  });

  test('a silence is waited out where there is a timeout, and else stdin is waited for', async () => {
    const { send, end, said } = start(hears(1));
    send('\n');
    const first = await Promise.race([
      said.then(() => 'over'),
      new Promise((resolve) => setTimeout(resolve, 1600, 'waiting')),
    ]);
    expect(first).toBe(hasTimeout ? 'over' : 'waiting');
    end();
    expect(await said).toEqual(['sign\nover\n', '']);
  });

  test('a script that comes in pieces is run, and takes nothing of what follows', async () => {
    const [, ...argv] = bootstrap;
    const { send, end, said } = start(argv.at(-1) ?? '');
    const script = scripted(`printf '%s\\n' 'ä begun'\ncat\n# ${'-'.repeat(9000)}\n`);
    send(script.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    send(script.slice(20));
    send('what follows\n');
    end();
    expect(await said).toEqual(['ä begun\nwhat follows\n', '']);
  });
});
