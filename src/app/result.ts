import type { Command } from '../config/option.ts';
import type { CheckResult } from '../core/doctor.ts';
import type { VerifyLevel } from '../core/keys.ts';
import type { LifecycleRule } from '../core/lifecycle.ts';
import type { ManifestDatabase } from '../core/manifest.ts';
import type { Verdict } from '../core/verify.ts';

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
  /** `null` when the option `verify` did not ask for it. */
  readonly verified: VerdictDocument | null;
  readonly kept: readonly KeptDocument[];
  readonly pruned: readonly PrunedDocument[];
}

export interface VerdictDocument {
  readonly level: VerifyLevel;
  readonly verdict: Verdict;
  readonly databases: readonly {
    readonly name: string;
    readonly verdict: Verdict;
    readonly detail: string;
    /** Set where it is `damaged` by no more than an assertion that does not hold. */
    readonly intact?: true;
  }[];
}

/** Nothing is damaged: only assertions do not hold. */
export function isIntact({ databases }: Pick<VerdictDocument, 'databases'>): boolean {
  const bad = databases.filter(({ verdict }) => verdict === 'damaged');
  return bad.length > 0 && bad.every(({ intact }) => intact);
}

interface VerifyDocument extends CommonDocument, VerdictDocument {
  readonly command: 'verify';
  /** Id of the backup. */
  readonly backup: string;
}

export interface RestoreDocument extends CommonDocument {
  readonly command: 'restore';
  readonly dryRun: boolean;
  /** Id of the backup. */
  readonly backup: string;
  /** Without secrets. */
  readonly target: string;
  /** Names of the restored databases, as in the manifest. */
  readonly databases: readonly string[];
  /** Id of the backup of what was there before; `null` when nothing was. */
  readonly safetyBackup: string | null;
  /** Where the old database is kept; `null` when there was none. */
  readonly previous: string | null;
  /** Commands that put the old one back. */
  readonly goBack: readonly string[];
  /** Where `to` is a folder: the files in it. */
  readonly files: readonly string[];
}

interface AgedDocument {
  readonly id: string;
  readonly ageSeconds: number;
}

export interface CheckDocument extends CommonDocument {
  readonly command: 'check';
  readonly newest: AgedDocument | null;
  readonly newestVerified: AgedDocument | null;
  readonly stale: boolean;
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
    /** Made by a restore, of what it replaced. */
    readonly safety: boolean;
    /** Its objects are gone; only the manifest is there. */
    readonly missing: boolean;
  }[];
  readonly leftovers: readonly {
    readonly id: string;
    readonly createdAt: string;
    readonly ageSeconds: number;
    readonly keys: readonly string[];
    readonly storedBytes: number;
    /** Those that were begun and not ended, or go on; only with `all`. */
    readonly uploads?: readonly { readonly key: string; readonly startedAt: string }[];
  }[];
  /** Where there are no backups of `name`: names that the store has some of. */
  readonly otherNames: readonly string[];
}

export interface PruneDocument extends CommonDocument {
  readonly command: 'prune';
  readonly dryRun: boolean;
  readonly kept: readonly KeptDocument[];
  readonly pruned: readonly PrunedDocument[];
}

export interface LifecycleDocument extends CommonDocument {
  readonly command: 'lifecycle';
  /** As S3's PutBucketLifecycleConfiguration takes them. */
  readonly rules: readonly LifecycleRule[];
  /** What the rules can't do. */
  readonly notes: readonly string[];
}

export interface DoctorDocument extends CommonDocument {
  readonly command: 'doctor';
  readonly checks: readonly CheckResult[];
}

/** A command that failed before it had anything of its own to tell. */
interface FailedDocument extends CommonDocument {
  readonly command: Command;
  readonly ok: false;
}

export interface KeygenDocument extends CommonDocument {
  readonly command: 'keygen';
  /** `identity` is secret and belongs where restores are made; `recipient` is public and belongs into `encrypt-to`. */
  readonly age: { readonly identity: string; readonly recipient: string };
  /** `signKey` is a secret of the backup's workflow; `verifyKey` is public. */
  readonly signing: { readonly signKey: string; readonly verifyKey: string };
}

/** The document of each command. */
export interface Documents {
  readonly backup: BackupDocument;
  readonly list: ListDocument;
  readonly verify: VerifyDocument;
  readonly restore: RestoreDocument;
  readonly prune: PruneDocument;
  readonly check: CheckDocument;
  readonly keygen: KeygenDocument;
  readonly lifecycle: LifecycleDocument;
  readonly doctor: DoctorDocument;
}

export type ResultDocument = Documents[Command] | FailedDocument;

/** The document of a command that got so far as to have one; `null` for another command, or when it failed before. */
export function documentOf<C extends Command>(document: ResultDocument, command: C): Documents[C] | null {
  const own: Readonly<Record<Command, string>> = {
    backup: 'kept',
    list: 'backups',
    verify: 'verdict',
    restore: 'target',
    prune: 'kept',
    check: 'stale',
    keygen: 'signing',
    lifecycle: 'rules',
    doctor: 'checks',
  };
  return document.command === command && own[command] in document ? (document as Documents[C]) : null;
}
