import { execFileSync } from 'node:child_process';

/** A hash of everything in a SQLite file, as its own dump says it. */
export function sqliteContent(path: string): string {
  return execFileSync('sh', ['-ec', 'sqlite3 -readonly "$1" .dump | sha256sum', 'sh', path], {
    encoding: 'utf8',
  });
}
