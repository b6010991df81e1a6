import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type GpgKeys, gpgCodec } from '../../src/codecs/gpg.ts';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';

let dir: string;
const home = () => join(dir, 'home');
const gpg = (args: readonly string[], input?: Buffer): Buffer =>
  execFileSync('gpg', ['--homedir', home(), '--batch', '--quiet', '--pinentry-mode', 'loopback', ...args], {
    input,
    stdio: 'pipe',
    maxBuffer: 1e9,
  });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-gpg-test-'));
  // Other tests that run at the same time have theirs elsewhere.
  vi.stubEnv('TMPDIR', dir);
  execFileSync('mkdir', ['-m', '700', home()]);
  gpg(['--passphrase', '', '--quick-generate-key', 'backup@example.com', 'default', 'default', 'never']);
  gpg(['--passphrase', '', '--quick-generate-key', 'other@example.com', 'default', 'default', 'never']);
});
afterAll(() => {
  execFileSync('gpgconf', ['--homedir', home(), '--kill', 'all']);
  rmSync(dir, { recursive: true });
  vi.unstubAllEnvs();
});
afterEach(() => {
  const homes = () => readdirSync(tmpdir()).filter((entry) => entry.startsWith('holdfast.gpg-'));
  expect(homes(), 'a home folder').toEqual([]);
  // An agent that was told to end needs a moment for it.
  return vi.waitFor(() => {
    const agents = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    expect(agents.filter((line) => line.includes(`${dir}/holdfast.gpg-`))).toEqual([]);
  }, 3000);
});

const none: GpgKeys = {
  passphrase: null,
  publicKeys: [],
  privateKeys: [],
  searchPath: process.env['PATH'] ?? '',
};
const byPassphrase = (passphrase = 'correct horse'): GpgKeys => ({
  ...none,
  passphrase: new Secret(passphrase),
});
const publicKey = (user = 'backup@example.com') => gpg(['--export', '--armor', user]).toString();
const privateKey = (user = 'backup@example.com') =>
  new Secret(gpg(['--export-secret-keys', '--armor', user]).toString());

