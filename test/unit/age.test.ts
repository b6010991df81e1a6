import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as vectors from 'cctv-age';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ageCodec } from '../../src/codecs/age.ts';
import { type Bytes, bytesOf, collect } from '../../src/core/bytes.ts';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';

interface Vector {
  readonly name: string;
  readonly expected: string;
  readonly payload: string | undefined;
  readonly identities: readonly string[];
  readonly file: Buffer;
}

/** A textual header, an empty line, and the file. */
function read(
  name: string,
  content: Uint8Array,
): Vector & { readonly passphrase: boolean; readonly armored: boolean } {
  const bytes = Buffer.from(content);
  const end = bytes.indexOf('\n\n');
  const fields = bytes
    .subarray(0, end)
    .toString()
    .split('\n')
    .map((line) => line.split(': ') as [string, string]);
  const field = (key: string): string | undefined => fields.find(([found]) => found === key)?.[1];
  const file = bytes.subarray(end + 2);
  return {
    name,
    expected: field('expect') ?? '',
    payload: field('payload'),
    identities: fields.filter(([key]) => key === 'identity').map(([, identity]) => identity),
    file: field('compressed') === 'zlib' ? inflateSync(file) : file,
    passphrase: field('passphrase') !== undefined,
    armored: field('armored') === 'yes',
  };
}

// Passphrases of age and its armor are not part of what we store.
const applicable = Object.entries(vectors)
  .map(([name, content]) => read(name, content))
  .filter(({ passphrase, armored, identities }) => !passphrase && !armored && identities.length > 0);

async function* inPieces(bytes: Uint8Array, size: number): Bytes {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function open(file: Uint8Array, identities: readonly string[], pieces = 4096) {
  const codec = ageCodec({ recipients: [], identities: identities.map((text) => new Secret(text)) });
  const released: Uint8Array[] = [];
  let error: unknown = null;
  try {
    for await (const chunk of codec.decode(inPieces(file, pieces))) released.push(Buffer.from(chunk));
  } catch (cause) {
    error = cause;
  }
  return { released: Buffer.concat(released), error };
}

describe('the test vectors of the age specification', () => {
  test('are all there that apply', () => {
    expect(applicable.length).toBeGreaterThan(70);
  });

  test.each(applicable)('$name: $expected', async ({ expected, payload, identities, file }) => {
    const { released, error } = await open(file, identities);
    if (expected === 'success') expect(error).toBeNull();
    else if (expected === 'no match')
      expect(error).toMatchObject({ code: 'age.wrong-identity', exitCode: 1 });
    else expect(error).toBeInstanceOf(IntegrityError);
    if (payload !== undefined) expect(createHash('sha256').update(released).digest('hex')).toBe(payload);
    else expect(released.byteLength).toBe(0);
  });
});

describe('the plain age tool', () => {
  let dir: string;
  let identity: string;
  let recipient: string;
  const sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-age-'));
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
    writeFileSync(join(dir, 'key.txt'), `# a comment\n${identity}\n`);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test.each(sizes)('opens what we wrote: %d bytes', async (size) => {
    const plain = randomBytes(size);
    const other = await identityToRecipient(await generateX25519Identity());
    const codec = ageCodec({ recipients: [other, recipient], identities: [] });
    writeFileSync(join(dir, 'ours.age'), await collect(codec.encode(inPieces(plain, 70_001))));
    execFileSync('sh', ['-ec', `${codec.decodeCommand} < ours.age > ours`], { cwd: dir });
    expect(readFileSync(join(dir, 'ours')).equals(plain)).toBe(true);
  });

  test.each(sizes)('wrote what we open: %d bytes, however they arrive', async (size) => {
    const plain = randomBytes(size);
    writeFileSync(join(dir, 'theirs'), plain);
    execFileSync('age', ['-r', recipient, '-o', 'theirs.age', 'theirs'], { cwd: dir });
    for (const pieces of [1000, 65_552, 1 << 20]) {
      const { released, error } = await open(readFileSync(join(dir, 'theirs.age')), [identity], pieces);
      expect([error, released.equals(plain)]).toEqual([null, true]);
    }
  });
});

describe('what we wrote', () => {
  const plain = randomBytes(200_000);

  test('opens with any one of the identities, post-quantum ones too', async () => {
    const identities = [await generateHybridIdentity(), await generateHybridIdentity()];
    const recipients = await Promise.all(identities.map(identityToRecipient));
    const encrypted = await collect(ageCodec({ recipients, identities: [] }).encode(bytesOf(plain)));
    for (const identity of identities) {
      expect((await open(encrypted, [await generateX25519Identity(), identity])).released.equals(plain)).toBe(
        true,
      );
    }
  });

  test('does not open with another identity, nor without one, and says so', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const encrypted = await collect(
      ageCodec({ recipients: [recipient], identities: [] }).encode(bytesOf(plain)),
    );
    const wrong = await open(encrypted, [await generateX25519Identity()]);
    expect(wrong).toMatchObject({
      released: Buffer.alloc(0),
      error: { code: 'age.wrong-identity', input: 'identity' },
    });
    const none = await open(encrypted, []);
    expect(none.error).toMatchObject({ code: 'age.no-identity', input: 'identity' });
    expect(none.error).not.toBeInstanceOf(IntegrityError);
  });

  test('is damaged by any change, cut or addition', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const whole = await collect(ageCodec({ recipients, identities: [] }).encode(bytesOf(plain)));
    const changed = (at: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 1;
      return bytes;
    };
    const bad = [
      ...Array.from({ length: 40 }, (_, step) => changed(Math.floor((step * whole.byteLength) / 40))),
      ...Array.from({ length: 40 }, (_, step) =>
        whole.subarray(0, Math.floor((step * whole.byteLength) / 40)),
      ),
      Buffer.concat([whole, Buffer.from('x')]),
      Buffer.concat([whole, whole]),
    ];
    for (const [index, bytes] of bad.entries()) {
      const { error } = await open(bytes, [identity]);
      expect(error, `${index}`).toBeInstanceOf(HoldfastError);
    }
  });
});
