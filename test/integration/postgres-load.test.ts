import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import { CommandError, HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { type Dumped, dump } from '../kit/postgres-dump.ts';
import { clusterTraces, databasesOf, dumpRequest, richSchema, scratchEngine } from '../kit/postgres-load.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let server: Postgres;
let dir: string;
let temporary: string;
let host: Host;
let rich: Dumped;

beforeAll(async () => {
  server = await startPostgres();
  server.sql('postgres', 'CREATE DATABASE rich; CREATE ROLE tenant');
  server.sql('rich', richSchema);
});
afterAll(() => server.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-load-'));
  chmodSync(dir, 0o755);
  temporary = join(dir, 'tmp');
  mkdirSync(temporary, { mode: 0o755 });
  host = await localHost({ ...process.env, TMPDIR: temporary });
  rich = await dump(server.url('rich'), { on: host });
});
afterEach(async () => {
  await expect.poll(() => clusterTraces(temporary), { timeout: 15_000 }).toEqual([]);
  expect(databasesOf(server).filter((name) => name.startsWith('holdfast_'))).toEqual([]);
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const own = () => scratchEngine({ host });
const given = () => scratchEngine({ host, scratchUrl: server.url('postgres') });
const ways: [string, () => ReturnType<typeof own>][] = [
  ['a cluster of its own', own],
  ['the server at scratch-url', given],
];

async function failure(loading: Promise<AsyncDisposable>): Promise<HoldfastError> {
  const error = await loading.then(
    async (loaded) => {
      await loaded[Symbol.asyncDispose]();
      throw new Error('it did not fail');
    },
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(HoldfastError);
  return error;
}

describe.each(ways)('a backup loaded into %s', (_, engine) => {
  test('is what was backed up', async () => {
    await using loaded = await engine().load(dumpRequest(rich.file));
    expect(loaded.label).toContain(`PostgreSQL ${server.major}`);
    expect(await loaded.check()).toEqual([]);
    expect(await loaded.fingerprint()).toEqual(rich.proof.fingerprint);
    expect(
      await loaded.query("SELECT convert_from(lo_get(oid), 'UTF8') FROM pg_largeobject_metadata"),
    ).toEqual(['large']);
  });

  test('lacks what the archive lacks', async () => {
    server.sql('postgres', 'CREATE DATABASE less TEMPLATE rich');
    server.sql('less', 'DELETE FROM orders WHERE id = 7; DROP INDEX people_name_idx');
    const { file } = await dump(server.url('less'), { on: host });
    server.sql('postgres', 'DROP DATABASE less');
    await using loaded = await engine().load(dumpRequest(file));
    const { tables, schemaSha256 } = await loaded.fingerprint();
    expect(tables).toEqual({ ...rich.proof.fingerprint.tables, 'public.orders': 4999 });
    expect(schemaSha256).not.toBe(rich.proof.fingerprint.schemaSha256);
  });

  test('answers a query with the first column of each row', async () => {
    await using loaded = await engine().load(dumpRequest(rich.file));
    const ask = (sql: string) => loaded.query(sql);
    expect(await ask('SELECT name, id FROM people ORDER BY id LIMIT 2')).toEqual(['person 1', 'person 2']);
    expect(await ask('SELECT t FROM "Odd ""schema"""."a.b"')).toEqual(['ünï', 'a\nb']);
    expect(await ask('SELECT NULL UNION ALL SELECT NULL')).toEqual(['', '']);
    expect(await ask('SELECT NULL, NULL')).toEqual(['']);
    expect(await ask('SELECT 1 WHERE false')).toEqual([]);
    expect(await ask('SELECT count(*) > 3, 1 = 2 FROM people;')).toEqual(['t']);
    expect(await ask("SELECT E'\\\\! :x $1 '';'\n-- done; really")).toEqual(["\\! :x $1 ';"]);
    expect(await ask("/* a; */ WITH q AS (VALUES ('\n\\q\n')) TABLE q")).toEqual(['\n\\q\n']);
  });

  test('changes nothing for a query, and says what the server says', async () => {
    await using loaded = await engine().load(dumpRequest(rich.file));
    const pwned = join(temporary, '..', 'pwned');
    for (const [sql, says] of [
      ['SELECT x FROM nowhere', 'relation "nowhere" does not exist'],
      [`\\! touch ${pwned}`, 'syntax error'],
      [`SELECT 1\n\\! touch ${pwned}`, 'syntax error'],
      [`SELECT 1 \\g ${pwned}`, 'syntax error'],
      [`COPY people TO PROGRAM 'touch ${pwned}'`, 'COPY'],
      ['SELECT 1; COMMIT; DROP TABLE orders', 'multi-query'],
      ['DELETE FROM orders', 'DELETE'],
      ['WITH gone AS (DELETE FROM orders RETURNING 1) SELECT 1', 'read-only'],
      ["SELECT nextval('people_id_seq')", 'read-only'],
      ["SELECT 'open", 'unterminated'],
      ['', 'query'],
    ] as const) {
      const error = await loaded.query(sql).catch((cause) => cause);
      expect(error, sql).toMatchObject({ code: 'postgres.query', exitCode: 1 });
      expect(error.message, sql).toContain(says);
    }
    expect(await loaded.fingerprint()).toEqual(rich.proof.fingerprint);
  });

  test('is not restorable when it is cut, wherever that is', async () => {
    const whole = readFileSync(rich.file);
    const { length: all } = whole;
    const few = [5, 4000, Math.floor(all / 2), all - 1];
    const many = [0, 3, 11, 100, 9000, 20_000, Math.floor(all * 0.9), all - 5, all - 100];
    for (const length of engine === given ? [...few, ...many] : few) {
      const error = await failure(engine().load(dumpRequest(whole.subarray(0, length))));
      expect(error, `${length}`).toBeInstanceOf(IntegrityError);
      expect(error, `${length}`).toMatchObject({ code: 'postgres.not-restorable' });
    }
  });

  test('is not restorable when its rows break its rules, and the table is named', async () => {
    const content = readFileSync(rich.file);
    const at = content.indexOf('person 500\t');
    content.write('person 501\t', at);
    const error = await failure(engine().load(dumpRequest(content)));
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error.message).toMatch(/pg_restore .*people_name_key/);
  });

  test('fails with the error of its bytes, before anything of them is looked at', async () => {
    const error = new IntegrityError('the bytes are wrong', { code: 'object.damaged' });
    const whole = readFileSync(rich.file);
    for (const length of [0, 1000, whole.length]) {
      async function* failing(): Bytes {
        yield whole.subarray(0, length);
        throw error;
      }
      await expect(engine().load(dumpRequest(failing()))).rejects.toBe(error);
    }
  });

  test('leaves nothing when it is cancelled, at whatever moment', async () => {
    for (const afterMs of [30, 200, 400, 600, 800, 1200]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), afterMs);
      const trying = async () => {
        await using loaded = await engine().load(dumpRequest(rich.file, { signal: controller.signal }));
        await loaded.query('SELECT pg_sleep(100)');
      };
      await expect(trying()).rejects.toMatchObject({ code: 'cancelled' });
      await expect.poll(() => clusterTraces(temporary), { timeout: 15_000 }).toEqual([]);
    }
  });
});

