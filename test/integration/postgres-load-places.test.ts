import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.ts';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import { clusterScript } from '../../src/engines/postgres/scratch-cluster-script.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { dump, pathWithout } from '../kit/postgres-dump.ts';
import { clusterTraces, databasesOf, dumpRequest, richSchema, scratchEngine } from '../kit/postgres-load.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let server: Postgres;
let dir: string;
let temporary: string;

beforeAll(async () => {
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE rich; CREATE ROLE tenant');
  server.sql('rich', richSchema);
});
afterAll(() => server.stop());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-places-'));
  chmodSync(dir, 0o755);
  temporary = join(dir, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o755);
});
afterEach(async () => {
  await expect.poll(() => clusterTraces(temporary), { timeout: 15_000 }).toEqual([]);
  expect(databasesOf(server).filter((name) => name.startsWith('holdfast_'))).toEqual([]);
  rmSync(dir, { recursive: true });
});

const here = () => localHost({ ...process.env, TMPDIR: temporary });
const own = async () => scratchEngine({ host: await here() });
const given = async (database = 'postgres') =>
  scratchEngine({ host: await here(), scratchUrl: server.url(database) });

async function dumpOf(database: string): Promise<{ file: string; content: Buffer }> {
  const { file } = await dump(server.url(database), { on: await here() });
  return { file, content: readFileSync(file) };
}

/** The archive with one word for another of the same length, everywhere. */
function edited(content: Buffer, from: string, to: string): Buffer {
  expect(content.includes(from)).toBe(true);
  return Buffer.from(content.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Not being able to try is another thing than damage. */
async function unable(loading: Promise<AsyncDisposable>): Promise<HoldfastError> {
  const error = await loading.then(
    async (loaded) => {
      await loaded[Symbol.asyncDispose]();
      throw new Error('it did not fail');
    },
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).not.toBeInstanceOf(IntegrityError);
  expect(error.hint).toBeTruthy();
  return error;
}

describe('what could not be tried is no damage:', () => {
  test('no server programs on this machine, and nothing is downloaded', async () => {
    const PATH = pathWithout(dir, 'initdb', 'postgres');
    const host = await localHost({ PATH, TMPDIR: temporary });
    let read = false;
    async function* plain(): Bytes {
      read = true;
      yield Buffer.alloc(10);
    }
    const engine = scratchEngine({ host, folders: [] });
    expect(await unable(engine.load(dumpRequest(plain(), { engineVersion: '14.2' })))).toMatchObject({
      code: 'postgres.no-server',
      message: expect.stringMatching(/14\.2.*version 14 .*none/),
      hint: expect.stringMatching(/postgresql-14.*scratch-url/),
    });
    expect(read).toBe(false);
  });

  test('a dump of a version that is newer than any server here', async () => {
    const { file } = await dumpOf('rich');
    const request = () => dumpRequest(file, { engineVersion: '99.1' });
    expect(await unable((await own()).load(request()))).toMatchObject({
      code: 'postgres.no-server',
      message: expect.stringMatching(new RegExp(`99\\.1.*there is ${server.major}\\.`)),
    });
    expect(await unable((await given()).load(request()))).toMatchObject({
      code: 'postgres.too-old',
      input: 'scratch-url',
    });
  });

  test('nobody at scratch-url, or nobody who lets us in', async () => {
    const { file } = await dumpOf('rich');
    server.sql('postgres', 'CREATE ROLE plain LOGIN');
    for (const [scratchUrl, code] of [
      ['postgres://postgres@127.0.0.1:1/postgres', 'postgres.refused'],
      [server.url('postgres').replace('postgres@', 'nobody@'), 'postgres.no-role'],
      [server.url('postgres').replace('postgres@', 'plain@'), 'postgres.permission'],
    ] as const) {
      const error = await unable(scratchEngine({ host: await here(), scratchUrl }).load(dumpRequest(file)));
      expect(error, scratchUrl).toMatchObject({ code, exitCode: 1 });
      expect(`${error.message} ${error.hint}`).not.toContain('`database`');
    }
  });

  test('a role, an extension or a locale that the server lacks', async () => {
    const { content } = await dumpOf('rich');
    const role = edited(content, 'TO tenant', 'TO nobody');
    expect(await unable((await given()).load(dumpRequest(role)))).toMatchObject({
      code: 'postgres.no-role',
      message: expect.stringContaining('"nobody"'),
    });
    const extension = edited(content, 'pg_trgm', 'pg_none');
    for (const engine of [await own(), await given()]) {
      expect(await unable(engine.load(dumpRequest(extension)))).toMatchObject({
        code: 'postgres.no-extension',
        message: expect.stringContaining('pg_none'),
      });
    }
    server.sql('postgres', "CREATE DATABASE ctype TEMPLATE template0 LC_CTYPE 'C.UTF-8' ENCODING 'UTF8'");
    server.sql('ctype', "CREATE TABLE t (a text CHECK (a < 'm')); INSERT INTO t VALUES ('first')");
    const elsewhere = edited((await dumpOf('ctype')).content, 'C.UTF-8', 'x_Y.UTF');
    {
      await using loaded = await (await given()).load(dumpRequest(elsewhere));
      expect(await loaded.query('SELECT a FROM t')).toEqual(['first']);
    }
    const broken = edited(elsewhere, 'first\n', 'worst\n');
    expect(await unable((await given()).load(dumpRequest(broken)))).toMatchObject({
      code: 'postgres.locale',
    });
  });

  test('a disk that is full, sooner or later', async () => {
    server.sql('postgres', 'CREATE DATABASE large');
    server.sql(
      'large',
      'CREATE TABLE t AS SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 40000) i',
    );
    const { file } = await dumpOf('large');
    for (const size of ['20m', '70m', '100m']) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', temporary]);
      try {
        const error = await unable((await own()).load(dumpRequest(file)));
        expect(error, size).toMatchObject({ code: 'postgres.no-space', exitCode: 1 });
        await expect.poll(() => clusterTraces(temporary), { timeout: 15_000 }).toEqual([]);
      } finally {
        execFileSync('umount', [temporary]);
      }
    }
  });
});

test('a role that is missing in a cluster of its own is made', async () => {
  const { content } = await dumpOf('rich');
  await using loaded = await (await own()).load(dumpRequest(edited(content, 'TO tenant', 'TO "A  b"')));
  expect(await loaded.query('SELECT polroles[1]::regrole FROM pg_policy')).toEqual(['"A  b"']);
});

test.each(['LATIN1', 'SQL_ASCII', 'EUC_JP'])('the encoding of the source is kept: %s', async (encoding) => {
  const name = `in_${encoding.toLowerCase()}`;
  server.sql(
    'postgres',
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
  );
  server.sql(name, "CREATE TABLE t AS SELECT 'text'::text AS x");
  const { file } = await dumpOf(name);
  for (const engine of [await own(), await given()]) {
    await using loaded = await engine.load(dumpRequest(file));
    expect(await loaded.query("SELECT current_setting('server_encoding')")).toEqual([encoding]);
  }
});

test('the database of scratch-url need not be there', async () => {
  const { file } = await dumpOf('rich');
  await using loaded = await (await given('not_there')).load(dumpRequest(file));
  expect(await loaded.query('SELECT count(*) FROM people')).toEqual(['1000']);
});

test('where the user of the server does not get into TMPDIR, or its path is long, /tmp is taken', async () => {
  const { file } = await dumpOf('rich');
  const deep = join(temporary, 'd'.repeat(90));
  const odd = join(temporary, "it's, odd");
  for (const folder of [deep, odd]) mkdirSync(folder);
  chmodSync(deep, 0o755);
  chmodSync(odd, 0o755);
  chmodSync(temporary, 0o700);
  for (const [mode, TMPDIR] of [
    [0o700, temporary],
    [0o755, deep],
    [0o755, odd],
  ] as const) {
    chmodSync(temporary, mode);
    const host = await localHost({ ...process.env, TMPDIR });
    let folders: readonly string[] = [];
    {
      await using loaded = await scratchEngine({ host }).load(dumpRequest(file));
      folders = await loaded.query(
        "SELECT setting FROM pg_settings WHERE name IN ('data_directory', 'unix_socket_directories')",
      );
      expect(folders).toContainEqual(expect.stringMatching(/^\/tmp\/holdfast\.\w+(?:\/data)?$/));
      expect(folders.filter((folder) => existsSync(folder))).toHaveLength(2);
    }
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('holdfast.'))).toEqual([]);
  }
});

