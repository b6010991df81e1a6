import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { backup } from '../../src/core/backup.ts';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import type { Engine } from '../../src/core/engine.ts';
import { HoldfastError } from '../../src/core/errors.ts';
import { fetchFiles } from '../../src/core/fetch-files.ts';
import type { Host } from '../../src/core/host.ts';
import { formatManifest, type Manifest, type ManifestDatabase } from '../../src/core/manifest.ts';
import { restore } from '../../src/core/restore.ts';
import { Secret } from '../../src/core/secret.ts';
import { selectBackup } from '../../src/core/select-backup.ts';
import type { Target } from '../../src/core/target.ts';
import { verify } from '../../src/core/verify.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { PostgresTarget } from '../../src/engines/postgres/postgres-target.ts';
import { SqliteEngine } from '../../src/engines/sqlite/sqlite-engine.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { openHost } from '../../src/hosts/open-host.ts';

import { openFolderStore } from '../../src/stores/folder-store.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

let dir: string;
let host: Host;
let server: Postgres;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-damage-'));
  host = await openHost({
    ssh: null,
    container: null,
    sudo: false,
    env: { ...process.env, TMPDIR: dir },
    signal,
  });
  server = await startPostgres();
});
afterAll(async () => {
  server.stop();
  await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

interface Kind {
  readonly id: string;
  create(name: string): void;
  source(name: string): Engine;
  scratch(): Engine;
  target(name: string): Target;
  exists(name: string): boolean;
  /** The plain bytes with one row less, as somebody packs them who wants to hide it. */
  withoutRow(plain: Buffer, name: string): Promise<Buffer>;
}

const path = (name: string): string => join(dir, `${name}.sqlite3`);
const rows =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, hex(i * 7919) FROM n';
const sqliteRun = (file: string, sql: string): string =>
  execFileSync('sqlite3', [file, sql], { encoding: 'utf8' });

const sqlite: Kind = {
  id: 'sqlite',
  create: (name) =>
    sqliteRun(path(name), `CREATE TABLE t (i int PRIMARY KEY, x text); INSERT INTO t ${rows}`),
  source: (name) => new SqliteEngine({ host, paths: [path(name)], exclude: [] }),
  scratch: () => new SqliteEngine({ host, paths: [], exclude: [] }),
  target: (name) => new SqliteTarget({ host, path: path(name) }),
  exists: (name) => readdirSync(dir).includes(`${name}.sqlite3`),
  async withoutRow(plain, name) {
    writeFileSync(path(`${name}_edit`), plain);
    sqliteRun(path(`${name}_edit`), 'DELETE FROM t WHERE i = 250');
    return readFileSync(path(`${name}_edit`));
  },
};

const hosts = () => ({ host, runner: host, install: null, reporter: quietReporter() });
const postgres: Kind = {
  id: 'postgres',
  create(name) {
    server.sql('postgres', `CREATE DATABASE ${name}`);
    server.sql(name, 'CREATE TABLE t (i int PRIMARY KEY, x text)');
    server.sql(name, 'INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 500) i');
  },
  source: (name) => new PostgresEngine({ ...hosts(), urls: [new Secret(server.url(name))], globals: false }),
  // Clusters of their own are tried elsewhere: hundreds of them would take an hour.
  scratch: () =>
    new PostgresEngine({
      ...hosts(),
      urls: [],
      globals: false,
      scratchUrl: new Secret(server.url('postgres')),
    }),
  target: (name) => new PostgresTarget({ ...hosts(), url: new Secret(server.url(name)), jobs: 1 }),
  exists: (name) =>
    server.sql('postgres', `SELECT 1 FROM pg_database WHERE datname = '${name}'`).trim() === '1',
  async withoutRow(_, name) {
    server.sql(name, 'DELETE FROM t WHERE i = 250');
    const engine = postgres.source(name);
    const [database] = await engine.discover({ signal });
    if (database === undefined) throw new Error('not found');
    await using snapshot = await engine.snapshot(database, { signal });
    return await collect(snapshot.read());
  },
};

describe.each([sqlite, postgres])(
  'damage to a backup of $id is found by verify, and nothing of it is restored',
  (kind) => {
    let name: string;
    let manifest: Manifest;
    let entry: ManifestDatabase;
    let whole: Buffer;
    let count = 0;
    const folder = () => join(dir, 'store', name);
    const store = () => openFolderStore(folder());
    const object = () => join(folder(), entry.key);
    const common = () => ({ store: store(), reporter: quietReporter(), signal });
    const codec = (id: string) => codecById(id);
    const engines = {
      engineById: () => kind.scratch(),
      codecById: codec,
      now: () => new Date(),
      toolVersion: '1',
    };

    beforeEach(async () => {
      count += 1;
      name = `damage_${count}`;
      kind.create(name);
      const made = await backup({
        ...{ ...common(), name: 'app', engines: [kind.source(name)], codecs: [codecById('zstd')] },
        ...{
          compressOn: 'runner',
          runner: host,
          policy: null,
          failOnShrink: false,
          verifyAfter: null,
          dryRun: false,
          toolVersion: '1',
          signer: null,
          verifier: null,
        },
        now: () => new Date(),
      });
      manifest = made.manifest as Manifest;
      entry = manifest.databases[0] as ManifestDatabase;
      whole = readFileSync(object());
    });
    afterEach(() => {
      expect(readdirSync(dir).filter((file) => file.startsWith('holdfast.'))).toEqual([]);
    });

    const select = () =>
      selectBackup({ ...common(), name: 'app', verifier: null, selector: { kind: 'id', id: manifest.id } });

    /** What verify says, and what a restore says, to a place where nothing is. */
    async function outcome(): Promise<[number, number]> {
      const verified = async () => {
        const selected = await select();
        return verify({
          ...common(),
          ...engines,
          manifest: selected.manifest,
          level: 'restore',
          assertions: [],
        });
      };
      const restored = async () =>
        restore({
          ...{ ...common(), selected: await select(), target: kind.target(`${name}_new`), only: null },
          ...{ confirm: null, force: false, dryRun: false, hooks: { host, stop: null, start: null } },
          ...{
            codecById: codec,
            safety: {
              codecs: [],
              compressOn: 'runner',
              runner: host,
              toolVersion: '1',
              signer: null,
              verifier: null,
              now: () => new Date(),
            },
          },
        });
      const codeOf = (error: unknown) => (error instanceof HoldfastError ? error.exitCode : -1);
      const found = await verified().then(({ failure }) => failure?.exitCode ?? 0, codeOf);
      return [found, await restored().then(() => 0, codeOf)];
    }

    const expectDamage = async (what: string): Promise<void> => {
      expect([what, await outcome()]).toEqual([what, [3, 3]]);
      expect(kind.exists(`${name}_new`), what).toBe(false);
    };

    /** The same, by the bytes alone, and to a folder: quick enough for hundreds. */
    const expectBadBytes = async (what: string): Promise<void> => {
      const found = await verify({ ...common(), ...engines, manifest, level: 'hash', assertions: [] });
      expect([what, found.failure?.exitCode]).toEqual([what, 3]);
      const to = { folder: join(dir, `${name}_files`), only: [], host, dryRun: false };
      const fetching = fetchFiles({ ...common(), ...to, manifest, codecById: codec });
      await expect(fetching, what).rejects.toMatchObject({ exitCode: 3 });
      expect(readdirSync(to.folder), what).toEqual([]);
    };

    /** An object and a manifest that agree with each other, from somebody who may write both. */
    async function pack(plain: Buffer, fingerprint = entry.fingerprint): Promise<void> {
      const stored = await collect(codecById('zstd').encode(bytesOf(plain)));
      const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
      const sizes = { plainBytes: plain.byteLength, storedBytes: stored.byteLength };
      const hashes = { plainSha256: sha256(plain), storedSha256: sha256(stored) };
      const changed = { ...manifest, databases: [{ ...entry, ...sizes, ...hashes, fingerprint }] };
      writeFileSync(object(), stored);
      writeFileSync(join(folder(), 'app', manifest.id, 'manifest.json'), formatManifest(changed));
    }
    const plain = () => collect(codecById('zstd').decode(bytesOf(whole)));

    test('without damage there is none', async () => {
      expect(await outcome()).toEqual([0, 0]);
      expect(kind.exists(`${name}_new`)).toBe(true);
    });

    test('a byte that flipped, at each of 200 positions', async () => {
      for (let step = 0; step < 200; step += 1) {
        const at = Math.floor((step * whole.byteLength) / 200);
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] as number) ^ (1 << (step % 8));
        writeFileSync(object(), bytes);
        await expectBadBytes(`byte ${at}`);
        if (step % 40 === 0) await expectDamage(`byte ${at}`);
      }
    });

    test('the end missing, at 50 lengths', async () => {
      for (let step = 0; step < 50; step += 1) {
        const length = Math.floor((step * whole.byteLength) / 50);
        writeFileSync(object(), whole.subarray(0, length));
        await expectBadBytes(`length ${length}`);
        if (step % 10 === 0) await expectDamage(`length ${length}`);
      }
    });

    test('something after the end; an object of another backup; none at all', async () => {
      writeFileSync(object(), Buffer.concat([whole, Buffer.from('more')]));
      await expectDamage('longer');
      writeFileSync(object(), Buffer.concat([whole, whole]));
      await expectDamage('twice');
      writeFileSync(object(), await collect(codecById('zstd').encode(bytesOf('another'))));
      await expectDamage('another');
      rmSync(object());
      await expectDamage('missing');
    });

    test('a row that was deleted before packing, with hashes that agree', async () => {
      await pack(await kind.withoutRow(await plain(), name));
      await expectDamage('a row less');
    });

    test('a table more than the manifest knows, and a schema that it does not', async () => {
      const { tables, schemaSha256 } = entry.fingerprint;
      await pack(await plain(), { schemaSha256, tables: {} });
      await expectDamage('a table more');
      await pack(await plain(), { schemaSha256: '0'.repeat(64), tables });
      await expectDamage('another schema');
    });

    test('plain bytes that are cut or changed, with hashes that agree', async () => {
      const bytes = await plain();
      for (const part of [0.02, 0.2, 0.5, 0.9, 0.99]) {
        await pack(bytes.subarray(0, Math.floor(bytes.byteLength * part)));
        await expectDamage(`cut at ${part}`);
      }
      await pack(Buffer.from('this is no database at all'));
      await expectDamage('a text');
    });
  },
);
