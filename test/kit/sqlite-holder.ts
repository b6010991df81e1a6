import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const program = `
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(process.argv[1], { timeout: 5000 });
db.exec(process.argv[2]);
console.log('open');
process.stdin.resume().on('end', () => { db.close(); process.exit(0); });
`;

export interface Holder extends AsyncDisposable {
  readonly pid: number;
}

/** Another process that has the database open, idle after that SQL, until it is disposed of. */
export async function holdOpen(path: string, sql = 'SELECT count(*) FROM sqlite_master'): Promise<Holder> {
  const child = spawn(process.execPath, ['-e', program, path, sql], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** Adds rows to `notes` as a process does that dies at once: in a WAL they lie in the `-wal` alone. */
export function crashAfter(path: string, bodies: readonly string[]): void {
  const crashed = `${path}.crashing`;
  copyFileSync(path, crashed);
  const db = new DatabaseSync(crashed);
  db.exec('PRAGMA wal_autocheckpoint = 0');
  const insert = db.prepare('INSERT INTO notes (body) VALUES (?)');
  for (const body of bodies) insert.run(body);
  copyFileSync(crashed, path);
  copyFileSync(`${crashed}-wal`, `${path}-wal`);
  db.close();
  rmSync(crashed);
}
