import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Bytes } from '../core/bytes.ts';
import { HoldfastError, StoreError, throwIfCancelled } from '../core/errors.ts';
import { isPartFile, newPartFile } from '../core/keys.ts';
import { makeFolder } from '../core/make-folder.ts';
import { quote } from '../core/quote.ts';
import type { PutOptions, Removal, Store, StoredObject, Unfinished } from '../core/store.ts';

interface Signalled {
  readonly signal: AbortSignal;
}

/** Files that are being written; never listed. */
const isUnfinished = (key: string): boolean => isPartFile(key.slice(key.lastIndexOf('/') + 1));

/** As many as a bucket gives at once. */
const pageOfFolders = 1000;

export function openFolderStore(path: string): Store {
  return new FolderStore(resolve(path));
}

/** A folder of this machine; keys are paths below it. */
class FolderStore implements Store {
  readonly label: string;
  readonly clockAheadMs = null;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.label = `file:${root}`;
  }

  fetchCommand(key: string): string {
    return `cat ${quote(this.#path(key))}`;
  }

  async put(key: string, content: Bytes, { signal }: PutOptions): Promise<StoredObject> {
    const path = this.#path(key);
    const folder = dirname(path);
    const part = join(folder, newPartFile());
    let made = part;
    try {
      const firstMade = await makeFolder(folder);
      if ((await this.stat(key, { signal })) !== null) throw this.#exists(key);
      const bytes = await writeWhole(part, content, signal);
      await rename(part, path);
      made = path;
      await syncUpTo(firstMade === null ? folder : dirname(firstMade), folder);
      return { key, bytes };
    } catch (error) {
      await rm(made, { force: true }).catch(() => {});
      await this.#removeEmptyFolders(folder);
      throw this.#translate(error, 'Writing', key);
    }
  }

  async *get(key: string, { signal }: Signalled): Bytes {
    try {
      yield* createReadStream(this.#path(key), { highWaterMark: 1024 * 1024, signal });
    } catch (error) {
      throwIfCancelled(signal);
      throw this.#translate(error, 'Reading', key);
    }
  }

  async stat(key: string, _: Signalled): Promise<StoredObject | null> {
    const found = await this.#find(key);
    return found && { key, bytes: found.bytes };
  }

  async #find(key: string): Promise<Required<StoredObject> | null> {
    try {
      const found = await stat(this.#path(key));
      return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.#translate(error, 'Looking up', key);
    }
  }

  async *list(prefix: string, { signal }: Signalled): AsyncIterable<StoredObject> {
    const from = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const keys: StoredObject[] = [];
    for await (const found of this.#walk(from, signal)) {
      if (found.key.startsWith(prefix) && !isUnfinished(found.key)) keys.push(found);
    }
    yield* keys.sort((a, b) => byBytes(a.key, b.key));
  }

  async folders(prefix: string, { signal }: Signalled): Promise<string[]> {
    throwIfCancelled(signal);
    const entries = await this.#entries(prefix);
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return names.sort(byBytes).slice(0, pageOfFolders);
  }

  async remove(keys: readonly string[], { signal }: Signalled): Promise<Removal> {
    const removed: string[] = [];
    const kept: { key: string; reason: string }[] = [];
    for (const key of keys) {
      throwIfCancelled(signal);
      try {
        await rm(this.#path(key), { force: true });
        await this.#removeEmptyFolders(dirname(this.#path(key)));
        removed.push(key);
      } catch (error) {
        kept.push({ key, reason: reasonOf(error) });
      }
    }
    return { removed, kept };
  }

  async hasTrace(key: string, options: Signalled): Promise<boolean> {
    return (await this.stat(key, options)) !== null;
  }

  async *unfinished(prefix: string, { signal }: Signalled): AsyncIterable<Unfinished> {
    const from = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const { key, modifiedAt: startedAt } of this.#walk(from, signal)) {
      if (key.startsWith(prefix) && isUnfinished(key)) yield { key, id: key, startedAt };
    }
  }

  abandon(parts: readonly Pick<Unfinished, 'key'>[], { signal }: Signalled): Promise<Removal> {
    const keys = parts.map(({ key }) => key);
    return this.remove(keys, { signal });
  }

  async *#walk(folder: string, signal: AbortSignal): AsyncGenerator<Required<StoredObject>> {
    throwIfCancelled(signal);
    const entries = await this.#entries(folder);
    for (const entry of entries) {
      const key = folder + entry.name;
      if (entry.isDirectory()) yield* this.#walk(`${key}/`, signal);
      else if (entry.isFile()) {
        const found = await this.#find(key);
        if (found !== null) yield found;
      }
    }
  }

  async #entries(folder: string) {
    try {
      return await readdir(folder === '' ? this.#root : this.#path(folder), { withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return [];
      throw this.#translate(error, 'Listing', folder);
    }
  }

  /** Folders have no meaning here: one goes with its last file. */
  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let at = folder; at.startsWith(this.#root + sep); at = dirname(at)) {
      try {
        await rmdir(at);
      } catch {
        return;
      }
    }
  }

  #path(key: string): string {
    const path = join(this.#root, key);
    const inside = path.startsWith(this.#root + sep) && !key.includes('\0') && !key.split('/').includes('..');
    if (inside) return path;
    throw new StoreError(`${JSON.stringify(key)} is no key of ${this.label}.`, { code: 'store.key' });
  }

  #exists(key: string): StoreError {
    return new StoreError(`${key} is in ${this.label} already and is not overwritten.`, {
      code: 'store.exists',
    });
  }

  #translate(cause: unknown, doing: string, key: string): unknown {
    // An error of the content that is being put is told as it is.
    if (cause instanceof HoldfastError || (cause as NodeJS.ErrnoException).syscall === undefined)
      return cause;
    if (doing === 'Reading' && isMissing(cause)) {
      return new StoreError(`There is no ${key} in ${this.label}.`, { code: 'store.not-found', cause });
    }
    return new StoreError(`${doing} ${key} in ${this.label} failed: ${reasonOf(cause)}.`, {
      code: 'store.failed',
      input: 'store',
      hint: 'Check that the folder of `store` is writable and that its disk has room.',
      cause,
    });
  }
}

async function writeWhole(path: string, content: Bytes, signal: AbortSignal): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const chunk of content) {
      throwIfCancelled(signal);
      for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten;
      bytes += chunk.byteLength;
    }
    throwIfCancelled(signal);
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

/** A name survives a power cut once the folder that has it is synced: this one, and each above it up to `top`. */
async function syncUpTo(top: string, folder: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    const handle = await open(at, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (at === top) return;
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is no folder',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}
