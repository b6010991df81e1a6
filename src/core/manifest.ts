import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { HoldfastError, IntegrityError } from './errors.ts';
import type { Signer, Verifier } from './signature.ts';

/** The format this version writes, and the newest one it reads. */
export const manifestFormat = 1;

const size = z.number().check(z.int(), z.nonnegative());
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const text = z.string().check(z.minLength(1));

const fingerprint = z.object({ schemaSha256: sha256, tables: z.record(z.string(), size) });

const databaseEntry = z.object({
  name: text,
  engine: text,
  engineVersion: z.string(),
  toolVersion: z.string(),
  source: text,
  key: text,
  codecs: z.array(text),
  plainBytes: size,
  plainSha256: sha256,
  storedBytes: size,
  storedSha256: sha256,
  fingerprint,
  snapshot: z.object({ method: z.string(), takenAt: z.iso.datetime(), durationMs: z.number() }),
  recovery: z.array(z.string()),
});

const manifest = z.object({
  format: z.literal(manifestFormat),
  id: text,
  name: text,
  createdAt: z.iso.datetime(),
  tool: z.object({ name: z.literal('holdfast'), version: z.string() }),
  /** `safety`: made by a restore, of what it replaced. */
  purpose: z.optional(z.string()),
  databases: z.array(databaseEntry).check(z.minLength(1)),
});

/** One database of a backup, as its manifest describes it. Sizes in bytes, hashes in lower-case hexadecimal. */
export type ManifestDatabase = Readonly<z.infer<typeof databaseEntry>>;

/** The object that is written last and makes a backup exist. It holds no secret. */
export type Manifest = Readonly<z.infer<typeof manifest>>;

/** The manifest as it is stored: JSON for people, with a checksum of all the rest, signed where there is a key for it. */
export function formatManifest(content: Manifest, signer: Signer | null = null): Buffer {
  const checksum = sha256Of(asText(content));
  const signature = signer && { keyId: signer.keyId, ed25519: signer.sign(checksum) };
  return Buffer.from(`${asText({ ...content, checksum, ...(signature && { signature }) })}\n`);
}

/**
 * Compares a stored manifest with its own checksum, which finds bits that went wrong and edits by hand; who means harm
 * makes a new one, but has no key to sign it. Without a verifier, manifests without a checksum pass.
 * @throws IntegrityError `manifest.altered`, `manifest.unsigned`
 */
export function assertUnaltered(stored: Uint8Array, verifier: Verifier | null): void {
  const { checksum, signature, ...content } = parseJson(stored) as Record<string, unknown>;
  if (checksum !== undefined && checksum !== sha256Of(asText(content))) {
    throw new IntegrityError('The manifest is damaged: it was altered after it was written.', {
      code: 'manifest.altered',
      hint: 'Take another backup; its objects can still be read by hand with the commands in it.',
    });
  }
  if (verifier === null || isSigned(checksum, signature, verifier)) return;
  const what = signature === undefined ? 'is not signed' : `is not signed by the key ${verifier.keyId}`;
  throw new IntegrityError(`The manifest ${what}, as \`verify-key\` demands: it may be a forgery.`, {
    code: 'manifest.unsigned',
    input: 'verify-key',
    hint: 'Give the `verify-key` of the `sign-key` that the backup was made with; leave it out only for backups from before you signed.',
  });
}

function isSigned(checksum: unknown, signature: unknown, verifier: Verifier): boolean {
  const { ed25519 } = (signature ?? {}) as { ed25519?: unknown };
  return typeof checksum === 'string' && typeof ed25519 === 'string' && verifier.verify(checksum, ed25519);
}

function asText(content: object): string {
  return JSON.stringify(content, null, 2);
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads a stored manifest.
 * @throws HoldfastError `manifest.newer` when a newer version wrote it; IntegrityError `manifest.damaged` when it is not
 * a manifest, or names an object outside of its own backup.
 */
export function parseManifest(stored: Uint8Array): Manifest {
  const content = parseJson(stored);
  const format = (content as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > manifestFormat) {
    throw new HoldfastError(
      `The manifest has format ${format}; this version of Holdfast reads formats up to ${manifestFormat}.`,
      {
        code: 'manifest.newer',
        hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
      },
    );
  }
  const parsed = manifest.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw damaged(`it is not a manifest${where}`);
  }
  const folder = `${parsed.data.name}/${parsed.data.id}/`;
  for (const { key } of parsed.data.databases) {
    const file = key.startsWith(folder) ? key.slice(folder.length) : '';
    if (file === '' || file.includes('/') || file.startsWith('.')) {
      throw damaged(`its key ${JSON.stringify(key)} is not an object of the backup ${folder}`);
    }
  }
  return parsed.data;
}

function parseJson(stored: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(stored).toString('utf8'));
  } catch (cause) {
    throw damaged('it is not JSON', cause);
  }
}

function damaged(why: string, cause?: unknown): IntegrityError {
  return new IntegrityError(`The manifest is damaged: ${why}.`, { code: 'manifest.damaged', cause });
}
