import type { BackupConfig, Config, ConfigOf } from '../config/config.ts';
import { type BackupResult, backup } from '../core/backup.ts';
import { list } from '../core/list.ts';
import type { Manifest } from '../core/manifest.ts';
import { prune } from '../core/prune.ts';
import {
  openCodecs,
  openConfiguredHost,
  openEngines,
  openRunner,
  openStore,
  type Surroundings,
} from './open.ts';
import type { BackupDocument, ListDocument, PruneDocument } from './result.ts';
import { version } from './version.ts';

/** A command's own fields of the result document. */
type Own<D> = Omit<D, 'ok' | 'name' | 'store' | 'startedAt' | 'durationMs' | 'warnings' | 'error'>;

/** Runs one command and gives its fields of the result document. */
export function runCommand(
  config: Config,
  surroundings: Surroundings,
): Promise<Own<BackupDocument> | Own<ListDocument> | Own<PruneDocument>> {
  switch (config.command) {
    case 'backup':
      return runBackup(config, surroundings);
    case 'list':
      return runList(config, surroundings);
    case 'prune':
      return runPrune(config, surroundings);
  }
}

async function runBackup(config: BackupConfig, surroundings: Surroundings): Promise<Own<BackupDocument>> {
  const store = await openStore(config.store);
  await using runner = await openRunner(surroundings);
  await using host = await openConfiguredHost(config.host, surroundings);
  const { compression, name, policy, dryRun } = config;
  const result = await backup({
    ...surroundings,
    name,
    policy,
    dryRun,
    store,
    engines: openEngines(config, host, runner, surroundings),
    codecs: openCodecs(compression),
    compressOn: compression.codec === 'none' ? 'runner' : compression.on,
    toolVersion: version,
    now: () => new Date(),
  });
  return {
    command: 'backup',
    dryRun,
    backup: describeBackup(result),
    kept: result.retention?.kept ?? [],
    pruned: result.retention?.pruned ?? [],
  };
}

function describeBackup({ manifest, manifestKey, previous }: BackupResult): BackupDocument['backup'] {
  if (manifest === null || manifestKey === null) return null;
  return { id: manifest.id, manifestKey, databases: describeDatabases(manifest, previous) };
}

function describeDatabases({ databases }: Manifest, previous: BackupResult['previous']) {
  return databases.map((database) => {
    const { name, engine, key, source, snapshot, recovery, fingerprint } = database;
    const { plainBytes, plainSha256, storedBytes, storedSha256 } = database;
    const rows = Object.values(fingerprint.tables);
    const before = previous?.databases.find((other) => other.name === name);
    return {
      ...{
        name,
        engine,
        key,
        plainBytes,
        plainSha256,
        storedBytes,
        storedSha256,
        source,
        snapshot,
        recovery,
      },
      tables: rows.length,
      rows: rows.reduce((sum, count) => sum + count, 0),
      previousStoredBytes: before?.storedBytes ?? null,
    };
  });
}

async function runList(
  { name, store: settings }: ConfigOf<'list'>,
  { signal }: Surroundings,
): Promise<Own<ListDocument>> {
  const store = await openStore(settings);
  const { backups, leftovers } = await list({ store, name, now: new Date(), signal });
  return {
    command: 'list',
    backups: backups.map((backup) => ({
      ...backup,
      createdAt: backup.createdAt.toISOString(),
      verified: backup.verified && { level: backup.verified.level, at: backup.verified.at.toISOString() },
    })),
    leftovers: leftovers.map(({ id, keys, storedBytes }) => ({ id, keys, storedBytes })),
  };
}

async function runPrune(
  { name, store: settings, policy, dryRun }: ConfigOf<'prune'>,
  { reporter, signal }: Surroundings,
): Promise<Own<PruneDocument>> {
  const store = await openStore(settings);
  const { kept, pruned } = await prune({ store, name, policy, dryRun, now: new Date(), reporter, signal });
  return { command: 'prune', dryRun, kept, pruned };
}
