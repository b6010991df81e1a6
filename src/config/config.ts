import type { Assertion } from '../core/assertion.ts';
import type { Duration } from '../core/duration.ts';
import type { Problem } from '../core/errors.ts';
import type { VerifyLevel } from '../core/keys.ts';
import type { Policy } from '../core/retention.ts';
import type { Secret } from '../core/secret.ts';
import type { Selector } from '../core/select-backup.ts';
import type { Signer, Verifier } from '../core/signature.ts';
import type { Command } from './option.ts';

export type StoreConfig =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly prefix: string;
      readonly endpoint: string | undefined;
      readonly region: string | undefined;
      /** Absent: the AWS SDK's own chain. */
      readonly key: { readonly id: string; readonly secret: Secret } | undefined;
    };

export interface SshConfig {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly privateKey: Secret;
  readonly passphrase: Secret | undefined;
  readonly knownHosts: string;
}

export interface HostConfig {
  readonly ssh: SshConfig | null;
  readonly container: string | null;
  readonly sudo: boolean;
  /** The key is held by a gate in authorized_keys. */
  readonly gated: boolean;
}

export interface SourcesConfig {
  /** Paths and globs of SQLite files. */
  readonly sqlite: readonly string[];
  readonly exclude: readonly string[];
  readonly postgres: readonly Secret[];
  readonly globals: boolean;
  readonly installClient: boolean;
}

export type CompressionConfig =
  | { readonly codec: 'none' }
  | { readonly codec: 'zstd' | 'gzip'; readonly level: number; readonly on: 'auto' | 'host' | 'runner' };

/** Who can read a backup. */
export type EncryptionConfig =
  /** Everybody: that was said in so many words. */
  | { readonly kind: 'none' }
  | { readonly kind: 'age'; readonly recipients: readonly string[] }
  /** Without public keys, by passphrase. */
  | { readonly kind: 'gpg'; readonly publicKeys: readonly string[]; readonly passphrase: Secret | null };

/** What opens encrypted backups. */
export interface KeysConfig {
  /** Of age. */
  readonly identities: readonly Secret[];
  /** Of OpenPGP, armored. */
  readonly privateKeys: readonly Secret[];
  readonly passphrase: Secret | null;
}

/** S3 Object Lock of what a backup stores. */
export interface LockConfig {
  readonly days: number;
  readonly mode: 'governance' | 'compliance';
}

interface Common {
  readonly name: string;
  readonly store: StoreConfig;
  /** How long a peer may be silent before it is given up, in milliseconds. */
  readonly stallMs: number;
}

export interface BackupConfig extends Common {
  readonly command: 'backup';
  readonly host: HostConfig;
  readonly sources: SourcesConfig;
  readonly compression: CompressionConfig;
  /** `null`: not encrypted, and not said to be so. */
  readonly encryption: EncryptionConfig | null;
  /** For a verify in the same run. */
  readonly keys: KeysConfig;
  readonly signer: Signer | null;
  readonly verifier: Verifier | null;
  /** `null`: no verify in the same run. */
  readonly verify: VerifySettings | null;
  /** `null`: no keep rule is set. */
  readonly policy: Policy | null;
  readonly failOnShrink: boolean;
  /** `null`: objects are not locked. */
  readonly lock: LockConfig | null;
  readonly dryRun: boolean;
}

/** How a backup is verified. */
export interface VerifySettings {
  readonly level: VerifyLevel;
  readonly assertions: readonly Assertion[];
  readonly scratchUrl: Secret | null;
  readonly installClient: boolean;
}

interface VerifyConfig extends Common {
  readonly command: 'verify';
  readonly selector: Selector;
  readonly keys: KeysConfig;
  readonly verifier: Verifier | null;
  readonly verify: VerifySettings;
}

/** What a restore fills. */
export type TargetConfig =
  | { readonly kind: 'folder'; readonly path: string; readonly only: readonly string[] }
  | {
      readonly kind: 'database';
      readonly database:
        | { readonly engine: 'sqlite'; readonly path: string }
        | {
            readonly engine: 'postgres';
            readonly url: Secret;
            readonly jobs: number;
            readonly installClient: boolean;
          };
      readonly host: HostConfig;
      readonly only: string | null;
      readonly confirm: string | null;
      readonly stop: string | null;
      readonly start: string | null;
      readonly force: boolean;
    };

export interface RestoreConfig extends Common {
  readonly command: 'restore';
  readonly selector: Selector;
  readonly keys: KeysConfig;
  readonly verifier: Verifier | null;
  /** Of the safety backup; `null`: to the keys at hand where the restored backup is encrypted. */
  readonly encryption: EncryptionConfig | null;
  readonly signer: Signer | null;
  readonly target: TargetConfig;
  readonly dryRun: boolean;
}

interface CheckConfig extends Common {
  readonly command: 'check';
  readonly maxAge: Duration;
  /** `null`: backups need not be verified. */
  readonly maxVerifiedAge: Duration | null;
}

/** Needs no store and no settings. */
interface KeygenConfig {
  readonly command: 'keygen';
}

/** The settings of a backup, as far as they can be read: what is wrong with them is one of the findings. */
interface DoctorConfig extends Omit<BackupConfig, 'command' | 'dryRun'> {
  readonly command: 'doctor';
  readonly problems: readonly Problem[];
}

interface ListConfig extends Common {
  readonly command: 'list';
  /** Unfinished uploads too. */
  readonly all: boolean;
}

interface PruneConfig extends Common {
  readonly command: 'prune';
  readonly policy: Policy;
  readonly verifier: Verifier | null;
  readonly dryRun: boolean;
}

interface LifecycleConfig extends Common {
  readonly command: 'lifecycle';
  readonly store: Extract<StoreConfig, { kind: 's3' }>;
  /** `null`: no keep rule is set. */
  readonly policy: Policy | null;
}

/** Settings that can be worked with: whatever is impossible can't be written. */
export type Config =
  | LifecycleConfig
  | BackupConfig
  | ListConfig
  | VerifyConfig
  | RestoreConfig
  | PruneConfig
  | CheckConfig
  | KeygenConfig
  | DoctorConfig;
export type ConfigOf<C extends Command> = Extract<Config, { command: C }>;
