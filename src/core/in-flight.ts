/**
 * Does the work for each item, several at a time, and gives the results in the items' order. The first failure aborts the
 * others; it is thrown when all have ended, so that nothing goes on behind the caller's back.
 */
export async function inFlight<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length && failures.length === 0; index = next++) {
      try {
        results[index] = await work(items[index] as Item, either);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Two things at the same time; the first failure aborts the other one, which nobody waits for any more. */
export async function bothOf<One, Two>(
  signal: AbortSignal,
  one: (signal: AbortSignal) => Promise<One>,
  two: (signal: AbortSignal) => Promise<Two>,
): Promise<[One, Two]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  try {
    return await Promise.all([one(either), two(either)]);
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
