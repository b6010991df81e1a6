import { randomBytes } from 'node:crypto';
import { rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigOf, StoreConfig } from '../config/config.ts';
import { type Bytes, bytesOf, collect } from '../core/bytes.ts';
import { bad, type Check, doubtful, type Finding, good } from '../core/doctor.ts';
import { StoreError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import { openStore, type Surroundings } from './open.ts';

/** What the checks of a store share. */
export interface StoreTrial {
  readonly config: ConfigOf<'doctor'>;
  readonly store: () => Promise<Store>;
  /** Where the test objects are: below the name, and like no backup. */
  readonly folder: string;
  /** Keys of test objects that are there. */
  readonly made: Set<string>;
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
}

/** What disposing could not remove stays, and the checks have told it. */
export function openTrial(
  config: ConfigOf<'doctor'>,
  stack: AsyncDisposableStack,
  surroundings: Surroundings,
): StoreTrial {
  let opened: Promise<Store> | null = null;
  const store = () => {
    opened ??= openStore(config.store, surroundings);
    return opened;
  };
  const folder = `${config.name}/doctor-${randomBytes(6).toString('hex')}`;
  const made = new Set<string>();
  stack.defer(async () => {
    if (made.size === 0) return;
    const removing = (await store()).remove([...made], { signal: AbortSignal.timeout(5000) });
    await removing.catch(() => {});
  });
  return { config, store, folder, made, surroundings, signal: surroundings.signal };
}

/** Writing, reading and deleting test objects, in any store. @param partBytes an object of more is sent in parts */
export function storeChecks(trial: StoreTrial, partBytes: () => Promise<number>): Check[] {
  const state: { mayDelete: boolean } = { mayDelete: false };
  return [
    { id: 'store.reach', run: () => reach(trial) },
    { id: 'store.list', needs: ['store.reach'], run: () => list(trial) },
    { id: 'store.put', needs: ['store.reach'], run: () => put(trial) },
    { id: 'store.get', needs: ['store.put'], run: () => get(trial) },
    { id: 'store.delete', needs: ['store.put'], run: () => remove(trial, state) },
    {
      id: 'store.multipart',
      needs: ['store.put'],
      run: async () => putLarge(trial, await partBytes(), state.mayDelete),
    },
  ];
}

const sample = 'A test object of `holdfast doctor`.\n';
const smallKey = ({ folder }: StoreTrial): string => `${folder}/small`;

/** Asks for what is not there: to hear that is to have been let in. */
async function reach({ store, folder, signal }: StoreTrial): Promise<Finding> {
  const opened = await store();
  try {
    await collect(opened.get(`${folder}/nothing`, { signal }));
  } catch (error) {
    const answers = ['store.not-found', 'store.denied'];
    if (!(error instanceof StoreError && answers.includes(error.code))) throw error;
  }
  return good(`${opened.label} answers, and knows who asks.`);
}

/** A page of the listing is enough. */
const enough = 1000;

async function list({ config, store, signal }: StoreTrial): Promise<Finding> {
  let count = 0;
  for await (const _ of (await store()).list(`${config.name}/`, { signal })) {
    count += 1;
    if (count === enough) break;
  }
  return good(`${count === enough ? `${enough} or more` : count} objects of ${config.name}.`);
}

async function put(trial: StoreTrial): Promise<Finding> {
  const { store, made, signal } = trial;
  const key = smallKey(trial);
  const { bytes } = await (await store()).put(key, bytesOf(sample), { signal });
  made.add(key);
  return good(`An object of ${bytes} bytes was written.`);
}

async function get(trial: StoreTrial): Promise<Finding> {
  const { store, config, signal } = trial;
  try {
    const read = await collect((await store()).get(smallKey(trial), { signal }));
    if (read.toString() === sample) return good('It was read back, the same.');
    return bad('The test object was read back as something else.', 'Do not use this store for backups.');
  } catch (error) {
    const mayNot = error instanceof StoreError && error.code === 'store.denied';
    if (!mayNot || config.verify !== null) throw error;
    return good('The key may not read: backups work, `verify` and `restore` need another one.');
  }
}

async function remove(trial: StoreTrial, state: { mayDelete: boolean }): Promise<Finding> {
  const { store, config, made, signal } = trial;
  const key = smallKey(trial);
  let reason: string;
  try {
    const { removed, kept, warning } = await (await store()).remove([key], { signal });
    if (removed.includes(key)) {
      made.delete(key);
      state.mayDelete = warning === undefined;
      if (warning === undefined || config.policy === null) return good('It was deleted.');
      return doubtful(
        warning,
        'Allow the key to list and delete versions, or add a lifecycle rule for old ones.',
      );
    }
    reason = kept[0]?.reason ?? 'no reason given';
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'store.denied')) throw error;
    reason = 'AccessDenied';
  }
  return keptBecause(reason, key, trial);
}

function keptBecause(reason: string, key: string, { config }: StoreTrial): Finding {
  if (reason.startsWith('locked'))
    return good(`${key} is ${reason}, as backups will be; it stays until then.`);
  if (config.policy === null) {
    return good(`The key may not delete (${reason}), which is best: nothing is pruned. ${key} stays.`);
  }
  return bad(
    `The key may not delete (${reason}), but keep rules are set: nothing would ever be pruned.`,
    'Allow it s3:DeleteObject on the bucket (on Backblaze B2 deleteFiles), or leave the keep rules out and let a lifecycle rule remove old backups.',
    's3-access-key-id',
  );
}

class Enough extends Error {}

/**
 * Sends more than one part. Where it could not be deleted afterwards, the upload is given up after the first parts,
 * which leaves nothing.
 */
async function putLarge(trial: StoreTrial, partBytes: number, mayDelete: boolean): Promise<Finding> {
  const { store, folder, made, signal } = trial;
  const key = `${folder}/large`;
  const opened = await store();
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  if (!mayDelete) {
    try {
      await opened.put(key, zeros(2 * partBytes, true), { signal });
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
    return good(
      `The first parts of an upload of more than ${megabytes(partBytes)} were taken, and given up again.`,
    );
  }
  const { bytes } = await opened.put(key, zeros(partBytes + 2 ** 20, false), { signal });
  made.add(key);
  const { removed } = await opened.remove([key], { signal });
  if (removed.includes(key)) made.delete(key);
  return good(`An object of ${megabytes(bytes)} was written in parts and deleted.`);
}

async function* zeros(bytes: number, giveUp: boolean): Bytes {
  const chunk = Buffer.alloc(2 ** 20);
  for (let sent = 0; sent < bytes; sent += chunk.byteLength) yield chunk;
  if (giveUp) throw new Enough('enough');
}

/** Folders that the first write makes go again with the last test object. */
export async function rememberFolders(store: StoreConfig, stack: AsyncDisposableStack): Promise<void> {
  if (store.kind !== 'folder') return;
  const missing: string[] = [];
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );
  for (let at = store.path; !(await isThere(at)) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  stack.defer(async () => {
    for (const folder of missing) await rmdir(folder).catch(() => {});
  });
}
