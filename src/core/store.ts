import type { Bytes } from './bytes.ts';

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, by the store's clock; from a listing of a store that tells it. */
  readonly modifiedAt?: Date;
}

export interface PutOptions {
  readonly signal: AbortSignal;
  /** About how many bytes will come; sizes the parts of an upload. Default: small. */
  readonly expectedBytes?: number;
}

export interface Removal {
  /** Keys that are gone; a key that was not there counts as gone. */
  readonly removed: readonly string[];
  /** Keys that are still there, each with the reason in a few words. */
  readonly kept: readonly {
    readonly key: string;
    readonly reason: string;
    /** It is locked, as was asked for: the reason says until when. */
    readonly locked?: true;
    /** The storage key lacks the right, so that asking again is in vain. */
    readonly denied?: true;
  }[];
  /** Said once where space could not be freed though the keys are gone (hidden versions remain). */
  readonly warning?: string;
}

/** A put that was begun and neither completed nor given up, as a killed process leaves it: visible to nobody, but it takes space. */
export interface Unfinished {
  /** The key that it is for; in a folder, of the file that was being written. */
  readonly key: string;
  /** The store's name for it. */
  readonly id: string;
  /** When it began or was last written to, by the store's clock. */
  readonly startedAt: Date;
}

/**
 * Object storage: an S3 bucket under a prefix, or a folder. Keys are relative to it and use `/`.
 *
 * - `put` is all or nothing: when it resolves the object is there whole and its size was asked back from the
 *   store; when it throws, nothing is visible and nothing unfinished is left (an upload is aborted). `store.exists` says that
 *   the key is somebody else's; after any other failure it may have become ours unseen, where the store could not be asked.
 *   The source is read once; requests are retried inside.
 * - `get` throws `StoreError` with code `store.not-found` for a missing key, and when the bytes end early.
 * - `stat` gives `null` for a missing key.
 * - `list` gives every key that begins with the prefix, or throws: a partial listing never looks complete.
 *   Order: by key, bytewise. `list('a/')` never gives `ab/…`.
 * - `folders` gives, in one request, what the next segment of keys below a prefix (`''` or `a/`) can be: `b` for `a/b/c`,
 *   but not for `a/b`. In the order of keys, and no more than the first 1,000.
 * - `remove` deletes for good, old versions included; missing keys are no error.
 * - `hasTrace` says whether the key is there, or was and can be brought back, as a version that somebody hid: also where a listing did
 *   not show it. Where the store can't tell of hidden versions, whether it is there.
 * - `unfinished` gives the puts under a prefix that were begun and not ended, those that still go on too; `abandon` ends
 *   them, and one that is gone is no error.
 */
export interface Store {
  /** For people and the result document, without secrets: `s3://bucket/prefix`. */
  readonly label: string;
  /** How much its clock is ahead of this machine's, in milliseconds, by its last answer; `null`: it has told no time. */
  readonly clockAheadMs: number | null;
  /** How a user without Holdfast gets an object to stdout: a shell command. */
  fetchCommand(key: string): string;
  put(key: string, content: Bytes, options: PutOptions): Promise<StoredObject>;
  get(key: string, options: { readonly signal: AbortSignal }): Bytes;
  stat(key: string, options: { readonly signal: AbortSignal }): Promise<StoredObject | null>;
  list(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<StoredObject>;
  folders(prefix: string, options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
  remove(keys: readonly string[], options: { readonly signal: AbortSignal }): Promise<Removal>;
  hasTrace(key: string, options: { readonly signal: AbortSignal }): Promise<boolean>;
  unfinished(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<Unfinished>;
  abandon(
    unfinished: readonly Pick<Unfinished, 'key' | 'id'>[],
    options: { readonly signal: AbortSignal },
  ): Promise<Removal>;
}
