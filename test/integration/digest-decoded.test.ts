import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { type Bytes, collect } from '../../src/core/bytes.ts';
import { digestDecoded } from '../../src/core/digest-decoded.ts';
import { IntegrityError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';

let dir: string;
let runner: Host;
/** A machine with neither zstd nor gzip. */
let bare: Host;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-digest-'));
  for (const program of ['sh', 'dd', 'cat', 'sleep', 'setsid', 'head']) {
    symlinkSync(`/usr/bin/${program}`, join(dir, program));
  }
  runner = await localHost();
  bare = await localHost({ ...process.env, PATH: dir });
});
afterAll(async () => {
  for (const host of [runner, bare]) await host[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const plain = Buffer.concat([Buffer.alloc(60_000_000, 'text '), randomBytes(3_000_000)]);
const right = { bytes: plain.byteLength, sha256: createHash('sha256').update(plain).digest('hex') };
const encoded = (codec: string): Promise<Buffer> =>
  collect(
    codecById(codec).encode(
      (async function* () {
        yield plain;
      })(),
    ),
  );

async function* pieces(content: Buffer): Bytes {
  for (let at = 0; at < content.byteLength; at += 100_000) yield content.subarray(at, at + 100_000);
}

/** The same, but the last piece comes only when some of those before it were told of. */
async function* told(content: Buffer, seen: readonly number[]): Bytes {
  for await (const piece of pieces(content.subarray(0, -1))) yield piece;
  while (!signal.aborted && seen.length === 0) await sleep(10);
  yield content.subarray(-1);
}

describe.each(['zstd', 'gzip'])('what %s made', (codec) => {
  test.each([
    ['by the program of this machine', () => runner, 1e9],
    ['where there is none', () => bare, 1e9],
    ['as there is little of it', () => runner, 1e6],
  ])('decodes to what it was made of, %s', async (_, host, expectedBytes) => {
    const seen: number[] = [];
    const options = { runner: host(), expectedBytes, signal, onBytes: (bytes: number) => seen.push(bytes) };
    expect(await digestDecoded(codecById(codec), told(await encoded(codec), seen), options)).toEqual(right);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(right.bytes);
    expect(seen.length).toBeGreaterThan(1);
  });

  test.each([
    ['by the program of this machine', () => runner, 1e9],
    ['where there is none', () => bare, 1e9],
    ['as there is little of it', () => runner, 1e6],
  ])('and was changed or cut, is damage, %s', async (_, host, expectedBytes) => {
    const good = await encoded(codec);
    const changed = Buffer.from(good);
    const middle = changed.byteLength >> 1;
    changed[middle] = (changed[middle] as number) ^ 1;
    for (const bad of [changed, good.subarray(0, middle), Buffer.concat([good, randomBytes(50)])]) {
      const options = { runner: host(), expectedBytes, signal, onBytes: () => {} };
      await expect(digestDecoded(codecById(codec), pieces(bad), options)).rejects.toBeInstanceOf(
        IntegrityError,
      );
    }
  });

  test('fails with the error of the bytes themselves', async () => {
    const broken = async function* (): Bytes {
      yield (await encoded(codec)).subarray(0, 1000);
      throw new Error('the link broke');
    };
    const work = digestDecoded(codecById(codec), broken(), {
      runner,
      expectedBytes: 1e9,
      signal,
      onBytes: () => {},
    });
    await expect(work).rejects.toThrow();
  });
});
