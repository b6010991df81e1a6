import { Secret } from '../core/secret.ts';
import { anyOf, type Signer, signerOf, type Verifier, verifierOf } from '../core/signature.ts';
import type { EncryptionConfig, KeysConfig } from './config.ts';
import { type Fields, show } from './fields.ts';

const secretKey = /AGE-SECRET-KEY-|-----BEGIN [A-Z ]*PRIVATE KEY/;
const armored = /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g;
const privateBlock = /-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g;

const publicPem = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/** How backups are encrypted; `null`: not at all. Asked for and wrong is a problem, never nothing. */
export function parseEncryption(fields: Fields): EncryptionConfig | null {
  const text = fields.text('encrypt-to');
  const passphrase = parsePassphrase(fields);
  if (text === undefined) {
    return passphrase === null ? null : { kind: 'gpg', publicKeys: [], passphrase };
  }
  if (text === 'none') {
    assertNoPassphrase(fields, '`encrypt-to: none`');
    return { kind: 'none' };
  }
  if (secretKey.test(text)) {
    fields.problem(
      'encrypt-to',
      '`encrypt-to` holds a secret key: it would be known to everybody who may read the workflow.',
      'Make a new key, never use this one again, and set `encrypt-to` to the public half (`age1…`).',
    );
    return null;
  }
  const publicKeys = text.match(armored) ?? [];
  const lines = text
    .replace(armored, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
  const recipients = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (publicKeys.length === 0) return parseRecipients(fields, recipients);
  const [wrong] = recipients;
  if (wrong !== undefined) {
    const hint = 'Use age recipients or OpenPGP keys, not both.';
    fields.problem('encrypt-to', `\`encrypt-to\` has ${show(wrong)} beside OpenPGP keys.`, hint);
  }
  return { kind: 'gpg', publicKeys, passphrase: null };
}

/** gpg would take the first line for all of it. */
function parsePassphrase(fields: Fields): Secret | null {
  const passphrase = fields.secret('passphrase') ?? null;
  if (passphrase !== null && /[\r\n\0]/.test(passphrase.reveal())) {
    fields.problem(
      'passphrase',
      '`passphrase` has more than one line.',
      'Write it on one line, and nothing else.',
    );
  }
  return passphrase;
}

/** X25519 and post-quantum recipients of age (https://c2sp.org/age). */
const recipientForms = [/^age1[02-9ac-hj-np-z]{58}$/, /^age1pq1[02-9ac-hj-np-z]{1000,3000}$/] as const;

function parseRecipients(fields: Fields, recipients: readonly string[]): EncryptionConfig {
  for (const recipient of recipients.filter((line) => !recipientForms.some((form) => form.test(line)))) {
    const hint = recipient.startsWith('ssh-')
      ? 'SSH keys are not supported; make an age key with `holdfast keygen` or `age-keygen`.'
      : 'Take the line that begins with `age1`, as `holdfast keygen` or `age-keygen` prints it.';
    fields.problem('encrypt-to', `\`encrypt-to\` has ${show(recipient)}, which is no age recipient.`, hint);
  }
  if (recipients.length === 0) {
    const hint = 'Write an age recipient (`age1…`), or leave the option out.';
    fields.problem('encrypt-to', '`encrypt-to` names nobody.', hint);
  }
  const quantum = recipients.filter((line) => line.startsWith('age1pq1'));
  if (quantum.length > 0 && quantum.length < recipients.length) {
    fields.problem(
      'encrypt-to',
      '`encrypt-to` mixes post-quantum and classic recipients, which is as weak as the classic ones.',
      'Use one kind for all.',
    );
  }
  assertNoPassphrase(fields, 'age recipients in `encrypt-to`');
  return { kind: 'age', recipients };
}

function assertNoPassphrase(fields: Fields, beside: string): void {
  if (!fields.has('passphrase')) return;
  fields.problem('passphrase', `\`passphrase\` is set beside ${beside}.`, 'Leave one of them out.');
}

/** What opens encrypted backups. */
export function parseKeys(fields: Fields): KeysConfig {
  const text = fields.secret('identity')?.reveal() ?? '';
  const privateKeys = (text.match(privateBlock) ?? []).map((block) => new Secret(block));
  const lines = text
    .replace(privateBlock, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = identities.filter((line) => !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(line));
  if (wrong.length > 0 || (text !== '' && identities.length + privateKeys.length === 0)) {
    const hint = 'Give `AGE-SECRET-KEY-…` lines, a file of `age-keygen`, or an armored OpenPGP private key.';
    fields.problem('identity', '`identity` holds something that is no secret key of age or OpenPGP.', hint);
  }
  return {
    identities: identities.map((line) => new Secret(line)),
    privateKeys,
    passphrase: parsePassphrase(fields),
  };
}

export function parseSigner(fields: Fields): Signer | null {
  const key = fields.secret('sign-key');
  return key === undefined ? null : readKey(fields, 'sign-key', () => signerOf(key));
}

export function parseVerifier(fields: Fields): Verifier | null {
  const key = fields.text('verify-key');
  if (key === undefined) return null;
  const pems = key.match(publicPem) ?? [];
  const lines = key.replace(publicPem, '').split(/\s+/).filter(Boolean);
  return readKey(fields, 'verify-key', () => anyOf([...pems, ...lines].map(verifierOf)));
}

function readKey<T>(fields: Fields, name: 'sign-key' | 'verify-key', read: () => T): T | null {
  try {
    return read();
  } catch {
    fields.problem(
      name,
      `\`${name}\` is no Ed25519 key.`,
      `Take the ${name} that \`holdfast keygen\` prints.`,
    );
    return null;
  }
}
