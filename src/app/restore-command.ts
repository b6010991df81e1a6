import type { RestoreConfig, TargetConfig } from '../config/config.ts';
import { fetchFiles } from '../core/fetch-files.ts';
import { isNamed, restore } from '../core/restore.ts';
import { type SelectedBackup, selectBackup } from '../core/select-backup.ts';
import type { Store } from '../core/store.ts';
import type { Ran } from './command.ts';
import {
  codecOpener,
  openConfiguredHost,
  openRunner,
  openStore,
  openTarget,
  type Surroundings,
} from './open.ts';
import { safetyCodecs } from './safety-codecs.ts';
import { version } from './version.ts';

type Folder = Extract<TargetConfig, { kind: 'folder' }>;
type DatabaseTarget = Extract<TargetConfig, { kind: 'database' }>;

export async function runRestore(config: RestoreConfig, surroundings: Surroundings): Promise<Ran> {
  const { name, selector, verifier, target } = config;
  const store = await openStore(config.store, surroundings);
  const selected = await selectBackup({ ...surroundings, store, name, selector, verifier });
  return target.kind === 'folder'
    ? runFetch(config, target, selected, store, surroundings)
    : runSwap(config, target, selected, store, surroundings);
}

async function runFetch(
  { dryRun, keys }: RestoreConfig,
  { path, only }: Folder,
  { manifest }: SelectedBackup,
  store: Store,
  surroundings: Surroundings,
): Promise<Ran> {
  await using host = await openRunner(surroundings);
  const request = { ...surroundings, store, manifest, only, folder: path, host, dryRun };
  const files = await fetchFiles({ ...request, codecById: codecOpener(keys, surroundings) });
  const chosen = manifest.databases.filter(
    (entry) => only.length === 0 || only.some((name) => isNamed(entry, name)),
  );
  const databases = chosen.map(({ name }) => name);
  const nothing = { safetyBackup: null, previous: null, goBack: [] };
  const own = {
    command: 'restore' as const,
    dryRun,
    backup: manifest.id,
    target: `file:${path}`,
    databases,
    files,
  };
  return { own: { ...own, ...nothing }, failure: null };
}

async function runSwap(
  { dryRun, keys, signer, verifier, ...rest }: RestoreConfig,
  config: DatabaseTarget,
  selected: SelectedBackup,
  store: Store,
  surroundings: Surroundings,
): Promise<Ran> {
  const { only, confirm, force, stop, start } = config;
  await using runner = await openRunner(surroundings);
  await using host = await openConfiguredHost(config.host, surroundings);
  await using stack = new AsyncDisposableStack();
  const machine = needsMachine(config)
    ? stack.use(await openConfiguredHost({ ...config.host, container: null }, surroundings))
    : host;
  const target = openTarget(config.database, host, runner, surroundings);
  const result = await restore({
    ...surroundings,
    store,
    selected,
    target,
    ...{ only, confirm, force, dryRun },
    hooks: { host: machine, stop, start },
    codecById: codecOpener(keys, surroundings),
    safety: {
      codecs: await safetyCodecs(
        { ...rest, dryRun, keys, signer, verifier },
        selected.manifest,
        surroundings,
      ),
      signer,
      verifier,
      compressOn: 'auto',
      toolVersion: version,
      now: () => new Date(),
      journal: surroundings.journal,
    },
  });
  const { id, database, safetyBackup, previous, goBack, failure } = result;
  const own = {
    command: 'restore' as const,
    dryRun,
    backup: id,
    target: target.label,
    databases: [database],
  };
  return { own: { ...own, safetyBackup, previous, goBack, files: [] }, failure };
}

/** The app is stopped and started on the machine itself, also when the database is in a container of it. */
function needsMachine({ host: { container }, stop, start }: DatabaseTarget): boolean {
  return container !== null && (stop !== null || start !== null);
}
