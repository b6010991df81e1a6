import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import type { ActionRun } from '../kit/run-action.ts';
import { putObject } from '../kit/seed-backup.ts';
import { isRefused, made, replace } from './steps/tampered.ts';

const bench = new FaultBench({ megabytes: 9 });
let keys: { age: { identity: string; recipient: string } };
let other: { age: { identity: string; recipient: string } };
beforeAll(async () => {
  await bench.open();
  [keys, other] = (await Promise.all(
    [1, 2].map(async () => JSON.parse((await bench.cli(['keygen', '--json'])).stdout)),
  )) as [typeof keys, typeof keys];
});
afterAll(() => bench.close());
afterEach(() => bench.reset());

/** Each fails before a byte is uploaded. */
async function uploadsNothing(run: ActionRun, expected: object = {}): Promise<void> {
  expect(bench.storeProxy.requests.filter(({ method }) => /^P/.test(method))).toEqual([]);
  await bench.judge(run, {
    outcome: 'failed',
    exitCodes: [1, 2],
    error: { input: 'encrypt-to' },
    ...expected,
  });
}

faults([
  {
    id: 'X1',
    fault: 'Encryption is asked for, but no recipient is valid',
    outcome: 'The run fails before an upload; nothing is ever stored in the clear.',
    how: '`encrypt-to` with a comment alone, with text, with an SSH key, with a broken age recipient and a broken OpenPGP block.',
    async run() {
      for (const to of [
        '# nobody',
        'somebody',
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGd0aGlzIGlzIG5vdCBhIHJlYWwga2V5ISEhISEhISEh me',
        `${keys.age.recipient.slice(0, -1)}q`,
        '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\njunk\n-----END PGP PUBLIC KEY BLOCK-----',
      ])
        await uploadsNothing(await bench.backup({ 'encrypt-to': to }));
    },
  },
  {
    id: 'X2',
    fault: 'A secret key stands where a public one belongs',
    outcome: 'It is refused and masked, and the error says to make a new one.',
    how: '`encrypt-to` with an `AGE-SECRET-KEY-…`, alone and beside a recipient, and with an OpenPGP private key block.',
    async run() {
      const block =
        '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQVYBGdcanaryZZZZ\n-----END PGP PRIVATE KEY BLOCK-----';
      for (const to of [keys.age.identity, `${other.age.recipient}\n${keys.age.identity}`, block]) {
        const run = await bench.backup({ 'encrypt-to': to });
        for (const line of to.split('\n').filter((one) => /SECRET|canary/.test(one))) {
          expect(run.stdout).toContain(`::add-mask::${line}`);
          const shown = run.stdout.replace(/^::add-mask::.*$/gm, '') + run.stderr + run.summary;
          expect(shown + JSON.stringify(run.outputs)).not.toContain(line);
        }
        await uploadsNothing(run, { says: /Make a new key/ });
      }
    },
  },
  {
    id: 'X3',
    fault: 'One of several recipients is not valid',
    outcome: 'The run fails; the wrong one is not left out.',
    how: 'A good age recipient and one with a wrong letter, in both orders.',
    async run() {
      const wrong = keys.age.recipient.replace(/.$/, (letter) => (letter === 'q' ? 'p' : 'q'));
      for (const to of [`${other.age.recipient}\n${wrong}`, `${wrong}\n${other.age.recipient}`])
        await uploadsNothing(await bench.backup({ 'encrypt-to': to }));
    },
  },
  {
    id: 'X4',
    fault: 'Post-quantum and classic recipients are mixed',
    outcome: 'They are refused: the backup would be as weak as the classic ones.',
    how: 'An `age1pq1…` recipient beside an `age1…` one.',
    async run() {
      const quantum = `age1pq1${'q'.repeat(1959)}`;
      const run = await bench.backup({ 'encrypt-to': `${keys.age.recipient}\n${quantum}` });
      expect(run.result.error.message).toMatch(/post-quantum/);
      await uploadsNothing(run);
    },
  },
  {
    id: 'X5',
    fault: 'The encrypting or compressing program dies in the middle',
    outcome: 'The run fails; no short object is left.',
    how: '`gpg` on the runner writes 3 MB and is killed, or ends with 2, or ends well without a word; `zstd` on the server is killed after 1 MB.',
    async run() {
      const shims = join(bench.dir, 'runner');
      mkdirSync(shims);
      const gpg = join(shims, 'gpg');
      const env = { PATH: `${shims}:${process.env['PATH']}` };
      for (const end of ['kill -9 $$', 'exit 2', 'exit 0']) {
        const other = 'case "$*" in *--symmetric*) ;; *) exec /usr/bin/gpg "$@";; esac';
        writeFileSync(gpg, `#!/bin/sh\n${other}\nhead -c 3000000\n${end}\n`);
        chmodSync(gpg, 0o755);
        const run = await bench.backup({ passphrase: 'correct horse battery' }, { env });
        await bench.judge(run, { outcome: 'failed', error: { code: /^gpg\./ } });
      }
      const zstd =
        'case "$*" in *-c*) ;; *) exec /usr/bin/zstd "$@";; esac; /usr/bin/zstd "$@" | head -c 1000000; kill -9 $$';
      await bench.withShim('zstd', zstd, async () => {
        const run = await bench.backup({ compression: 'zstd', 'compress-on': 'host' });
        await bench.judge(run, { outcome: 'failed', exitCodes: [1, 3] });
      });
    },
  },
  {
    id: 'X6',
    fault: 'A zstd object is cut at the end of a frame, where `zstd -d` sees nothing wrong',
    outcome: 'Sizes and SHA-256 of the manifest tell, stored and plain.',
    how: 'The object loses its last frame: as it is, and with size and hash of the rest in the manifest.',
    async run() {
      const { manifest, bytes } = await made(bench, 'x6', { compression: 'zstd', 'compress-on': 'runner' });
      const frames = [...bytes.toString('latin1').matchAll(/\u0028\u00b5\u002f\u00fd/g)].map(
        ({ index }) => index,
      );
      expect(frames.length).toBeGreaterThan(1);
      const cut = bytes.subarray(0, frames.at(-1));
      execFileSync('zstd', ['-d', '-c', '-q'], { input: cut, maxBuffer: 1e9 });
      await putObject(bench, manifest.databases[0]?.key as string, cut);
      await isRefused(bench, manifest, {}, /what is stored/);
      await replace(bench, manifest, cut);
      await isRefused(bench, manifest, {}, /damaged/);
    },
  },
  {
    id: 'X7',
    fault: 'A byte flips in zstd data that has no checksum, and `zstd -d` gives wrong bytes without a word',
    outcome:
      'Every frame has a checksum, made here or on the server; and the SHA-256 of the plain bytes decides.',
    how: 'The frame headers of both; then an object by `zstd --no-check` with a flipped byte that `zstd -d` takes, its size and hash in the manifest.',
    async run() {
      for (const place of ['runner', 'host']) {
        const { bytes } = await made(bench, `x7-${place}`, { compression: 'zstd', 'compress-on': place });
        expect((bytes[4] ?? 0) & 4, place).toBe(4);
      }
      const { manifest, bytes } = await made(bench, 'x7', {});
      const packed = execFileSync('zstd', ['-q', '-c', '--no-check', '-1'], { input: bytes, maxBuffer: 1e9 });
      const flipped = flippedSilently(packed);
      await replace(bench, manifest, flipped, { codecs: ['zstd'], key: manifest.databases[0]?.key });
      await isRefused(bench, manifest, {}, /decodes to/);
    },
  },
]);

/** One byte is changed such that the plain tool decodes it all the same. */
function flippedSilently(packed: Buffer): Buffer {
  for (let at = packed.byteLength >> 1; at < packed.byteLength; at += 1) {
    const copy = Buffer.from(packed);
    copy[at] = (copy[at] ?? 0) ^ 1;
    try {
      execFileSync('zstd', ['-d', '-c', '-q'], { input: copy, maxBuffer: 1e9, stdio: 'pipe' });
      return copy;
    } catch {}
  }
  throw new Error('each flip is noticed');
}
