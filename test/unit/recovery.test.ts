import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codecById } from '../../src/codecs/registry.ts';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import { recoveryCommands } from '../../src/core/recovery.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { fakeEngine, sha256Of } from '../kit/stored-backup.ts';

const plain = Buffer.from('all the rows');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-recovery-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The commands of a backup that lies in the folder, by its key. */
async function commandsOf(file: string, codecIds: readonly string[], stored?: Buffer): Promise<string[]> {
  const codecs = codecIds.map((id) => codecById(id));
  let bytes: Buffer = plain;
  for (const codec of codecs) bytes = await collect(codec.encode(bytesOf(bytes)));
  const key = 'app/20261120T030000Z-0000/object';
  mkdirSync(dirname(join(dir, key)), { recursive: true });
  writeFileSync(join(dir, key), stored ?? bytes);
  const hashes = { plainSha256: sha256Of(plain), storedSha256: sha256Of(bytes) };
  return recoveryCommands({ key, ...hashes }, { file, codecs, engine: fakeEngine(), store: memoryStore() });
}
const type = (commands: readonly string[]): string =>
  execFileSync('sh', ['-ec', commands.join('\n')], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });

test.each<[string, string[]]>([
  ['none', []],
  ['one', ['gzip']],
  ['two', ['gzip', 'zstd']],
])(
  'typed by hand, they give the file back, whatever it is called and was packed by: %s',
  async (_, codecs) => {
    const file = "it's $HOME.sqlite3";
    const said = type(await commandsOf(file, codecs));
    expect(readFileSync(join(dir, file)).equals(plain)).toBe(true);
    expect(said.match(/: OK$/gm)).toHaveLength(codecs.length === 0 ? 1 : 2);
    expect(said).toMatch(/all the rows$/);
  },
);

test('they stop at a damaged object, before anything is made of it', async () => {
  const commands = await commandsOf('app.sqlite3', ['gzip'], Buffer.from('junk'));
  expect(() => type(commands)).toThrow(/FAILED|did NOT match/);
  expect(() => readFileSync(join(dir, 'app.sqlite3'))).toThrow('ENOENT');
});
