import { StoreError } from '../core/errors.ts';

/** What a request for a page says of where that begins; the first of them must be told by the page before. */
type Marks = Readonly<Record<string, string | undefined>>;

/**
 * Where the next page of a listing begins; `null` at its end.
 * @param what of the message: `The listing of … ended early.`
 * @throws StoreError `store.listing` when there is more but nobody says where, or where the last page began
 */
export function nextMarks<Next extends Marks>(
  isTruncated: boolean | undefined,
  next: Next,
  asked: Marks,
  what: string,
): Next | null {
  if (!isTruncated) return null;
  const names = Object.keys(next);
  if (next[names[0] ?? ''] && names.some((name) => next[name] !== asked[name])) return next;
  throw new StoreError(`The listing of ${what} ended early.`, { code: 'store.listing' });
}
