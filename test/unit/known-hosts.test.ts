import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintOf, lookUpHost } from '../../src/hosts/known-hosts.ts';
import { makeKey } from '../kit/sshd.ts';

let dir: string;
let key: string;
let other: string;

const publicKey = (file: string): string =>
  readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-known-'));
  key = publicKey(makeKey(dir, 'one'));
  other = publicKey(makeKey(dir, 'two'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const trusts = (lines: string, host = 'app.example.com', port = 22): string[] =>
  lookUpHost(lines, host, port).trusted.map(({ blob }) => blob.toString('base64'));
const blobOf = (line: string): string => line.split(' ')[1] as string;

describe('known_hosts lines', () => {
  test.each<[string, (line: string) => string, string, number, boolean]>([
    ['a plain name', (k) => `app.example.com ${k}`, 'app.example.com', 22, true],
    ['another name', (k) => `other.example.com ${k}`, 'app.example.com', 22, false],
    ['upper case', (k) => `App.Example.COM ${k}`, 'app.example.com', 22, true],
    ['a list with an address', (k) => `app.example.com,192.0.2.7 ${k}`, '192.0.2.7', 22, true],
    ['a port', (k) => `[app.example.com]:2222 ${k}`, 'app.example.com', 2222, true],
    ['a port that is not asked for', (k) => `[app.example.com]:2222 ${k}`, 'app.example.com', 22, false],
    ['no port where one is asked for', (k) => `app.example.com ${k}`, 'app.example.com', 2222, false],
    ['a wildcard', (k) => `*.example.com ${k}`, 'app.example.com', 22, true],
    ['a wildcard that is not a dot', (k) => `app?example.com ${k}`, 'app.example.com', 22, true],
    ['a dot is a dot', (k) => `app.example.com ${k}`, 'appxexample.com', 22, false],
    ['a negation', (k) => `*.example.com,!app.example.com ${k}`, 'app.example.com', 22, false],
    [
      'CRLF, a comment and blank lines',
      (k) => `# mine\r\n\r\napp.example.com ${k} comment\r\n`,
      'app.example.com',
      22,
      true,
    ],
    ['tabs and leading spaces', (k) => `  app.example.com\t${k}`, 'app.example.com', 22, true],
  ])('understands %s', (_, lineOf, host, port, trusted) => {
    expect(trusts(lineOf(key), host, port)).toEqual(trusted ? [blobOf(key)] : []);
  });

  test('finds hashed names, as ssh-keygen -H makes them', () => {
    const file = join(dir, 'known_hosts');
    writeFileSync(file, `app.example.com ${key}\n[app.example.com]:2222 ${other}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const hashed = readFileSync(file, 'utf8');
    expect(hashed).toContain('|1|');
    expect(trusts(hashed)).toEqual([blobOf(key)]);
    expect(trusts(hashed, 'app.example.com', 2222)).toEqual([blobOf(other)]);
    expect(trusts(hashed, 'other.example.com')).toEqual([]);
  });

  test('gives every key of a host', () => {
    expect(trusts(`app.example.com ${key}\napp.example.com ${other}`)).toEqual([blobOf(key), blobOf(other)]);
  });

  test('tells revoked keys and authorities apart from trusted ones', () => {
    const found = lookUpHost(
      `@revoked app.example.com ${key}\n@cert-authority *.example.com ${other}`,
      'app.example.com',
      22,
    );
    expect(found.trusted).toEqual([]);
    expect(found.revoked).toHaveLength(1);
    expect(found.certAuthority).toBe(true);
    expect(lookUpHost(`@cert-authority *.example.org ${other}`, 'app.example.com', 22).certAuthority).toBe(
      false,
    );
  });

  test.each([
    ['an unknown marker', '@trusted app.example.com ssh-ed25519 AAAA'],
    ['a key that is none', 'app.example.com ssh-ed25519 bm90IGEga2V5'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['a fingerprint', 'SHA256:abcdef'],
  ])('refuses %s instead of passing over it', (_, line) => {
    expect(() => lookUpHost(`# first\n${line}`, 'app.example.com', 22)).toThrow('line 2');
  });

  test('prints fingerprints as ssh-keygen does', () => {
    const printed = execFileSync('ssh-keygen', ['-lf', join(dir, 'one.pub')], { encoding: 'utf8' });
    expect(printed).toContain(fingerprintOf(Buffer.from(blobOf(key), 'base64')));
  });
});
