import type { Decrypter as AgeDecrypter } from 'age-encryption';
import type { Bytes } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { HoldfastError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { decryptPayload, encryptPayload } from './age-payload.ts';
import { guardDecoded } from './damage.ts';

export interface AgeKeys {
  /** `age1…` and `age1pq1…`: for encryption. */
  readonly recipients: readonly string[];
  /** `AGE-SECRET-KEY-…`: for decryption, any of them. */
  readonly identities: readonly Secret[];
}

/**
 * age (https://age-encryption.org/v1): the header, with the wrapped file key, is made and read by the library `age-encryption`;
 * the payload is ChaCha20-Poly1305 by OpenSSL.
 */
export function ageCodec({ recipients, identities }: AgeKeys): Codec {
  return {
    id: 'age',
    extension: 'age',
    decodeCommand: 'age -d -i key.txt',
    locked: identities.length === 0,
    encode: (plain) => encode(plain, recipients),
    decode: (encoded, options) => guardDecoded('age', decode(encoded, identities), options),
  };
}

/**
 * Before anything is done: a mistyped recipient looks right until its checksum is computed.
 * @throws HoldfastError `age.recipient`
 */
export async function assertAgeRecipients(recipients: readonly string[]): Promise<void> {
  const { Encrypter } = await import('age-encryption');
  for (const recipient of recipients) {
    try {
      new Encrypter().addRecipient(recipient);
    } catch (cause) {
      throw new HoldfastError(`\`encrypt-to\` has ${recipient.slice(0, 24)}…, which is no age recipient.`, {
        code: 'age.recipient',
        input: 'encrypt-to',
        hint: 'Copy the whole line that begins with `age1`: a letter of it is wrong or missing.',
        cause,
      });
    }
  }
}

/** A new pair of keys (X25519). */
export async function newAgeKeys(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The public halves of secret keys. */
export async function ageRecipientsOf(identities: readonly Secret[]): Promise<string[]> {
  const { identityToRecipient } = await import('age-encryption');
  return Promise.all(identities.map((identity) => identityToRecipient(identity.reveal())));
}

async function* encode(plain: Bytes, recipients: readonly string[]): Bytes {
  const { header, fileKey } = await newHeader(recipients);
  yield header;
  yield* encryptPayload(plain, fileKey);
}

/** What follows the header of an empty file: a nonce and the tag of one chunk. */
const emptyPayloadBytes = 32;

async function newHeader(
  recipients: readonly string[],
): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  let fileKey: Uint8Array | null = null;
  encrypter.addRecipient({
    // A recipient that is told the file key and adds nothing to the header.
    wrapFileKey(key) {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const whole = await encrypter.encrypt(new Uint8Array(0));
  if (recipients.length === 0 || fileKey === null) throw new TypeError('age needs a recipient');
  return { header: whole.subarray(0, -emptyPayloadBytes), fileKey };
}

async function* decode(encoded: Bytes, identities: readonly Secret[]): Bytes {
  if (identities.length === 0) throw noIdentity();
  const { header, rest } = await splitHeader(encoded);
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity.reveal());
  yield* decryptPayload(rest, await openHeader(decrypter, header));
}

async function openHeader(decrypter: AgeDecrypter, header: Uint8Array): Promise<Uint8Array> {
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/no identity matched/i.test(message)) throw wrongIdentity(cause);
    throw new SyntaxError(`its header is damaged (${message})`, { cause });
  }
}

/** A header has one stanza for each recipient; this is room for hundreds. */
const longestHeader = 1024 * 1024;

/** The textual header ends with the line that begins with `---`. */
async function splitHeader(encoded: Bytes): Promise<{ header: Uint8Array; rest: Bytes }> {
  const source = encoded[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  for (;;) {
    const mark = held.indexOf('\n---');
    const end = mark < 0 ? -1 : held.indexOf('\n', mark + 1);
    if (end >= 0) {
      const payload = held.subarray(end + 1);
      return { header: held.subarray(0, end + 1), rest: after(payload, source) };
    }
    const { done, value } = await source.next();
    if (done || held.byteLength > longestHeader) throw new SyntaxError('it has no age header');
    held = Buffer.concat([held, value]);
  }
}

async function* after(first: Uint8Array, source: AsyncIterator<Uint8Array>): Bytes {
  try {
    if (first.byteLength > 0) yield first;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

function noIdentity(): HoldfastError {
  return new HoldfastError('The backup is encrypted with age, and there is no identity to open it.', {
    code: 'age.no-identity',
    input: 'identity',
    hint: 'Give the secret key (`AGE-SECRET-KEY-…`) of one of its recipients as `identity`.',
  });
}

function wrongIdentity(cause: unknown): HoldfastError {
  return new HoldfastError('The backup is encrypted with age, and no identity matched.', {
    code: 'age.wrong-identity',
    input: 'identity',
    hint: 'Give the secret key of a recipient that the backup was encrypted to; an older backup may have had another.',
    cause,
  });
}