async function* inPieces(bytes: Uint8Array, size = 70_001): Bytes {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

describe.each([0, 1, 100_000, 3_000_000])('%d bytes', (size) => {
  const plain = randomBytes(size);

  test('by passphrase: the plain gpg opens what we wrote, and we open it', async () => {
    const encrypted = await collect(gpgCodec(byPassphrase()).encode(inPieces(plain)));
    expect(gpg(['--passphrase', 'correct horse', '--decrypt'], encrypted).equals(plain)).toBe(true);
    expect((await collect(gpgCodec(byPassphrase()).decode(inPieces(encrypted)))).equals(plain)).toBe(true);
    const packets = gpg(
      ['--passphrase', 'correct horse', '--list-packets', '--verbose'],
      encrypted,
    ).toString();
    expect(packets).toMatch(/symkey enc packet: version 4, cipher 9, .*s2k 3, hash 10/);
  });

  test('by passphrase: we open what the plain gpg wrote', async () => {
    writeFileSync(join(dir, 'plain'), plain);
    const encrypted = gpg([
      '--passphrase',
      'correct horse',
      '--symmetric',
      '--output',
      '-',
      join(dir, 'plain'),
    ]);
    expect((await collect(gpgCodec(byPassphrase()).decode(inPieces(encrypted)))).equals(plain)).toBe(true);
  });

  test('to public keys: any one private key opens it, here and in the plain gpg', async () => {
    const publicKeys = [publicKey(), publicKey('other@example.com')];
    const encrypted = await collect(gpgCodec({ ...none, publicKeys }).encode(inPieces(plain)));
    expect(gpg(['--decrypt'], encrypted).equals(plain)).toBe(true);
    for (const user of ['backup@example.com', 'other@example.com']) {
      const codec = gpgCodec({ ...none, privateKeys: [privateKey(user)] });
      expect((await collect(codec.decode(inPieces(encrypted)))).equals(plain)).toBe(true);
    }
  });
});

describe('what can not be opened', () => {
  const plain = randomBytes(300_000);

  test('another passphrase, another key, none at all: told as that, not as damage', async () => {
    const symmetric = await collect(gpgCodec(byPassphrase()).encode(bytesOf(plain)));
    const wrong = collect(gpgCodec(byPassphrase('wrong')).decode(bytesOf(symmetric)));
    await expect(wrong).rejects.toMatchObject({ code: 'gpg.wrong-key', exitCode: 1, input: 'passphrase' });
    const toKey = await collect(gpgCodec({ ...none, publicKeys: [publicKey()] }).encode(bytesOf(plain)));
    const privateKeys = [privateKey('other@example.com')];
    await expect(collect(gpgCodec({ ...none, privateKeys }).decode(bytesOf(toKey)))).rejects.toMatchObject({
      code: 'gpg.wrong-key',
    });
    await expect(collect(gpgCodec(none).decode(bytesOf(toKey)))).rejects.toMatchObject({
      code: 'gpg.no-key',
    });
  });

  test('changed, cut or longer bytes never end well, though gpg gives out most of them first', async () => {
    const whole = await collect(gpgCodec(byPassphrase()).encode(bytesOf(plain)));
    const changed = (at: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 1;
      return bytes;
    };
    const bad = [
      ...Array.from({ length: 5 }, (_, step) => changed(Math.floor(((step + 0.5) * whole.byteLength) / 5))),
      ...Array.from({ length: 4 }, (_, step) => whole.subarray(0, Math.floor((step * whole.byteLength) / 4))),
      whole.subarray(0, -1),
    ];
    for (const [index, bytes] of bad.entries()) {
      const read = collect(gpgCodec(byPassphrase()).decode(bytesOf(bytes)));
      await expect(read, `${index}`).rejects.toBeInstanceOf(HoldfastError);
    }
    await expect(collect(gpgCodec(byPassphrase()).decode(bytesOf(changed(200_000))))).rejects.toBeInstanceOf(
      IntegrityError,
    );
  });
});

describe('encryption fails closed', () => {
  test('with a key that is none, is expired, or may not encrypt', async () => {
    gpg(['--passphrase', '', '--quick-generate-key', 'sign@example.com', 'ed25519', 'sign', 'never']);
    gpg([
      '--passphrase',
      '',
      '--faked-system-time',
      '20200101T000000!',
      '--quick-generate-key',
      'old@example.com',
      'default',
      'default',
      '1d',
    ]);
    for (const key of ['junk', publicKey('sign@example.com'), publicKey('old@example.com')]) {
      const codec = gpgCodec({ ...none, publicKeys: [publicKey(), key] });
      await expect(collect(codec.encode(bytesOf('text')))).rejects.toMatchObject({
        code: 'gpg.encrypt',
        input: 'encrypt-to',
      });
    }
  });

  test('when what is to be encrypted fails half-way: no end that looks whole', async () => {
    const failing = async function* (): Bytes {
      yield randomBytes(200_000);
      throw new HoldfastError('The link broke.', { code: 'x' });
    };
    await expect(collect(gpgCodec(byPassphrase()).encode(failing()))).rejects.toThrow('The link broke.');
  });

  test('when there is no gpg', async () => {
    const codec = gpgCodec({ ...byPassphrase(), searchPath: dir });
    await expect(collect(codec.encode(bytesOf('text')))).rejects.toMatchObject({ code: 'gpg.missing' });
  });
});

/** All files below gpg's own home folders. */
function filesOfHomes(): string[] {
  const homes = readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast.gpg-'));
  return homes
    .flatMap((name) => readdirSync(join(tmpdir(), name), { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

test('the passphrase is in no argument list and no file', async () => {
  const seen: string[] = [];
  const slow = async function* (): Bytes {
    for (let piece = 0; piece < 5; piece += 1) {
      yield randomBytes(100_000);
      seen.push(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }), ...filesOfHomes());
    }
  };
  await collect(gpgCodec(byPassphrase('canary-passphrase')).encode(slow()));
  expect(seen.join()).toContain('holdfast.gpg-');
  expect(seen.join()).not.toContain('canary-passphrase');
});
