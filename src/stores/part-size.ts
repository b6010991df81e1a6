import type { Preset } from './presets.ts';

const mebibyte = 1024 * 1024;
/** S3's own limit for one part. */
const maximumPartBytes = 5 * 1024 * mebibyte;
/** An estimate may be a quarter too low. */
const headroom = 1.25;

/**
 * The size of every part of an upload but the last, in bytes: a whole number of MiB, fixed before the first part
 * because Cloudflare R2 wants equal ones.
 */
export function choosePartSize(
  expectedBytes: number,
  { maximumParts, minimumPartBytes }: Pick<Preset, 'maximumParts' | 'minimumPartBytes'>,
): number {
  const needed = Math.ceil((expectedBytes * headroom) / maximumParts / mebibyte) * mebibyte;
  return Math.min(Math.max(needed, minimumPartBytes), maximumPartBytes);
}
