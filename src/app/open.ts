import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codecById } from '../codecs/registry.ts';
import type { BackupConfig, CompressionConfig, HostConfig, StoreConfig } from '../config/config.ts';
import type { Environment } from '../config/read.ts';
import type { Codec } from '../core/codec.ts';
import type { Engine } from '../core/engine.ts';
import type { Host } from '../core/host.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Store } from '../core/store.ts';
import { clientInstaller } from '../engines/postgres/client-install.ts';
import { PostgresEngine } from '../engines/postgres/postgres-engine.ts';
import { SqliteEngine } from '../engines/sqlite/sqlite-engine.ts';
import { openHost } from '../hosts/open-host.ts';
import { openFolderStore } from '../stores/folder-store.ts';
import { openS3Store } from '../stores/s3-store.ts';

/** What the app lives in: given by the face, so that nothing below reads it by itself. */
export interface Surroundings {
  readonly env: Environment;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.kind === 'folder') return openFolderStore(config.path);
  const { bucket, prefix, endpoint, region, key } = config;
  return openS3Store({
    bucket,
    prefix,
    endpoint,
    region,
    accessKeyId: key?.id,
    secretAccessKey: key?.secret,
  });
}

export async function openConfiguredHost(
  { ssh, container, sudo }: HostConfig,
  { env, reporter, signal }: Surroundings,
): Promise<Host> {
  if (ssh === null) return openHost({ ssh, container, sudo, env, signal });
  return reporter.step(`Connect to ${ssh.user}@${ssh.host}`, () =>
    openHost({ ssh, container, sudo, env, signal }),
  );
}

export function openEngines(
  { sources }: BackupConfig,
  host: Host,
  runner: Host,
  { env, reporter }: Surroundings,
): Engine[] {
  const { sqlite, exclude, postgres, globals, installClient } = sources;
  const engines: Engine[] = [];
  if (sqlite.length > 0) engines.push(new SqliteEngine({ host, paths: sqlite, exclude }));
  if (postgres.length > 0) {
    const folder = join(env['RUNNER_TEMP'] ?? tmpdir(), 'holdfast-clients');
    const install = installClient ? clientInstaller({ folder, reporter }) : null;
    engines.push(new PostgresEngine({ host, runner, urls: postgres, globals, install, reporter }));
  }
  return engines;
}

/** This machine itself. */
export function openRunner({ env, signal }: Surroundings): Promise<Host> {
  return openHost({ ssh: null, container: null, sudo: false, env, signal });
}

export function openCodecs(compression: CompressionConfig): Codec[] {
  return compression.codec === 'none' ? [] : [codecById(compression.codec, compression.level)];
}
