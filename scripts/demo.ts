/** A live app database with a writer at work, backed up into a folder, listed, and opened again with plain tools. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

say('4. Get the newest one back without Holdfast, by the commands in its manifest.');
const manifests = execFileSync('find', ['store', '-name', 'manifest.json'], { cwd: demo, encoding: 'utf8' })
  .trim()
  .split('\n');
const newest = JSON.parse(readFileSync(join(demo, manifests.sort().at(-1) as string), 'utf8'));
const commands: string[] = newest.databases[0].recovery;
const restored = join(demo, 'restored');
mkdirSync(restored);
for (const command of commands) {
  console.log(`$ ${command}`);
  const missing = ['zstd', 'sqlite3'].find(
    (tool) => command.startsWith(tool) && spawnSync(tool, ['--version']).status !== 0,
  );
  if (missing !== undefined) {
    console.log(`  (${missing} is not installed here; the backup is complete all the same)`);
    break;
  }
  execFileSync('sh', ['-c', command], { cwd: restored, stdio: 'inherit' });
}

say('5. Is it one state of the app? Its balances must add up, its totals agree with its payments.');
const copy = join(restored, 'production.sqlite3');
try {
  const broken = brokenInvariants(copy);
  console.log(broken.length === 0 ? 'They do.' : `They do not: ${broken.join('; ')}`);
  if (broken.length > 0) process.exitCode = 1;
} catch {
  console.log('(not unpacked here)');
}
console.log(`\nEverything lies in ${demo}. Look around, and delete it when you like.`);
