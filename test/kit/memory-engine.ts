import { createHash } from 'node:crypto';
import type { Bytes } from '../../src/core/bytes.ts';
import type { Database, Engine, Packer, Probe, SnapshotProof } from '../../src/core/engine.ts';
import type { Host } from '../../src/core/host.ts';

export interface MemoryDatabase {
  readonly content: Buffer;
  /** Default: its length. */
  readonly expectedBytes?: number;
  readonly probe?: Partial<Probe>;
  /** What the host says of it, where that is not the truth. */
  readonly saidSha256?: string;
  /** Throws to make the snapshot's bytes end in a failure. */
  readonly atEnd?: () => void;
  /** Goes on before the snapshot is gone from its host. */
  readonly going?: () => Promise<void>;
  /** What the packer makes of it. */
  readonly packed?: (packer: Packer, content: Buffer) => Buffer;
}

export interface MemoryEngine extends Engine {
  /** How many snapshots were open at a time, at most. */
  readonly mostOpen: () => number;
  readonly open: () => number;
}

/** Databases in memory that are on that host, by name. */
export function memoryEngine(host: Host, databases: Readonly<Record<string, MemoryDatabase>>): MemoryEngine {
  let [open, most] = [0, 0];
  const of = ({ name }: Database): MemoryDatabase => databases[name] as MemoryDatabase;
  return {
    id: 'sqlite',
    open: () => open,
    mostOpen: () => most,
    async discover() {
      return Object.keys(databases).map((name) => ({ name, source: `sqlite:/srv/${name} on ${host.label}` }));
    },
    async probe(database) {
      const { content, expectedBytes = content.byteLength, probe = {} } = of(database);
      return { expectedBytes, warnings: [], ...probe };
    },
    async snapshot(database, { pack }) {
      const { content, saidSha256, atEnd = () => {}, going, packed = (_, plain) => plain } = of(database);
      open += 1;
      most = Math.max(most, open);
      const packer = await pack?.(host);
      const sha256 = saidSha256 ?? createHash('sha256').update(content).digest('hex');
      const proof: SnapshotProof = {
        fingerprint: { schemaSha256: '0'.repeat(64), tables: {} },
        digest: { bytes: content.byteLength, sha256 },
      };
      async function* read(): Bytes {
        yield packer === undefined ? content : packed(packer, content);
        atEnd();
      }
      return {
        host,
        extension: 'sqlite3',
        engineVersion: '3.45.1',
        toolVersion: 'memory 1',
        method: 'memory',
        takenAt: new Date(),
        expectedBytes: content.byteLength,
        proof: Promise.resolve(proof),
        read,
        async [Symbol.asyncDispose]() {
          await going?.();
          open -= 1;
        },
      };
    },
    async load() {
      throw new TypeError('nothing is loaded from memory');
    },
    recoverCommand: (file) => `sqlite3 ${file}`,
  };
}
