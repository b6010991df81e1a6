import type { Policy } from '../core/retention.ts';
import type { Secret } from '../core/secret.ts';
import type { Command } from './options.ts';

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

interface Common {
  readonly name: string;
  readonly store: StoreConfig;
}

export interface BackupConfig extends Common {
  readonly command: 'backup';
  readonly host: HostConfig;
  readonly sources: SourcesConfig;
  readonly compression: CompressionConfig;
  /** `null`: no keep rule is set. */
  readonly policy: Policy | null;
  readonly dryRun: boolean;
}

interface ListConfig extends Common {
  readonly command: 'list';
}

interface PruneConfig extends Common {
  readonly command: 'prune';
  readonly policy: Policy;
  readonly dryRun: boolean;
}

/** Settings that can be worked with: whatever is impossible can't be written. */
export type Config = BackupConfig | ListConfig | PruneConfig;
export type ConfigOf<C extends Command> = Extract<Config, { command: C }>;
