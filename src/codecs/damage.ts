import type { Bytes } from '../core/bytes.ts';
import type { DecodeOptions } from '../core/codec.ts';
import { HoldfastError, IntegrityError } from '../core/errors.ts';

/** Turns whatever a decoder says about bad bytes into one error, and stops output beyond a limit. */
export async function* guardDecoded(
  id: string,
  decoded: Bytes,
  { limitBytes = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): Bytes {
  let total = 0;
  try {
    for await (const chunk of decoded) {
      total += chunk.byteLength;
      if (total > limitBytes) {
        throw new IntegrityError(`The ${id} data holds more than the ${limitBytes} bytes that it should.`, {
          code: 'codec.too-large',
        });
      }
      yield chunk;
    }
  } catch (cause) {
    throw isDecoderError(cause) ? damaged(id, cause as Error) : cause;
  }
}

function isDecoderError(cause: unknown): boolean {
  if (cause instanceof HoldfastError || !(cause instanceof Error)) return false;
  const { code = '' } = cause as NodeJS.ErrnoException;
  return cause instanceof SyntaxError || /^(Z_|ZSTD_)/.test(code);
}

function damaged(id: string, cause: Error): IntegrityError {
  return new IntegrityError(`The ${id} data is damaged: ${cause.message}.`, { code: 'codec.damaged', cause });
}
