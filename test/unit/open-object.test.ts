import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ageCodec, newAgeKeys } from '../../src/codecs/age.ts';
import { type GpgKeys, gpgCodec } from '../../src/codecs/gpg.ts';
import { codecById } from '../../src/codecs/registry.ts';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import type { Codec } from '../../src/core/codec.ts';
import type { ManifestDatabase } from '../../src/core/manifest.ts';
import { openObject } from '../../src/core/read-object.ts';
import { Secret } from '../../src/core/secret.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';
import { sha256Of } from '../kit/stored-backup.ts';

const mebibyte = 1024 ** 2;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-open-'));
  vi.stubEnv('TMPDIR', dir);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

const pair = await newAgeKeys();
const other = await newAgeKeys();
const age = ({ identity, recipient } = pair): Codec =>
  ageCodec({ recipients: [recipient], identities: [new Secret(identity)] });
const gpg = (passphrase = 'correct horse'): Codec => {
  const keys: Omit<GpgKeys, 'passphrase'> = {
    ...{ publicKeys: [], privateKeys: [], searchPath: process.env['PATH'] ?? '' },
  };
  return gpgCodec({ ...keys, passphrase: new Secret(passphrase) });
};
const [zstd, gzip] = [codecById('zstd'), codecById('gzip')];

/** An object of made-up bytes in a store that counts what is read of it. */
async function storeObject(codecs: readonly Codec[], size: number) {
  const plain = randomBytes(size);
  const encoded = codecs.reduce<Bytes>((bytes, codec) => codec.encode(bytes), bytesOf(plain));
  const stored = await collect(encoded, 2 * size + mebibyte);
  let read = 0;
  const store = {
    ...memoryStore(),
    async *get(): Bytes {
      for (let at = 0; at < stored.byteLength; at += 65_536) {
        read += 65_536;
        yield stored.subarray(at, at + 65_536);
      }
    },
  };
  const entry: ManifestDatabase = {
    ...{ name: 'app', engine: 'fake', engineVersion: '1', toolVersion: '1', source: 'app', key: 'app/1/app' },
    codecs: codecs.map(({ id }) => id),
    ...{ plainBytes: size, plainSha256: sha256Of(plain) },
    ...{ storedBytes: stored.byteLength, storedSha256: sha256Of(stored) },
    fingerprint: { schemaSha256: '', tables: {} },
    snapshot: { method: 'made up', takenAt: '2026-11-20T03:00:00.000Z', durationMs: 1 },
    recovery: [],
  };
  const open = (opening: readonly Codec[]) =>
    openObject({ store, entry, codecs: opening, reporter: quietReporter(), signal });
  return { open, readBytes: () => read };
}

describe.each([
  ['nothing', []],
  ['zstd', [zstd]],
  ['gzip', [gzip]],
  ['zstd and age', [zstd, age()]],
  ['gzip and gpg', [gzip, gpg()]],
])('an object made with %s', (_, codecs) => {
  test('is opened at the cost of its beginning, and leaves nothing running', async () => {
    const { open, readBytes } = await storeObject(codecs, 48 * mebibyte);
    await open(codecs);
    expect(readBytes()).toBeLessThan(16 * mebibyte);
    await expect.poll(() => readdirSync(dir)).toEqual([]);
  });

  test.each([0, 1])('is opened also with %i bytes in it', async (size) => {
    const { open } = await storeObject(codecs, size);
    await expect(open(codecs)).resolves.toBeUndefined();
  });
});

test('the key of somebody else opens nothing, whatever is in it', async () => {
  for (const size of [0, 100_000]) {
    const byAge = await storeObject([zstd, age()], size);
    await expect(byAge.open([zstd, age(other)])).rejects.toMatchObject({ code: 'age.wrong-identity' });
    const byGpg = await storeObject([zstd, gpg()], size);
    await expect(byGpg.open([zstd, gpg('other')])).rejects.toMatchObject({ code: 'gpg.wrong-key' });
  }
});