describe('a client that is killed leaves nothing:', () => {
  test.each([
    ['a cluster of its own', false, 'loaded'],
    ['a cluster of its own', false, 300],
    ['a cluster of its own', false, 600],
    ['a cluster of its own', false, 900],
    ['a cluster of its own', false, 1200],
    ['scratch-url', true, 'loaded'],
    ['scratch-url', true, 400],
    ['scratch-url', true, 550],
    ['scratch-url', true, 700],
  ] as const)('%s (%s) after %s', async (_, byUrl, when) => {
    const { file } = await dumpOf('rich');
    const program = fileURLToPath(new URL('../kit/hold-postgres-load.ts', import.meta.url));
    const argv = [program, file, ...(byUrl ? [server.url('postgres')] : [])];
    const client = spawn(process.execPath, argv, { env: { ...process.env, TMPDIR: temporary } });
    client.stderr.pipe(process.stderr);
    if (when === 'loaded') {
      const [said] = await once(client.stdout, 'data');
      expect(`${said}`).toBe('loaded\n');
      expect(clusterTraces(temporary)).not.toEqual([]);
    } else {
      await sleep(when);
    }
    client.kill('SIGKILL');
    await once(client, 'close');
    await expect.poll(() => clusterTraces(temporary), { timeout: 20_000 }).toEqual([]);
    const left = () => databasesOf(server).filter((name) => name.startsWith('holdfast_'));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });
});

test('a cluster goes also when its whole session is told to end while it is being removed', async () => {
  const child = spawn('sh', ['-c', clusterScript, 'sh', server.bin, '54321'], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const [said] = await once(child.stdout, 'data');
  const [folder = ''] = `${said}`.split('\n');
  const table = join(folder, 'data/base/1/1259');
  const watcher = watch(join(folder, 'data/base/1'));
  child.stdin.end();
  while (existsSync(table)) await once(watcher, 'change');
  if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM');
  watcher.close();
  await exited;
  expect(readdirSync(temporary)).toEqual([]);
});