test('flipped bytes of the table of contents make an error, and never a wait', async () => {
  const whole = readFileSync(rich.file);
  for (let at = 5; at < 4000; at += 173) {
    const content = Buffer.from(whole);
    content[at] = (content[at] ?? 0) ^ 0x55;
    const trying = async () => {
      await using loaded = await given().load(dumpRequest(content));
      const { tables, schemaSha256 } = await loaded.fingerprint();
      return { tables, schemaSha256 };
    };
    const outcome = await trying().catch((cause) => cause);
    // Some bytes are of no consequence, such as those of a date.
    if (!(outcome instanceof HoldfastError)) expect(outcome, `${at}`).toHaveProperty('schemaSha256');
  }
});

test('SQL of roles is read to its end, and nothing more', async () => {
  const sql = '--\n-- PostgreSQL database cluster dump\n--\nCREATE ROLE tenant;\n\\! touch pwned\n';
  const end = '\n--\n-- PostgreSQL database cluster dump complete\n--\n\n';
  const load = (text: string) => own().load(dumpRequest(bytesOf(text), { extension: 'sql' }));
  const loaded = await load(sql + end);
  expect(await loaded.check()).toEqual([]);
  expect((await loaded.fingerprint()).tables).toEqual({});
  await expect(loaded.query('SELECT 1')).rejects.toMatchObject({ code: 'postgres.query' });
  const plain =
    'COPY public.t (a) FROM stdin;\n1\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict aBc\n\n';
  expect(await (await load(plain)).check()).toEqual([]);
  for (const bad of [
    '',
    sql,
    sql + end.slice(0, 20),
    `COPY public.t (a) FROM stdin;\n1\n${end}`,
    `${sql}${end}CREATE ROLE`,
  ]) {
    const error = await (await load(bad)).check().catch((cause) => cause);
    expect(error, bad).toBeInstanceOf(IntegrityError);
  }
  const error = new CommandError('gone', { code: 'x' });
  async function* failing(): Bytes {
    yield Buffer.from(sql + end);
    throw error;
  }
  await expect(own().load(dumpRequest(failing(), { extension: 'sql' }))).rejects.toBe(error);
});

test('the globals of a real server are whole', async () => {
  const argv = ['-h', server.socket, '-p', `${server.port}`, '-U', 'postgres', '--globals-only'];
  const globals = execFileSync(join(server.bin, 'pg_dumpall'), argv);
  const load = (content: Buffer) => own().load(dumpRequest(content, { extension: 'sql' }));
  expect(await (await load(globals)).check()).toEqual([]);
  const cut = await load(globals.subarray(0, globals.length - 10));
  await expect(cut.check()).rejects.toBeInstanceOf(IntegrityError);
});
