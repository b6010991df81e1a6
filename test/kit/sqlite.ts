import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

export interface AppDatabaseOptions {
  readonly journal?: 'wal' | 'delete';
  /** About how large the file becomes. */
  readonly megabytes?: number;
}

/**
 * A small app's database: accounts and the transfers between them. Two things are true in every committed state: the
 * balances add up to 100,000, and `totals.transfers` is the number of rows in `transfers`.
 */
export function makeAppDatabase(
  path: string,
  { journal = 'wal', megabytes = 0 }: AppDatabaseOptions = {},
): void {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA journal_mode = ${journal};
    PRAGMA synchronous = NORMAL;
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    CREATE TABLE transfers (id INTEGER PRIMARY KEY, source INTEGER, target INTEGER, amount INTEGER, note TEXT);
    CREATE TABLE totals (transfers INTEGER NOT NULL);
    CREATE TABLE pages (id INTEGER PRIMARY KEY, body TEXT);
    CREATE INDEX transfers_source ON transfers (source);
    INSERT INTO totals VALUES (0);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      INSERT INTO accounts SELECT i, 1000 FROM n;
  `);
  const words = Array.from({ length: 512 }, (_, index) => Math.sin(index).toString(36).slice(3, 10));
  const insert = db.prepare('INSERT INTO pages (body) VALUES (?)');
  db.exec('BEGIN');
  for (let page = 0; page < megabytes * 256; page += 1) {
    let body = '';
    while (body.length < 3960) body += `${words[(Math.random() * 512) | 0]} `;
    insert.run(body);
  }
  db.exec('COMMIT');
  db.close();
}

/** Every way in which the two invariants are broken in the file; empty when both hold. */
export function brokenInvariants(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const get = (sql: string): unknown => Object.values(db.prepare(sql).get() ?? {})[0];
    const broken: string[] = [];
    const sum = get('SELECT sum(balance) FROM accounts');
    if (sum !== 100_000) broken.push(`balances add up to ${sum}`);
    const [said, there] = [get('SELECT transfers FROM totals'), get('SELECT count(*) FROM transfers')];
    if (said !== there) broken.push(`totals say ${said} transfers, there are ${there}`);
    const check = get('PRAGMA integrity_check');
    if (check !== 'ok') broken.push(`integrity_check: ${check}`);
    return broken;
  } finally {
    db.close();
  }
}

interface WriterReport {
  readonly commits: number;
  /** The longest that one commit took, from BEGIN to the end of COMMIT. */
  readonly worstMs: number;
}

export interface Writer {
  /** Commits so far. */
  readonly commits: number;
  stop(): Promise<WriterReport>;
}

/** Starts another process that commits transfers at a pace; resolves after the first commit. */
export async function startWriter(path: string, { perSecond }: { perSecond: number }): Promise<Writer> {
  const program = fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, path, `${perSecond}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let report: WriterReport = { commits: 0, worstMs: 0 };
  lines.on('line', (line) => {
    report = JSON.parse(line) as WriterReport;
  });
  await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => {
      throw new Error('the writer ended at once');
    }),
  ]);
  return {
    get commits() {
      return report.commits;
    },
    async stop() {
      const ended = once(child, 'close');
      child.stdin?.end();
      await ended;
      return report;
    },
  };
}
