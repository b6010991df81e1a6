import type { Digest } from './bytes.ts';
import { CommandError } from './errors.ts';
import { niceness } from './give-way.ts';
import type { Host } from './host.ts';
import { programFailed, runProgram } from './program.ts';

/** Size and SHA-256, whichever tool the host has for it; openssl is about three times as fast as sha256sum. */
const script = `
wc -c <"$1" || exit 1
if command -v openssl >/dev/null 2>&1; then exec openssl dgst -sha256 -r "$1"; fi
if command -v sha256sum >/dev/null 2>&1; then exec sha256sum "$1"; fi
exec shasum -a 256 "$1"
`;

/** Size and SHA-256 of a file, by a program of its host. @param what for messages: `the copy of …` */
export async function digestFile(
  host: Host,
  file: string,
  { what, signal }: { readonly what: string; readonly signal: AbortSignal },
): Promise<Digest> {
  const run = await runProgram(host, ['sh', '-c', script, 'sh', file], { signal, niceness: niceness.bulk });
  if (run.code !== 0) throw programFailed(`Hashing ${what}`, host, run);
  return readDigest(run.stdout, what, host);
}

/** Reads what the script prints: the size, and a line that begins with the SHA-256. */
export function readDigest(text: string, what: string, host: Host): Digest {
  const [bytes = '', hashed = ''] = text.trim().split('\n');
  const sha256 = /^\\?([0-9a-f]{64})\b/.exec(hashed)?.[1];
  if (sha256 === undefined) {
    throw new CommandError(`${host.label} gave no SHA-256 for ${what}.`, {
      code: 'host.digest',
      hint: 'Install `openssl` or coreutils (`sha256sum`) there.',
    });
  }
  return { bytes: Number(bytes), sha256 };
}
