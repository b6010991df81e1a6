import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { HoldfastError } from './errors.ts';
import type { Secret } from './secret.ts';

/** Makes and checks the signatures of manifests: Ed25519 (RFC 8032). */
export interface Signer {
  /** The key's own id: the first 16 hexadecimal digits of the SHA-256 of its public half, DER-encoded. */
  readonly keyId: string;
  /** Base64. */
  sign(checksum: string): string;
}

export interface Verifier {
  readonly keyId: string;
  verify(checksum: string, signature: string): boolean;
}

/** What is signed: nothing else that such a key may sign can be taken for it. */
const message = (checksum: string): Buffer => Buffer.from(`holdfast manifest 1 ${checksum}`);

/** A new pair, each as the base64 of its DER encoding. */
export function newSigningKeys(): { readonly signKey: string; readonly verifyKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    signKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    verifyKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

/** @param key PKCS #8, as PEM or its base64 on one line */
export function signerOf(key: Secret): Signer {
  const secret = readKey('sign-key', () =>
    createPrivateKey({ key: derOf(key.reveal()), format: 'der', type: 'pkcs8' }),
  );
  const keyId = idOf(createPublicKey(secret));
  return { keyId, sign: (checksum) => sign(null, message(checksum), secret).toString('base64') };
}

/** @param key SubjectPublicKeyInfo, as PEM or its base64 on one line */
export function verifierOf(key: string): Verifier {
  const known = readKey('verify-key', () =>
    createPublicKey({ key: derOf(key), format: 'der', type: 'spki' }),
  );
  return {
    keyId: idOf(known),
    verify: (checksum, signature) => verify(null, message(checksum), known, Buffer.from(signature, 'base64')),
  };
}

/** Accepts what one of them does, as while a key is replaced by another. */
export function anyOf(verifiers: readonly Verifier[]): Verifier {
  return {
    keyId: verifiers.map(({ keyId }) => keyId).join(' or '),
    verify: (checksum, signature) => verifiers.some((verifier) => verifier.verify(checksum, signature)),
  };
}

function derOf(text: string): Buffer {
  return Buffer.from(text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, ''), 'base64');
}

function readKey(input: 'sign-key' | 'verify-key', read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, without a word of the key.
  }
  throw new HoldfastError(`\`${input}\` is no Ed25519 key.`, {
    code: 'signature.key',
    input,
    hint: `Take the ${input} that \`holdfast keygen\` prints.`,
  });
}

function idOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);
}
