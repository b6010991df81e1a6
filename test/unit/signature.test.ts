import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assertUnaltered, formatManifest, type Manifest } from '../../src/core/manifest.ts';
import { Secret } from '../../src/core/secret.ts';
import { signerOf, verifierOf } from '../../src/core/signature.ts';

const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    signer: signerOf(new Secret(privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'))),
    verifier: verifierOf(publicKey.export({ format: 'pem', type: 'spki' }).toString()),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
};
const manifest = {
  format: 1,
  id: '20261121T031702Z-k3tq',
  name: 'app',
  databases: [],
} as unknown as Manifest;

describe('a signed manifest', () => {
  const { signer, verifier } = pair();
  const stored = formatManifest(manifest, signer);

  test('is accepted with the public half of the key that signed it', () => {
    expect(signer.keyId).toBe(verifier.keyId);
    expect(() => assertUnaltered(stored, verifier)).not.toThrow();
    expect(() => assertUnaltered(stored, null)).not.toThrow();
  });

  test('is refused when anything in it was changed, also with a checksum that fits', () => {
    const changed = { ...manifest, name: 'bpp' } as Manifest;
    const { signature } = JSON.parse(stored.toString());
    const forged = JSON.stringify({ ...JSON.parse(formatManifest(changed).toString()), signature }, null, 2);
    expect(() => assertUnaltered(Buffer.from(forged), null)).not.toThrow();
    expect(() => assertUnaltered(Buffer.from(forged), verifier)).toThrow(/not signed by the key/);
  });

  test('is refused when another key signed it, or none', () => {
    expect(() => assertUnaltered(stored, pair().verifier)).toThrow(/not signed by the key/);
    expect(() => assertUnaltered(formatManifest(manifest), verifier)).toThrow(
      /is not signed, as `verify-key` demands/,
    );
    const { checksum: _, ...without } = JSON.parse(stored.toString());
    expect(() => assertUnaltered(Buffer.from(JSON.stringify(without)), verifier)).toThrow();
  });

  test('can be checked by openssl alone', () => {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-signature-'));
    const own = pair();
    const { checksum, signature } = JSON.parse(formatManifest(manifest, own.signer).toString());
    writeFileSync(join(dir, 'key.pem'), own.publicPem);
    writeFileSync(join(dir, 'message'), `holdfast manifest 1 ${checksum}`);
    writeFileSync(join(dir, 'signature'), Buffer.from(signature.ed25519, 'base64'));
    const argv = 'pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature'.split(' ');
    expect(execFileSync('/usr/bin/openssl', argv, { cwd: dir, encoding: 'utf8' })).toContain(
      'Verified Successfully',
    );
    rmSync(dir, { recursive: true });
  });
});

test('a key that is none is told, without a word of it', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  });
  for (const wrong of ['canary', '', rsa.toString(), pair().publicPem]) {
    expect(() => signerOf(new Secret(wrong))).toThrow(/`sign-key` is no Ed25519 key/);
  }
  expect(() => verifierOf('canary')).toThrow(/`verify-key` is no Ed25519 key/);
  expect(() => verifierOf(pair().pem)).toThrow(/`verify-key` is no Ed25519 key/);
});
