import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import { digestFile, readDigest } from '../../src/core/digest-file.ts';
import type { PackedBytes } from '../../src/core/engine.ts';
import { CancelledError, StoreError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import { writePlain } from '../../src/core/write-plain.ts';
import { signal } from '../kit/signal.ts';
import { localHost } from '../kit/sqlite-hosts.ts';
import { sha256Of } from '../kit/stored-backup.ts';

const content = Buffer.from('all the rows '.repeat(1000));
let dir: string;
let file: string;
let host: Host;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-plain-'));
  file = join(dir, 'app.sqlite3');
  host = await localHost();
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  // A program that was cancelled may end a moment later.
  rmSync(dir, { recursive: true, maxRetries: 10 });
});

/** Bytes that must not be read. */
const unread = (): Bytes => {
  throw new Error('read in vain');
};
const packed = (changes: Partial<PackedBytes> = {}): PackedBytes => ({
  program: ['gzip', '-dc'],
  plainSha256: sha256Of(content),
  read: () => bytesOf(gzipSync(content)),
  ...changes,
});
const write = (changes: Partial<Parameters<typeof writePlain>[2]> = {}, to = file) =>
  writePlain(
    host,
    to,
    { plain: bytesOf(content), plainBytes: content.byteLength, signal, ...changes },
    'x.full',
  );
async function* failing(): Bytes {
  yield content.subarray(0, 100);
  throw new StoreError('The store is down.', { code: 'store.failed' });
}

describe('the bytes of a backup', () => {
  test('are written to a file that nobody else may read', async () => {
    await write();
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that fail to come are the failure, not what became of the program', async () => {
    await expect(write({ plain: failing() })).rejects.toMatchObject({ code: 'store.failed' });
    const late = packed({ read: failing });
    await expect(write({ packed: late })).rejects.toMatchObject({ code: 'store.failed' });
  });

  test('that the machine did not take are told with their number', async () => {
    await expect(write({}, '/dev/null')).rejects.toMatchObject({
      code: 'load.incomplete',
      message: `The backup could not be written on this machine: 0 of ${content.byteLength} bytes arrived.`,
    });
  });

  test('that have no folder to be in are told with what the machine said', async () => {
    await expect(write({}, join(dir, 'no/such/file'))).rejects.toMatchObject({
      code: 'command.failed',
      message: expect.stringMatching(/^Writing the bytes of the backup failed on this machine/),
    });
  });

  test.each(['plain', 'packed'])('that fill the disk are told as such: %s', async (form) => {
    const changes = form === 'packed' ? { packed: packed() } : {};
    await expect(write(changes, '/dev/full')).rejects.toMatchObject({
      code: 'x.full',
      message: expect.stringContaining(`before all of its ${content.byteLength} bytes were there`),
      hint: 'Free some space there.',
    });
  });

  test('stop when the run is cancelled', async () => {
    const controller = new AbortController();
    async function* cancelling(): Bytes {
      yield content.subarray(0, 100);
      controller.abort(new CancelledError());
      await new Promise(() => {});
    }
    const cancelled = write({ plain: cancelling(), signal: controller.signal });
    await expect(cancelled).rejects.toThrow(CancelledError);
  });
});

describe('where the machine can decode', () => {
  test('the packed bytes alone are sent', async () => {
    await write({ plain: { [Symbol.asyncIterator]: unread as never }, packed: packed() });
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('other bytes than those of the backup are damage', async () => {
    const read = () => bytesOf(gzipSync('some of the rows'));
    await expect(write({ packed: packed({ read }) })).rejects.toMatchObject({
      exitCode: 3,
      code: 'object.damaged',
      message: expect.stringContaining(
        `decodes to 16 bytes with SHA-256 ${sha256Of(Buffer.from('some of the rows'))}`,
      ),
    });
    const plainSha256 = '0'.repeat(64);
    await expect(write({ packed: packed({ plainSha256 }) })).rejects.toMatchObject({ exitCode: 3 });
  });

  test.each<[string, [string, ...string[]]]>([
    ['is not there', ['no-such-decoder', '-dc']],
    ['fails', ['sh', '-c', 'cat >/dev/null; exit 1']],
    ['is killed', ['sh', '-c', 'kill -9 $$']],
  ])('by a program that %s, they are decoded here', async (_, program) => {
    await write({ packed: packed({ program }) });
    expect(readFileSync(file).equals(content)).toBe(true);
  });
});

describe('the digest of a file', () => {
  const what = 'the copy of app';

  test('is that of its bytes', async () => {
    await write();
    const digest = { bytes: content.byteLength, sha256: sha256Of(content) };
    expect(await digestFile(host, file, { what, signal })).toEqual(digest);
  });

  test('of one that is not there is a failure that names it', async () => {
    await expect(digestFile(host, file, { what, signal })).rejects.toMatchObject({
      code: 'command.failed',
      message: expect.stringMatching(/^Hashing the copy of app failed on this machine/),
    });
  });

  test('is read from whatever the tools print of an odd name', () => {
    const sha256 = sha256Of(content);
    expect(readDigest(`  13000\n\\${sha256}  od\\\\d\n`, what, host)).toEqual({ bytes: 13_000, sha256 });
  });

  test.each(['', '13', '13\nsh: shasum: not found', `13\n${'0'.repeat(63)} x`])(
    'is asked for in vain where no tool gives one: %j',
    (said) => {
      expect(() => readDigest(said, what, host)).toThrow('this machine gave no SHA-256 for the copy of app.');
    },
  );
});
