import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Snapshot, SnapshotProof } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';
import type { Reporter } from '../../src/core/reporter.ts';
import { Secret } from '../../src/core/secret.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { quietReporter } from './quiet-reporter.ts';
import { signal } from './signal.ts';

export const appSchema = `
  CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
  INSERT INTO accounts SELECT i, 1000 FROM generate_series(1, 100) i;
  CREATE TABLE transfers (id serial PRIMARY KEY, amount int, note text);
  CREATE TABLE totals (transfers int NOT NULL); INSERT INTO totals VALUES (0);
  CREATE SCHEMA "Odd ""schema"""; CREATE TYPE "Odd ""schema""".mood AS ENUM ('good', 'bad');
  CREATE TABLE "Odd ""schema"""."new
line's" (m "Odd ""schema""".mood DEFAULT 'good'); INSERT INTO "Odd ""schema"""."new
line's" VALUES ('good'), ('bad');
  CREATE TABLE measures (at date, v int) PARTITION BY RANGE (at);
  CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO measures VALUES ('2026-05-05', 1), ('2026-06-06', 2);
  CREATE VIEW rich AS SELECT * FROM accounts WHERE balance > 1000;
  CREATE FUNCTION double(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2';
  CREATE INDEX ON transfers (amount);
`;
/** One payment: the balances still add up to 100,000, and `totals` still says how many there are. */
export const transfer = `DO $$ DECLARE a int := 1 + floor(random() * 100); b int := 1 + floor(random() * 100); BEGIN
  UPDATE accounts SET balance = balance - 5 WHERE id = a; UPDATE accounts SET balance = balance + 5 WHERE id = b;
  INSERT INTO transfers (amount, note) VALUES (5, repeat('x', 50)); UPDATE totals SET transfers = transfers + 1; END $$;`;

export interface DumpOptions {
  /** Where the tools run. */
  readonly on: Host;
  /** This machine; default: `on`. */
  readonly runner?: Host;
  readonly reporter?: Reporter;
  readonly globals?: boolean;
  /** Between the export of the snapshot and the dump. */
  readonly during?: () => Promise<unknown>;
  /** Where clients are looked for, besides PATH. */
  readonly folders?: readonly string[];
  /** How long a lock of another session is waited for. */
  readonly lockWaitMs?: number;
  readonly cancel?: AbortSignal;
}

export interface Dumped {
  readonly file: string;
  readonly proof: SnapshotProof;
  readonly snapshot: Snapshot;
}

export function engineFor(
  url: string,
  { on, runner = on, reporter = quietReporter(), globals = false, folders, lockWaitMs = 60_000 }: DumpOptions,
): PostgresEngine {
  const settings = {
    host: on,
    runner,
    urls: [new Secret(url)],
    globals,
    install: null,
    reporter,
    lockWaitMs,
  };
  return new PostgresEngine(folders === undefined ? settings : { ...settings, folders });
}

/** Probes and dumps one database into a file. */
export async function dump(url: string, options: DumpOptions): Promise<Dumped> {
  const engine = engineFor(url, options);
  const [database] = await engine.discover();
  if (database === undefined) throw new Error('nothing was discovered');
  const { cancel = signal } = options;
  await using held = new AsyncDisposableStack();
  await engine.probe(database, { signal: cancel, held });
  await using snapshot = await engine.snapshot(database, { signal: cancel });
  await options.during?.();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-dump-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'app.dump');
  const file = await open(path, 'w');
  try {
    for await (const chunk of snapshot.read()) await file.write(chunk);
  } finally {
    await file.close();
  }
  return { file: path, proof: await snapshot.proof, snapshot };
}

/** A PATH in `dir` with every usual program but these. */
export function pathWithout(dir: string, ...names: string[]): string {
  const bin = mkdtempSync(join(dir, 'bin-'));
  const taken = new Set(names);
  for (const folder of ['/usr/bin', '/bin']) {
    for (const name of readdirSync(folder)) {
      if (!taken.has(name)) symlinkSync(join(folder, name), join(bin, name));
      taken.add(name);
    }
  }
  return bin;
}
