import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { putObject } from '../kit/seed-backup.ts';
import { besides } from './steps/copies.ts';
import { isRefused, made, replace } from './steps/tampered.ts';

const bench = new FaultBench({ megabytes: 1 });
interface Pair {
  readonly identity: string;
  readonly recipient: string;
}
let keys: Pair;
let other: Pair;
beforeAll(async () => {
  await bench.open();
  [keys, other] = (await Promise.all(
    [1, 2].map(async () => JSON.parse((await bench.cli(['keygen', '--json'])).stdout).age as Pair),
  )) as [Pair, Pair];
});
afterAll(() => bench.close());
afterEach(() => bench.reset());

const passphrase = 'correct horse battery';
/** Of age: the header, a nonce of 16 bytes, then chunks of 64 KiB and 16 bytes. */
const payloadOf = (bytes: Buffer): number => bytes.indexOf('\n', bytes.indexOf('\n---') + 1) + 1;
const chunk = 64 * 1024 + 16;

faults([
  {
    id: 'X8',
    fault: 'An age object is cut short, also at the end of a chunk, where `age -d` has written all before it',
    outcome: 'It is damaged; nothing gets the name of the target.',
    how: 'Cut in the header, after it, after the nonce, after one chunk and after all but the last, one byte before the end; each with size and hash of the rest in the manifest.',
    async run() {
      const { manifest, bytes } = await made(bench, 'x8', { 'encrypt-to': keys.recipient });
      const payload = payloadOf(bytes);
      const last = payload + 16 + Math.floor((bytes.byteLength - payload - 17) / chunk) * chunk;
      for (const at of [50, payload, payload + 16, payload + 16 + chunk, last, bytes.byteLength - 1]) {
        await replace(bench, manifest, bytes.subarray(0, at));
        await isRefused(bench, manifest, { identity: keys.identity }, /damaged/);
      }
      await putObject(bench, manifest.databases[0]?.key as string, bytes.subarray(0, last));
    },
  },
  {
    id: 'X9',
    fault: 'A byte of a gpg object flips: `gpg` writes all the wrong bytes, then ends with 2',
    outcome: 'It is damaged: what gpg gave counts only after its GOODMDC and DECRYPTION_OKAY.',
    how: 'One byte at a third, in the middle and near the end, with the hash of it in the manifest.',
    async run() {
      const { manifest, bytes } = await made(bench, 'x9', { passphrase });
      for (const part of [0.3, 0.5, 0.99]) {
        const copy = Buffer.from(bytes);
        const at = Math.floor(copy.byteLength * part);
        copy[at] = (copy[at] ?? 0) ^ 1;
        await replace(bench, manifest, copy);
        await isRefused(bench, manifest, { passphrase }, /damaged/);
      }
    },
  },
  {
    id: 'X10',
    fault: 'Something is appended to the payload',
    outcome: 'It is damaged.',
    how: 'One byte, a chunk, and the whole object again, behind an age, a gpg and a zstd object; with size and hash in the manifest.',
    async run() {
      for (const [name, inputs, open] of [
        ['x10-age', { 'encrypt-to': keys.recipient }, { identity: keys.identity }],
        ['x10-gpg', { passphrase }, { passphrase }],
        ['x10-zstd', { compression: 'zstd' }, {}],
      ] as const) {
        const { manifest, bytes } = await made(bench, name, inputs);
        for (const tail of [Buffer.alloc(1), randomBytes(chunk), bytes]) {
          await replace(bench, manifest, Buffer.concat([bytes, tail]));
          const verified = await bench.command('verify', { name, backup: manifest.id, ...open });
          expect(verified.exitCode, `${name} and ${tail.byteLength} bytes`).toBe(3);
        }
        await isRefused(bench, manifest, open, /damaged/);
      }
    },
  },
  {
    id: 'X11',
    fault: 'A small object decodes to an enormous one',
    outcome: 'Decoding stops at the plain size that the manifest says; it is damaged, within seconds.',
    how: '10 GB of zeros in 1 MB of zstd, and 1 GB in 1 MB of gzip, in place of the object.',
    async run() {
      const zeros = Buffer.alloc(100 * 1024 ** 2);
      for (const [name, program, times] of [
        ['zstd', ['zstd', '-q', '-c', '-3'], 100],
        ['gzip', ['gzip', '-c'], 10],
      ] as const) {
        const { manifest } = await made(bench, `x11-${name}`, { compression: name });
        const frame = execFileSync(program[0], program.slice(1), { input: zeros, maxBuffer: 1e9 });
        const bomb = Buffer.concat(Array.from({ length: times }, () => frame));
        expect(bomb.byteLength).toBeLessThan(1.2 * 1024 ** 2);
        await replace(bench, manifest, bomb);
        await isRefused(bench, manifest, {}, /more than the|damaged/);
      }
    },
  },
  {
    id: 'X12',
    fault: 'The identity or the passphrase is another one',
    outcome:
      'The run fails and names the input; that says nothing about the backup, so the exit code is not that of damage. Nothing is written.',
    how: 'Another identity, none, another passphrase, none, and an identity for a backup by passphrase.',
    async run() {
      const age = (await made(bench, 'x12-age', { 'encrypt-to': keys.recipient })).manifest;
      const gpg = (await made(bench, 'x12-gpg', { passphrase })).manifest;
      await isRefused(bench, age, { identity: other.identity }, /no identity matched/, 'failed');
      await isRefused(bench, age, {}, /no identity to open it/, 'failed');
      await isRefused(bench, gpg, { passphrase: 'wrong horse' }, /no passphrase or key matched/, 'failed');
      await isRefused(bench, gpg, {}, /nothing to open it/, 'failed');
      await isRefused(bench, gpg, { identity: keys.identity }, /nothing to open it|passphrase/, 'failed');
    },
  },
  {
    id: 'X13',
    fault: 'A hostile age header asks for 2^30 rounds of scrypt',
    outcome:
      'It is never computed: Holdfast opens age objects with identities, not with passphrases. Fails at once.',
    how: 'The header of an object is replaced by one with a scrypt stanza of work factor 30; also beside a stanza for the real identity.',
    async run() {
      const { manifest, bytes } = await made(bench, 'x13', { 'encrypt-to': keys.recipient });
      const stanza = `-> scrypt ${randomBytes(16).toString('base64').replace(/=+$/, '')} 30\n${randomBytes(32).toString('base64').replace(/=+$/, '')}\n`;
      const [start, rest] = [bytes.indexOf('\n') + 1, bytes.indexOf('\n---') + 1];
      for (const stanzas of [stanza, `${bytes.subarray(start, rest)}${stanza}`]) {
        await replace(
          bench,
          manifest,
          Buffer.concat([bytes.subarray(0, start), Buffer.from(stanzas), bytes.subarray(rest)]),
        );
        const run = await bench.command('verify', { name: 'x13', identity: keys.identity });
        await bench.judge(run, {
          ...{ outcome: 'failed', exitCodes: [1, 3], withinMs: 10_000 },
          also: besides,
        });
      }
    },
  },
  {
    id: 'X14',
    fault: 'The database is a hundred times larger than it was said to be',
    outcome: 'It is streamed with the same little memory, and stored whole.',
    how: 'A database of 400 MB, most of it zeros, of which the server says that it has 4 MB; the largest memory of the program is read from /proc.',
    async run() {
      const path = join(bench.dir, 'large.sqlite3');
      const db = new DatabaseSync(path);
      db.exec('CREATE TABLE large (body BLOB); INSERT INTO large VALUES (zeroblob(400000000))');
      db.close();
      const lie = `if [ "$*" = '-L -c %s -- ${path}' ] && mkdir -p '${bench.dir}/lied'; then echo 4000000; else exec /usr/bin/stat "$@"; fi`;
      let peakKib = 0;
      const run = await bench.withShim('stat', lie, () =>
        bench.backup(
          { database: `sqlite:${path}`, compression: 'zstd', 'compress-on': 'runner', name: 'x14' },
          {
            during(child) {
              const timer = setInterval(() => {
                const status = `/proc/${child.pid}/status`;
                const [, kib] =
                  /^VmHWM:\s+(\d+)/m.exec(existsSync(status) ? readFileSync(status, 'utf8') : '') ?? [];
                peakKib = Math.max(peakKib, Number(kib ?? 0));
              }, 50);
              child.once('exit', () => clearInterval(timer));
            },
          },
        ),
      );
      rmSync(path);
      expect(existsSync(join(bench.dir, 'lied')), 'the size was asked').toBe(true);
      expect(run.exitCode, run.stdout).toBe(0);
      expect(run.result.backup.databases[0].plainBytes).toBeGreaterThan(400e6);
      expect(peakKib / 1024).toBeLessThan(350);
      expect(peakKib).toBeGreaterThan(0);
      await bench.judge(run, { outcome: 'unchanged', also: besides });
    },
  },
]);
