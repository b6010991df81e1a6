import { DatabaseSync } from 'node:sqlite';

/** The same texts in every run. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

const secondIndex = 'CREATE INDEX events_token ON events (token);';
/** So many rows take a megabyte. */
const rowsPerMegabyte = { 1: 3245, 2: 3060 } as const;

/**
 * An app's database of about that size: rows of text of 100 to 300 characters, of which zstd -3 leaves about a third, with one index
 * (of account and time) or two (of a random word, too). With one, sqlite3's integrity_check takes about as long as one thread of zstd -3;
 * with two, where it has to look up every row in both of them, it takes twice that.
 */
export function makeBenchDatabase(path: string, megabytes: number, indexes: 1 | 2 = 1): void {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE events (id INTEGER PRIMARY KEY, account INTEGER, kind TEXT, token TEXT, body TEXT, created_at TEXT);
    CREATE INDEX events_account ON events (account, created_at);
    ${indexes === 2 ? secondIndex : ''}
  `);
  const random = numbers(1);
  const next = (below: number): number => Math.floor((random.next().value / 2 ** 32) * below);
  const words = Array.from({ length: 300 }, () =>
    (next(2 ** 31) + 2 ** 20).toString(36).slice(0, 3 + next(6)),
  );
  const insert = db.prepare(
    'INSERT INTO events (account, kind, token, body, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const kinds = ['viewed', 'changed', 'paid', 'invited', 'exported'] as const;
  db.exec('BEGIN');
  const rows = megabytes * rowsPerMegabyte[indexes];
  for (let row = 0; row < rows; row += 1) {
    let body = '';
    const length = 100 + next(200);
    while (body.length < length) body += `${words[Math.floor((next(300) * next(300)) / 300)]} `;
    const token = next(2 ** 32).toString(16);
    const at = new Date(1_700_000_000_000 + row * 997).toISOString();
    insert.run(next(50_000), kinds[next(5)] as string, token, body, at);
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE);');
  db.close();
}
