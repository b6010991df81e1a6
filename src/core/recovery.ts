import type { Codec } from './codec.ts';
import type { Engine } from './engine.ts';

import type { ManifestDatabase } from './manifest.ts';
import { quote } from './quote.ts';
import type { Store } from './store.ts';

export interface RecoveryContext {
  /** The plain file's name. */
  readonly file: string;
  readonly codecs: readonly Codec[];
  readonly engine: Engine;
  readonly store: Store;
}

type Stored = Pick<ManifestDatabase, 'key' | 'plainSha256' | 'storedSha256'>;

/**
 * What gets the database back with plain tools and without Holdfast, one shell command a line: fetch, compare the
 * hash, decode from the last codec to the first, compare again, open.
 */
export function recoveryCommands(
  { key, plainSha256, storedSha256 }: Stored,
  { file, codecs, engine, store }: RecoveryContext,
): string[] {
  const names = [file];
  for (const codec of codecs) names.push(`${names.at(-1)}.${codec.extension}`);
  const stored = quote(names.at(-1) as string);
  const plain = quote(file);
  const decode = codecs.map(
    (codec, index) =>
      `${codec.decodeCommand} < ${quote(names[index + 1] as string)} > ${quote(names[index] as string)}`,
  );
  return [
    `${store.fetchCommand(key)} > ${stored}`,
    `echo ${quote(`${storedSha256}  ${names.at(-1)}`)} | sha256sum -c -`,
    ...decode.reverse(),
    ...(codecs.length === 0 ? [] : [`echo ${quote(`${plainSha256}  ${file}`)} | sha256sum -c -`]),
    engine.recoverCommand(plain),
  ];
}
