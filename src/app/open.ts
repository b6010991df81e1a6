import { ageCodec, assertAgeRecipients } from '../codecs/age.ts';
import { gpgCodec } from '../codecs/gpg.ts';
import { codecById } from '../codecs/registry.ts';
import type {
  BackupConfig,
  CompressionConfig,
  EncryptionConfig,
  HostConfig,
  KeysConfig,
  LockConfig,
  StoreConfig,
  TargetConfig,
  VerifySettings,
} from '../config/config.ts';
import type { Environment } from '../config/read.ts';
import type { Codec } from '../core/codec.ts';
import type { Engine } from '../core/engine.ts';
import type { Host } from '../core/host.ts';
import type { Journal } from '../core/journal.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Store } from '../core/store.ts';
import type { Target } from '../core/target.ts';
import { clientInstaller } from '../engines/postgres/client-install.ts';
import { PostgresEngine } from '../engines/postgres/postgres-engine.ts';
import { PostgresTarget } from '../engines/postgres/postgres-target.ts';
import { GatedSqliteEngine } from '../engines/sqlite/gated-engine.ts';
import { SqliteEngine } from '../engines/sqlite/sqlite-engine.ts';
import { SqliteTarget } from '../engines/sqlite/sqlite-target.ts';
import { openHost } from '../hosts/open-host.ts';
import { openFolderStore } from '../stores/folder-store.ts';
import type { S3Settings } from '../stores/s3-client.ts';
import { openS3Store } from '../stores/s3-store.ts';
import { openClientFolder } from './client-folder.ts';

/** What the app lives in: given by the face, so that nothing below reads it by itself. */
export interface Surroundings {
  readonly env: Environment;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** How long a peer may be silent before it is given up, in milliseconds. */
  readonly stallMs: number;
  /** Hears of what the run begins in the store. */
  readonly journal: Journal;
}

/** What is put into it is locked where that is asked for. */
export async function openLockingStore(
  config: StoreConfig,
  lock: LockConfig | null,
  surroundings: Surroundings,
): Promise<Store> {
  if (config.kind === 'folder' || lock === null) return openStore(config, surroundings);
  return openS3Store({ ...s3SettingsOf(config, surroundings), lock }, surroundings.signal);
}

export async function openStore(config: StoreConfig, surroundings: Surroundings): Promise<Store> {
  if (config.kind === 'folder') return openFolderStore(config.path);
  return openS3Store(s3SettingsOf(config, surroundings));
}

export function s3SettingsOf(
  { bucket, prefix, endpoint, region, key }: Extract<StoreConfig, { kind: 's3' }>,
  { stallMs, journal }: Surroundings,
): S3Settings {
  return {
    ...{ bucket, prefix, endpoint, region, accessKeyId: key?.id, secretAccessKey: key?.secret, stallMs },
    onUpload: (upload) => journal.upload(upload),
  };
}

export async function openConfiguredHost(
  { ssh, container, sudo, gated }: HostConfig,
  { env, reporter, signal, stallMs }: Surroundings,
): Promise<Host> {
  if (ssh === null) return openHost({ ssh, container, sudo, env, signal, stallMs });
  return reporter.step(`Connect to ${ssh.user}@${ssh.host}`, () =>
    openHost({ ssh, container, sudo, gated, env, signal, stallMs }),
  );
}

export function openEngines(
  { sources, host: { gated } }: Pick<BackupConfig, 'sources' | 'host'>,
  host: Host,
  runner: Host,
  surroundings: Surroundings,
): Engine[] {
  const { sqlite, exclude, postgres, globals, installClient } = sources;
  const { reporter } = surroundings;
  const engines: Engine[] = [];
  if (gated) return [new GatedSqliteEngine({ host, paths: sqlite, exclude })];
  if (sqlite.length > 0) engines.push(new SqliteEngine({ host, paths: sqlite, exclude }));
  if (postgres.length > 0) {
    const install = openInstaller(installClient, surroundings);
    engines.push(new PostgresEngine({ host, runner, urls: postgres, globals, install, reporter }));
  }
  return engines;
}

function openInstaller(wanted: boolean, { env, reporter }: Surroundings) {
  return wanted ? clientInstaller({ folder: () => openClientFolder(env), reporter }) : null;
}

/** An engine that loads backups into scratch databases of this machine; `null` for an id that is not known. */
export function openScratchEngine(
  id: string,
  { scratchUrl, installClient }: VerifySettings,
  runner: Host,
  surroundings: Surroundings,
): Engine | null {
  if (id === 'sqlite') return new SqliteEngine({ host: runner, paths: [], exclude: [] });
  if (id !== 'postgres') return null;
  const { reporter } = surroundings;
  const install = openInstaller(installClient, surroundings);
  const scratch = scratchUrl === null ? {} : { scratchUrl };
  return new PostgresEngine({
    host: runner,
    runner,
    urls: [],
    globals: false,
    install,
    reporter,
    ...scratch,
  });
}

export function openTarget(
  database: Extract<TargetConfig, { kind: 'database' }>['database'],
  host: Host,
  runner: Host,
  surroundings: Surroundings,
): Target {
  if (database.engine === 'sqlite') return new SqliteTarget({ host, path: database.path });
  const { url, jobs, installClient } = database;
  const { reporter } = surroundings;
  const install = openInstaller(installClient, surroundings);
  return new PostgresTarget({ url, jobs, host, runner, install, reporter });
}

/** This machine itself. */
export function openRunner({ env, signal, stallMs }: Surroundings): Promise<Host> {
  return openHost({ ssh: null, container: null, sudo: false, env, signal, stallMs });
}

/** Compression first, encryption after it. */
export async function openCodecs(
  compression: CompressionConfig,
  encryption: EncryptionConfig | null,
  surroundings: Surroundings,
): Promise<Codec[]> {
  const compressing = compression.codec === 'none' ? [] : [codecById(compression.codec, compression.level)];
  return [...compressing, ...(await openEncryption(encryption, surroundings))];
}

export async function openEncryption(
  encryption: EncryptionConfig | null,
  { env }: Surroundings,
): Promise<Codec[]> {
  if (encryption === null || encryption.kind === 'none') return [];
  if (encryption.kind === 'age') {
    await assertAgeRecipients(encryption.recipients);
    return [ageCodec({ recipients: encryption.recipients, identities: [] })];
  }
  const { publicKeys, passphrase } = encryption;
  return [gpgCodec({ publicKeys, passphrase, privateKeys: [], searchPath: env['PATH'] ?? '' })];
}

/** The codecs of stored objects, with the keys that open them. */
export function codecOpener(
  { identities, privateKeys, passphrase }: KeysConfig,
  { env }: Surroundings,
): (id: string) => Codec {
  const searchPath = env['PATH'] ?? '';
  return (id) => {
    if (id === 'age') return ageCodec({ recipients: [], identities });
    if (id === 'gpg') return gpgCodec({ publicKeys: [], passphrase, privateKeys, searchPath });
    return codecById(id);
  };
}
