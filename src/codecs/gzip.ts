import { createGunzip, createGzip } from 'node:zlib';
import type { Bytes } from '../core/bytes.ts';
import type { Codec } from '../core/codec.ts';
import { guardDecoded } from './damage.ts';
import { throughStream } from './through-stream.ts';

/** @param level 1 to 9 */
export function gzipCodec(level: number): Codec {
  return {
    id: 'gzip',
    extension: 'gz',
    decodeCommand: 'gzip -dc',
    decodeProgram: ['gzip', '-d', '-c'],
    command: ['gzip', `-${level}`, '-c'],
    encode: (plain) => throughStream(plain, createGzip({ level })),
    decode: (encoded, options) => guardDecoded('gzip', decode(encoded), options),
  };
}

async function* decode(encoded: Bytes): Bytes {
  const gunzip = createGunzip();
  let fed = 0;
  const counted = async function* (): Bytes {
    for await (const chunk of encoded) {
      fed += chunk.byteLength;
      yield chunk;
    }
    if (fed === 0) throw new SyntaxError('it is empty');
  };
  yield* throughStream(counted(), gunzip);
  // Node leaves what follows the last member unread, without a word.
  if (gunzip.bytesWritten !== fed) throw new SyntaxError('something else follows it');
}
