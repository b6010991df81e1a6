import type { ConfigOf, KeysConfig, VerifySettings } from '../config/config.ts';
import type { Host } from '../core/host.ts';
import type { Manifest } from '../core/manifest.ts';
import { selectBackup } from '../core/select-backup.ts';
import type { Store } from '../core/store.ts';
import { type VerifyResult, verify } from '../core/verify.ts';
import type { Ran } from './command.ts';
import { codecOpener, openRunner, openScratchEngine, openStore, type Surroundings } from './open.ts';
import { version } from './version.ts';

export async function runVerify(config: ConfigOf<'verify'>, surroundings: Surroundings): Promise<Ran> {
  const { name, selector, keys, verifier } = config;
  const store = await openStore(config.store, surroundings);
  await using runner = await openRunner(surroundings);
  const { manifest } = await selectBackup({ ...surroundings, store, name, selector, verifier });
  const result = await verifyWith({ store, manifest, verify: config.verify, keys, runner, surroundings });
  const { id, level, verdict, databases, failure } = result;
  return { own: { command: 'verify', backup: id, level, verdict, databases }, failure };
}

export interface VerifyWith {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly verify: VerifySettings;
  readonly keys: KeysConfig;
  readonly runner: Host;
  readonly surroundings: Surroundings;
}

export function verifyWith({
  store,
  manifest,
  verify: settings,
  keys,
  runner,
  surroundings,
}: VerifyWith): Promise<VerifyResult> {
  return verify({
    ...surroundings,
    store,
    manifest,
    level: settings.level,
    assertions: settings.assertions,
    engineById: (id) => openScratchEngine(id, settings, runner, surroundings),
    codecById: codecOpener(keys, surroundings),
    toolVersion: version,
    now: () => new Date(),
  });
}
