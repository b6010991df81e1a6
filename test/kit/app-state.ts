import { DatabaseSync } from 'node:sqlite';

/** Every row of the tables that change, as one text; with `upTo` as they were after so many transfers. */
export function stateOf(path: string, upTo = Number.MAX_SAFE_INTEGER): { transfers: number; text: string } {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const transfers = db.prepare('SELECT * FROM transfers WHERE id <= ? ORDER BY id').all(upTo);
    const balances = new Map<number, number>(Array.from({ length: 100 }, (_, index) => [index + 1, 1000]));
    for (const { source, target, amount } of transfers as Record<string, number>[]) {
      balances.set(source as number, (balances.get(source as number) ?? 0) - (amount as number));
      balances.set(target as number, (balances.get(target as number) ?? 0) + (amount as number));
    }
    const accounts =
      upTo === Number.MAX_SAFE_INTEGER
        ? db
            .prepare('SELECT id, balance FROM accounts ORDER BY id')
            .all()
            .map((row) => Object.values(row))
        : [...balances];
    return { transfers: transfers.length, text: JSON.stringify([transfers, accounts]) };
  } finally {
    db.close();
  }
}
