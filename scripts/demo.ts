/** A live app database with a writer at work, backed up into a folder, listed, proven, broken and brought back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokenInvariants, makeAppDatabase, startWriter } from '../test/kit/sqlite.ts';

const root = join(import.meta.dirname, '..');
const demo = join(root, 'demo');
const database = join(demo, 'app', 'production.sqlite3');

const say = (text: string): void => console.log(`\n\u001b[1m${text}\u001b[0m`);
const holdfast = (...args: string[]): void => {
  console.log(`$ holdfast ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    stdio: 'inherit',
    cwd: demo,
  });
  if (status !== 0) throw new Error(`holdfast ended with ${status}`);
};

rmSync(demo, { recursive: true, force: true });
mkdirSync(join(demo, 'app'), { recursive: true });

say('1. A small app: a SQLite database of 60 MB, and a process that commits 50 payments a second to it.');
makeAppDatabase(database, { megabytes: 60 });
const writer = await startWriter(database, { perSecond: 50 });

try {
  say('2. Back it up, twice, while it writes.');
  holdfast(
    'backup',
    '--database',
    'sqlite:app/*.sqlite3',
    '--store',
    'file:store',
    '--name',
    'app',
    '--keep-daily',
    '7',
  );
  await sleep(1000);
  holdfast(
    'backup',
    '--database',
    'sqlite:app/*.sqlite3',
    '--store',
    'file:store',
    '--name',
    'app',
    '--keep-daily',
    '7',
  );
} finally {
  const { commits, worstMs } = await writer.stop();
  console.log(`\nMeanwhile the app made ${commits} commits; the slowest took ${worstMs.toFixed(1)} ms.`);
}

say('3. What is there.');
holdfast('list', '--store', 'file:store', '--name', 'app');
console.log(execFileSync('find', ['store', '-type', 'f'], { cwd: demo, encoding: 'utf8' }));

say('4. Prove the newest one: restore it into a scratch database and compare, with a question of our own.');
const inStore = ['--store', 'file:store', '--name', 'app'];
holdfast('verify', ...inStore, '--assert', 'production: SELECT sum(balance) = 100000 FROM accounts');

say('5. The worst day: somebody drops a table. First see what a restore would do, then do it.');
const db = new DatabaseSync(database);
db.exec('DROP TABLE accounts');
db.close();
const to = ['--to', 'sqlite:app/production.sqlite3'];
holdfast('restore', ...inStore, ...to, '--dry-run');
holdfast('restore', ...inStore, ...to, '--confirm', 'production.sqlite3');
judge(database);
console.log(execFileSync('ls', ['app'], { cwd: demo, encoding: 'utf8' }));

say('6. And without Holdfast, by the commands in the manifest.');
const manifests = execFileSync('find', ['store', '-name', 'manifest.json'], { cwd: demo, encoding: 'utf8' })
  .trim()
  .split('\n')
  .sort();
const oldest = JSON.parse(readFileSync(join(demo, manifests[0] as string), 'utf8'));
const commands: string[] = oldest.databases[0].recovery;
const restored = join(demo, 'restored');
mkdirSync(restored);
const missing = ['zstd', 'sqlite3'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
for (const command of commands) {
  console.log(`$ ${command}`);
  const without = missing.find((tool) => command.startsWith(tool));
  if (without !== undefined) {
    console.log(`  (${without} is not installed here; the backup is complete all the same)`);
    break;
  }
  execFileSync('sh', ['-c', command], { cwd: restored, stdio: 'inherit' });
}
if (missing.length === 0) judge(join(restored, 'production.sqlite3'));
console.log(`\nEverything lies in ${demo}. Look around, and delete it when you like.`);

/** Is it one state of the app? */
function judge(file: string): void {
  const broken = brokenInvariants(file);
  console.log(
    broken.length === 0
      ? 'Its balances add up, and its totals agree with its payments.'
      : `It is no state of the app: ${broken.join('; ')}`,
  );
  if (broken.length > 0) process.exitCode = 1;
}
