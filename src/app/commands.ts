import { newAgeKeys } from '../codecs/age.ts';
import type { BackupConfig, Config, ConfigOf } from '../config/config.ts';
import { type BackupResult, backup } from '../core/backup.ts';
import { check } from '../core/check.ts';
import { backupsFolder } from '../core/keys.ts';
import { lifecycleOf } from '../core/lifecycle.ts';
import { list } from '../core/list.ts';
import type { Manifest } from '../core/manifest.ts';
import { prune } from '../core/prune.ts';
import { newSigningKeys } from '../core/signature.ts';
import type { Ran } from './command.ts';
import { runDoctor } from './doctor-command.ts';
import {
  openCodecs,
  openConfiguredHost,
  openEngines,
  openLockingStore,
  openRunner,
  openStore,
  type Surroundings,
} from './open.ts';
import { runRestore } from './restore-command.ts';
import type { BackupDocument } from './result.ts';
import { runVerify, verifyWith } from './verify-command.ts';
import { version } from './version.ts';

/** Runs one command and gives its fields of the result document. */
export function runCommand(config: Config, surroundings: Surroundings): Promise<Ran> {
  switch (config.command) {
    case 'backup':
      return runBackup(config, surroundings);
    case 'list':
      return runList(config, surroundings);
    case 'verify':
      return runVerify(config, surroundings);
    case 'restore':
      return runRestore(config, surroundings);
    case 'prune':
      return runPrune(config, surroundings);
    case 'lifecycle':
      return runLifecycle(config, surroundings);
    case 'check':
      return runCheck(config, surroundings);
    case 'keygen':
      return runKeygen();
    case 'doctor':
      return runDoctor(config, surroundings);
  }
}

async function runBackup(config: BackupConfig, surroundings: Surroundings): Promise<Ran> {
  const codecs = await openCodecs(config.compression, config.encryption, surroundings);
  await using runner = await openRunner(surroundings);
  const connecting = openConfiguredHost(config.host, surroundings);
  // The store's client is loaded while the server answers.
  const opening = openLockingStore(config.store, config.lock, surroundings);
  opening.catch(() => {});
  await using host = await connecting;
  const store = await opening;
  const { compression, name, policy, failOnShrink, dryRun, verify, keys } = config;
  const result = await backup({
    ...surroundings,
    name,
    policy,
    failOnShrink,
    dryRun,
    store,
    runner,
    engines: openEngines(config, host, runner, surroundings),
    codecs,
    inTheClear: config.encryption?.kind === 'none',
    signer: config.signer,
    verifier: config.verifier,
    compressOn: compression.codec === 'none' ? 'runner' : compression.on,
    verifyAfter:
      verify && ((manifest) => verifyWith({ store, manifest, verify, keys, runner, surroundings })),
    assertions: verify?.assertions ?? [],
    toolVersion: version,
    now: () => new Date(),
  });
  const own = {
    command: 'backup' as const,
    dryRun,
    backup: describeBackup(result),
    verified: result.verified && {
      level: result.verified.level,
      verdict: result.verified.verdict,
      databases: result.verified.databases,
    },
    kept: result.retention?.kept ?? [],
    pruned: result.retention?.pruned ?? [],
  };
  return { own, failure: result.failure };
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
  { name, store: settings, all }: ConfigOf<'list'>,
  surroundings: Surroundings,
): Promise<Ran> {
  const store = await openStore(settings, surroundings);
  const found = await list({ ...surroundings, store, name, all, now: new Date() });
  const { backups, leftovers, otherNames } = found;
  const own = {
    command: 'list' as const,
    otherNames,
    backups: backups.map((backup) => ({
      ...backup,
      createdAt: backup.createdAt.toISOString(),
      verified: backup.verified && { level: backup.verified.level, at: backup.verified.at.toISOString() },
    })),
    leftovers: leftovers.map(({ createdAt, uploads, ...leftover }) => ({
      ...leftover,
      createdAt: createdAt.toISOString(),
      ...(uploads && {
        uploads: uploads.map(({ key, startedAt }) => ({ key, startedAt: startedAt.toISOString() })),
      }),
    })),
  };
  return { own, failure: null };
}

async function runPrune(
  { name, store: settings, policy, verifier, dryRun }: ConfigOf<'prune'>,
  surroundings: Surroundings,
): Promise<Ran> {
  const store = await openStore(settings, surroundings);
  const now = new Date();
  const { kept, pruned, denied, stuck } = await prune({
    ...surroundings,
    store,
    name,
    policy,
    verifier,
    dryRun,
    now,
  });
  return { own: { command: 'prune', dryRun, kept, pruned }, failure: denied ?? stuck };
}

/** What is printed here is shown once and kept nowhere. */
async function runKeygen(): Promise<Ran> {
  const own = { command: 'keygen' as const, age: await newAgeKeys(), signing: newSigningKeys() };
  return { own, failure: null };
}

async function runCheck(
  { name, store: settings, maxAge, maxVerifiedAge }: ConfigOf<'check'>,
  surroundings: Surroundings,
): Promise<Ran> {
  const store = await openStore(settings, surroundings);
  const now = new Date();
  const found = await check({ ...surroundings, store, name, maxAge, maxVerifiedAge, now });
  const { newest, newestVerified, failure } = found;
  return { own: { command: 'check', newest, newestVerified, stale: failure !== null }, failure };
}

/** Asks the store nothing: what it prints is for whoever owns the bucket. */
async function runLifecycle(
  { name, store: { prefix }, policy }: ConfigOf<'lifecycle'>,
  { reporter }: Surroundings,
): Promise<Ran> {
  const { rules, notes } = lifecycleOf(policy, `${prefix === '' ? '' : `${prefix}/`}${backupsFolder(name)}`);
  for (const note of notes) reporter.info(note);
  return { own: { command: 'lifecycle', rules, notes }, failure: null };
}
