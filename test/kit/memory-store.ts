import { collect } from '../../src/core/bytes.ts';
import { StoreError, throwIfCancelled } from '../../src/core/errors.ts';
import type { Store, Unfinished } from '../../src/core/store.ts';

export interface MemoryStore extends Store {
  clockAheadMs: number | null;
  readonly objects: Map<string, Buffer>;
  /** When objects were written, by key; it tells no time of others. */
  readonly modified: Map<string, Date>;
  /** Everything that changed the store, in order: `put app/…`, `remove app/…`. */
  readonly changes: string[];
  /** Called before each operation; throws to make it fail. */
  before: (operation: string, key: string) => void;
  /** Reasons for keys that can't be removed. */
  readonly locked: Map<string, string>;
  /** Keys that are hidden, not gone. */
  readonly hidden: Set<string>;
  /** Uploads that were never ended. */
  readonly pending: Unfinished[];
}

/** A store in memory, for the faults that a real one can't be made to have. */
export function memoryStore(): MemoryStore {
  const objects = new Map<string, Buffer>();
  const store: MemoryStore = {
    label: 'memory',
    clockAheadMs: null,
    objects,
    modified: new Map(),
    changes: [],
    locked: new Map(),
    hidden: new Set(),
    pending: [],
    before: () => {},
    fetchCommand: (key) => `cat ${key}`,
    async put(key, content, { signal }) {
      store.before('put', key);
      const whole = await collect(content, 1024 ** 3);
      throwIfCancelled(signal);
      if (objects.has(key)) throw new StoreError(`${key} is there already.`, { code: 'store.exists' });
      objects.set(key, whole);
      store.changes.push(`put ${key}`);
      return { key, bytes: whole.byteLength };
    },
    async *get(key) {
      store.before('get', key);
      const found = objects.get(key);
      if (found === undefined) throw new StoreError(`There is no ${key}.`, { code: 'store.not-found' });
      yield found;
    },
    async stat(key) {
      store.before('stat', key);
      const found = objects.get(key);
      return found === undefined ? null : { key, bytes: found.byteLength };
    },
    async *list(prefix) {
      for (const key of [...objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        store.before('list', key);
        if (!key.startsWith(prefix)) continue;
        const modifiedAt = store.modified.get(key);
        yield { key, bytes: (objects.get(key) as Buffer).byteLength, ...(modifiedAt && { modifiedAt }) };
      }
    },
    async folders(prefix) {
      store.before('folders', prefix);
      const below = [...objects.keys()].filter((key) => key.startsWith(prefix));
      const names = below
        .map((key) => key.slice(prefix.length).split('/'))
        .filter(({ length }) => length > 1);
      return [...new Set(names.map(([name = '']) => name))]
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .slice(0, 1000);
    },
    async remove(keys) {
      const kept: { key: string; reason: string }[] = [];
      for (const key of keys) {
        store.before('remove', key);
        const reason = store.locked.get(key);
        if (reason !== undefined) kept.push({ key, reason });
        else if (objects.delete(key)) store.changes.push(`remove ${key}`);
      }
      return { removed: keys.filter((key) => !objects.has(key)), kept };
    },
    async hasTrace(key) {
      store.before('hasTrace', key);
      return objects.has(key) || store.hidden.has(key);
    },
    async *unfinished(prefix) {
      for (const found of store.pending) {
        store.before('unfinished', found.key);
        if (found.key.startsWith(prefix)) yield found;
      }
    },
    async abandon(uploads) {
      for (const { key, id } of uploads) {
        store.before('abandon', key);
        const at = store.pending.findIndex((found) => found.id === id);
        if (at >= 0) store.pending.splice(at, 1);
        store.changes.push(`abandon ${key}`);
      }
      return { removed: uploads.map(({ key }) => key), kept: [] };
    },
  };
  return store;
}
