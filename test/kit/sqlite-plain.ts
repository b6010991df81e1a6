import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Bytes, bytesOf } from '../../src/core/bytes.ts';
import type { LoadRequest } from '../../src/core/engine.ts';
import { signal } from './signal.ts';

/** A request to load these bytes, as `verify` and `restore` make it. */
export function loadRequest(plain: Uint8Array | Bytes, more: Partial<LoadRequest> = {}): LoadRequest {
  const bytes = plain instanceof Uint8Array;
  return {
    plain: bytes ? bytesOf(plain) : plain,
    plainBytes: bytes ? plain.byteLength : 4096,
    extension: 'sqlite3',
    engineVersion: '3.40.1',
    signal,
    ...more,
  };
}

/** A database of one table `notes` with these bodies; a journal of its own kind; closed. */
export function makeNotes(path: string, bodies: readonly string[], journal = 'wal'): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)`);
  const insert = db.prepare('INSERT INTO notes (body) VALUES (?)');
  for (const body of bodies) insert.run(body);
  db.close();
}

/** The bytes of a database that `makeNotes` would make there. */
export function notesBytes(path: string, bodies: readonly string[]): Buffer {
  makeNotes(path, bodies, 'delete');
  return readFileSync(path);
}

/** What the table holds, seen as any app would: side files and all. Throws when the database is damaged. */
export function notesOf(path: string): string[] {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  try {
    const check = db.prepare('PRAGMA integrity_check').all();
    if (check[0]?.['integrity_check'] !== 'ok') throw new Error(`${path}: ${JSON.stringify(check)}`);
    return db
      .prepare('SELECT body FROM notes ORDER BY id')
      .all()
      .map((row) => String(row['body']));
  } finally {
    db.close();
  }
}
