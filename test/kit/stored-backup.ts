import { createHash } from 'node:crypto';
import { codecById } from '../../src/codecs/registry.ts';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import type { Engine, Fingerprint, Loaded, LoadRequest } from '../../src/core/engine.ts';
import { HoldfastError, IntegrityError } from '../../src/core/errors.ts';
import { formatManifest, type Manifest, type ManifestDatabase } from '../../src/core/manifest.ts';
import type { MemoryStore } from './memory-store.ts';

/** A database as a JSON text: rows by table. */
export type Content = Readonly<Record<string, number>>;

export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const fingerprintOf = (content: Content): Fingerprint => ({
  schemaSha256: sha256Of(Buffer.from(Object.keys(content).sort().join())),
  tables: content,
});

/** Puts a backup of made-up databases into a store, compressed for real, and gives its manifest. */
export async function storeBackup(
  store: MemoryStore,
  id: string,
  databases: Readonly<Record<string, Content>>,
  changes: Partial<Manifest> = {},
): Promise<Manifest> {
  const entries: ManifestDatabase[] = [];
  for (const [name, content] of Object.entries(databases)) {
    const plain = Buffer.from(JSON.stringify(content));
    const stored = await collect(codecById('zstd').encode(bytesOf(plain)));
    const key = `app/${id}/${name}.sqlite3.zst`;
    store.objects.set(key, stored);
    entries.push({
      ...{ name, engine: 'fake', engineVersion: '1.0', toolVersion: 'fake 1.0', source: `fake:${name}`, key },
      codecs: ['zstd'],
      ...{ plainBytes: plain.byteLength, plainSha256: sha256Of(plain) },
      ...{ storedBytes: stored.byteLength, storedSha256: sha256Of(stored) },
      fingerprint: fingerprintOf(content),
      snapshot: { method: 'made up', takenAt: '2026-11-20T03:00:00.000Z', durationMs: 1 },
      recovery: [],
    });
  }
  const manifest: Manifest = {
    ...{ format: 1, id, name: 'app', createdAt: '2026-11-20T03:00:00.000Z' },
    tool: { name: 'holdfast', version: '0.1.0' },
    databases: entries,
    ...changes,
  };
  store.objects.set(`app/${id}/manifest.json`, formatManifest(manifest));
  return manifest;
}

export interface FakeEngine extends Engine {
  /** Databases that are loaded now. */
  loaded: number;
  /** Makes the next loads fail. */
  failLoad: Error | null;
  /** Notes of the check; or its failure. */
  checked: readonly string[] | Error;
  /** Of what the next loads find; `null`: the right one. */
  schemaSha256: string | null;
  /** Answers to assertions, by their text. */
  readonly answers: Map<string, readonly string[] | Error>;
}

/** An engine that loads what {@link storeBackup} has stored. */
export function fakeEngine(): FakeEngine {
  const unused = () => Promise.reject(new Error('not a source'));
  const engine: FakeEngine = {
    ...{ id: 'fake', loaded: 0, failLoad: null, checked: [], schemaSha256: null, answers: new Map() },
    ...{ discover: unused, probe: unused, snapshot: unused },
    recoverCommand: (file) => `cat ${file}`,
    async load({ plain }: LoadRequest): Promise<Loaded> {
      if (engine.failLoad !== null) throw engine.failLoad;
      const content = JSON.parse((await collect(plain)).toString()) as Content;
      engine.loaded += 1;
      return {
        label: 'a fake',
        async check() {
          if (engine.checked instanceof Error) throw engine.checked;
          return engine.checked;
        },
        async fingerprint() {
          const right = fingerprintOf(content);
          return { ...right, schemaSha256: engine.schemaSha256 ?? right.schemaSha256 };
        },
        async query(sql) {
          const answer =
            engine.answers.get(sql) ?? new HoldfastError(`no such query.`, { code: 'fake.query' });
          if (answer instanceof Error) throw answer;
          return answer;
        },
        async [Symbol.asyncDispose]() {
          engine.loaded -= 1;
        },
      };
    },
  };
  return engine;
}

export const fakeDamage = (): IntegrityError => new IntegrityError('It is broken.', { code: 'fake.damaged' });
