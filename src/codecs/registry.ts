import type { Codec } from '../core/codec.ts';
import { HoldfastError } from '../core/errors.ts';
import { gzipCodec } from './gzip.ts';
import { zstdCodec } from './zstd.ts';

/** Every codec that was ever written into a manifest, with the level it has when none is given. */
const codecs: Readonly<Record<string, { readonly make: (level: number) => Codec; readonly level: number }>> =
  {
    zstd: { make: zstdCodec, level: 3 },
    gzip: { make: gzipCodec, level: 6 },
  };

/** @throws HoldfastError `codec.unknown` for an id that this version does not know. */
export function codecById(id: string, level?: number): Codec {
  const known = codecs[id];
  if (known === undefined) {
    throw new HoldfastError(
      `The backup was made with the codec ${JSON.stringify(id)}, which this version does not know.`,
      {
        code: 'codec.unknown',
        hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
      },
    );
  }
  return known.make(level ?? known.level);
}
