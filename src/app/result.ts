import type { Command } from '../config/options.ts';
import type { VerifyLevel } from '../core/keys.ts';
import type { ManifestDatabase } from '../core/manifest.ts';

/** What every result document has. Fields are only ever added. */
interface CommonDocument {
  readonly ok: boolean;
  readonly name: string;
  readonly store: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  readonly error?: ErrorDocument;
}

export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly input: string | null;
  /** Every problem of the settings, when there are several. */
  readonly problems?: readonly {
    readonly input: string;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

export interface KeptDocument {
  readonly id: string;
  readonly reasons: readonly string[];
}

export interface PrunedDocument {
  readonly id: string;
  readonly storedBytes: number;
}

export interface BackupDocument extends CommonDocument {
  readonly command: 'backup';
  readonly dryRun: boolean;
  /** `null` when none was made. */
  readonly backup: {
    readonly id: string;
    readonly manifestKey: string;
    readonly databases: readonly (Pick<
      ManifestDatabase,
      | 'name'
      | 'engine'
      | 'key'
      | 'plainBytes'
      | 'plainSha256'
      | 'storedBytes'
      | 'storedSha256'
      | 'source'
      | 'snapshot'
      | 'recovery'
    > & {
      readonly tables: number;
      readonly rows: number;
      /** In the backup before this one; `null` when it was not in it. */
      readonly previousStoredBytes: number | null;
    })[];
  } | null;
  readonly kept: readonly KeptDocument[];
  readonly pruned: readonly PrunedDocument[];
}

export interface ListDocument extends CommonDocument {
  readonly command: 'list';
  readonly backups: readonly {
    readonly id: string;
    readonly createdAt: string;
    readonly ageSeconds: number;
    readonly storedBytes: number;
    readonly databases: readonly { readonly name: string; readonly storedBytes: number }[];
    readonly verified: { readonly level: VerifyLevel; readonly at: string } | null;
  }[];
  readonly leftovers: readonly {
    readonly id: string;
    readonly keys: readonly string[];
    readonly storedBytes: number;
  }[];
}

export interface PruneDocument extends CommonDocument {
  readonly command: 'prune';
  readonly dryRun: boolean;
  readonly kept: readonly KeptDocument[];
  readonly pruned: readonly PrunedDocument[];
}

/** A command that failed before it had anything of its own to tell. */
interface FailedDocument extends CommonDocument {
  readonly command: Command;
  readonly ok: false;
}

export type ResultDocument = BackupDocument | ListDocument | PruneDocument | FailedDocument;
