import { type BackupRequest, backup } from './backup.ts';
import { newBackupId } from './backup-id.ts';
import { ConfigError, HoldfastError, retold, throwIfCancelled } from './errors.ts';
import { type Hooks, runHook } from './hooks.ts';
import { plainFileOf } from './keys.ts';
import type { ManifestDatabase } from './manifest.ts';
import { proveLoaded } from './prove-loaded.ts';
import { openObject, type ReadRequest, readObject } from './read-object.ts';
import type { Reporter } from './reporter.ts';
import type { SelectedBackup } from './select-backup.ts';
import type { Store } from './store.ts';
import type { Staged, Swapped, Target, TargetState } from './target.ts';

export interface RestoreRequest {
  readonly store: Store;
  readonly selected: SelectedBackup;
  /** The database of the backup to take; `null`: the only one that fits. */
  readonly only: string | null;
  readonly target: Target;
  /** What the user typed. */
  readonly confirm: string | null;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly hooks: Hooks;
  readonly codecById: (id: string) => ReadRequest['codecs'][number];
  /** How the safety backup is made; its engine is the target's own. */
  readonly safety: Pick<
    BackupRequest,
    'codecs' | 'compressOn' | 'runner' | 'signer' | 'verifier' | 'toolVersion' | 'now' | 'journal'
  >;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface RestoreResult {
  readonly id: string;
  readonly database: string;
  readonly state: TargetState['state'];
  /** Id of the backup of what was there; `null` when nothing was, or on a dry run. */
  readonly safetyBackup: string | null;
  /** Where the old database is kept. */
  readonly previous: string | null;
  readonly goBack: readonly string[];
  /** Set when the new database is in place, but something after it failed. */
  readonly failure: HoldfastError | null;
}

/**
 * Shows what will happen and asks for the typed name; makes the new database whole beside the target and proves it; backs
 * up what is there; and only then swaps the two. Whatever fails, the target is what it was, or the new one whole.
 */
export async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const { target, reporter, selected, confirm, dryRun, signal } = request;
  const entry = chooseEntry(request);
  const found = await reporter.step(`Look at ${target.label}`, () => target.inspect({ signal }));
  for (const line of describe(request, entry, found)) reporter.info(line);
  const nothing = { safetyBackup: null, previous: null, goBack: [], failure: null };
  const result = { id: selected.manifest.id, database: entry.name, state: found.state };
  if (!dryRun || confirm !== null) assertConfirmed(request, found);
  if (dryRun) {
    await reporter.step(`Open ${entry.name}`, () => open(request, entry));
    return { ...result, ...nothing };
  }
  assertFree(request, found);
  let safetyBackup: string | null = null;
  try {
    await using staged = await stageAndProve(request, entry);
    safetyBackup = found.state === 'present' ? await backUpTarget(request) : null;
    throwIfCancelled(signal);
    const { swapped, failure } = await swapBetweenHooks(request, staged, found, safetyBackup);
    reporter.info(`${target.label} is now ${entry.name} of ${selected.manifest.id}.`);
    return { ...result, safetyBackup, failure, ...swapped };
  } catch (error) {
    throw unchanged(error, target, safetyBackup);
  }
}

/** The database of the backup that is meant for the target. */
function chooseEntry({ selected, only, target }: RestoreRequest): ManifestDatabase {
  const { databases, id } = selected.manifest;
  const fitting = databases.filter(({ engine, key }) => engine === target.engine && isDatabase(key));
  const wanted = only === null ? fitting : databases.filter((entry) => isNamed(entry, only));
  const [entry, ...others] = wanted;
  const names = databases.map(({ name }) => name).join(', ');
  if (entry === undefined) {
    const what = only === null ? `no ${target.engine} database` : `no database ${JSON.stringify(only)}`;
    throw wrongChoice(`The backup ${id} holds ${what} to restore to ${target.label}.`, `It holds ${names}.`);
  }
  if (others.length > 0) {
    const hint = `Choose one with \`only\`: ${wanted.map(({ name }) => name).join(', ')}.`;
    throw wrongChoice(`The backup ${id} holds several databases for ${target.label}.`, hint);
  }
  if (entry.engine !== target.engine) {
    const message = `${entry.name} of the backup ${id} is of the engine ${entry.engine}, but \`to\` is ${target.label}.`;
    throw wrongChoice(message, 'Restore a database only to one of its own kind.');
  }
  return entry;
}

/** `app` or, as in the listing of a folder, `app.sqlite3`. */
export function isNamed({ name, key }: Pick<ManifestDatabase, 'name' | 'key'>, wanted: string): boolean {
  return wanted === name || wanted === plainFileOf(key).file;
}

/** Roles of a server belong to no database. */
function isDatabase(key: string): boolean {
  return plainFileOf(key).file !== 'globals.sql';
}

function wrongChoice(message: string, hint: string): HoldfastError {
  return new HoldfastError(message, { code: 'restore.choice', input: 'only', hint });
}

function describe(
  { selected, target, confirm, force, hooks }: RestoreRequest,
  entry: ManifestDatabase,
  { state, inUse }: TargetState,
): string[] {
  const { id, createdAt } = selected.manifest;
  const rows = Object.values(entry.fingerprint.tables);
  const what = {
    absent: 'It is not there and will be made.',
    empty: 'It is empty and will be replaced.',
    present: 'It is there: it is backed up first, then replaced, and kept beside the new one.',
  }[state];
  return [
    `Restore ${entry.name} of backup ${id} (${createdAt}): ${entry.plainBytes} bytes, ${counted(rows.length, 'table')}, ${counted(
      rows.reduce((sum, count) => sum + count, 0),
      'row',
    )}.`,
    `Target: ${target.label}. ${what}`,
    ...(inUse === null ? [] : [`It is in use by ${inUse}${force ? ', which `force` overrides' : ''}.`]),
    ...(hooks.stop === null ? [] : [describeStop(hooks.stop, state)]),
    ...(hooks.start === null ? [] : [`After it, whatever happens, runs: ${hooks.start}`]),
    ...(state === 'present' && confirm !== target.name
      ? [`To go on, confirm with the name: ${target.name}`]
      : []),
  ];
}

function describeStop(command: string, state: TargetState['state']): string {
  return state === 'absent'
    ? `As nothing is replaced, this does not run: ${command}`
    : `Before the swap runs: ${command}`;
}

function assertConfirmed({ target, confirm }: RestoreRequest, { state }: TargetState): void {
  if (state !== 'present' || confirm === target.name) return;
  throw new ConfigError([
    {
      input: 'confirm',
      message:
        confirm === null
          ? `${target.label} is there and would be replaced, but \`confirm\` is not set.`
          : `\`confirm\` is ${JSON.stringify(confirm)}, which is not the name of ${target.label}.`,
      hint: `Type the name of the database that is replaced: \`confirm: ${target.name}\`.`,
    },
  ]);
}

/** With a stop hook the swap itself looks again, when it counts. */
function assertFree({ target, force, hooks }: RestoreRequest, { inUse }: TargetState): void {
  if (inUse === null || force || hooks.stop !== null) return;
  throw new HoldfastError(`${target.label} is in use by ${inUse}; nothing was changed.`, {
    code: 'restore.in-use',
    input: 'force',
    hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or override with `force: true`.',
  });
}

/** A dry run that says fine must not be followed by a restore that lacks the key. */
async function open(request: RestoreRequest, entry: ManifestDatabase): Promise<void> {
  const { store, codecById, reporter, signal } = request;
  await openObject({ store, entry, codecs: entry.codecs.map(codecById), reporter, signal });
}

async function stageAndProve(request: RestoreRequest, entry: ManifestDatabase): Promise<Staged> {
  const { store, codecById, target, force, reporter, signal } = request;
  const { engineVersion, plainBytes } = entry;
  const { extension } = plainFileOf(entry.key);
  const codecs = entry.codecs.map(codecById);
  return reporter.step(`Load ${entry.name} beside the target and check it`, async () => {
    await using stack = new AsyncDisposableStack();
    const { result } = await readObject({ store, entry, codecs, reporter, signal }, (plain, packed) =>
      target.stage({ plain, packed, plainBytes, extension, engineVersion, signal }),
    );
    const staged = stack.use(result);
    const goOn = ({ message }: Error): void =>
      reporter.warn(`${message} Every table has its rows; going on, because of \`force\`.`);
    reporter.info(await proveLoaded(staged, entry, [], force ? goOn : undefined));
    stack.move();
    return staged;
  });
}

async function backUpTarget(request: RestoreRequest): Promise<string | null> {
  const { target, safety, store, selected, force, reporter, signal } = request;
  try {
    const { manifest } = await reporter.step('Back up what is there', () =>
      backup({
        ...safety,
        name: selected.manifest.name,
        engines: [target.source],
        store,
        policy: null,
        failOnShrink: false,
        verifyAfter: null,
        purpose: 'safety',
        dryRun: false,
        reporter,
        signal,
      }),
    );
    return manifest?.id ?? null;
  } catch (error) {
    throwIfCancelled(signal);
    if (!(error instanceof HoldfastError)) throw error;
    const message = `The safety backup of what is there failed: ${error.message}`;
    if (!force) {
      const hint =
        'The old database would be kept beside the new one all the same: set `force: true` to go on without the safety backup.';
      throw new HoldfastError(message, { code: 'restore.safety', input: 'force', hint, cause: error });
    }
    reporter.warn(`${message} Going on, because of \`force\`; the old database is kept beside the new one.`);
    return null;
  }
}

/** The start hook runs whatever became of the swap, also after a cancellation. */
async function swapBetweenHooks(
  request: RestoreRequest,
  staged: Staged,
  { state }: TargetState,
  safetyBackup: string | null,
): Promise<{ readonly swapped: Swapped; readonly failure: HoldfastError | null }> {
  const { hooks, force, safety, reporter, target } = request;
  const outcome = await attempt(async () => {
    // Where nothing is replaced there is no app to stop, and on a new server not even the command's unit.
    if (state !== 'absent') await runHook(hooks, 'stop', reporter);
    const id = safetyBackup ?? newBackupId(safety.now());
    return reporter.step(`Swap ${target.label}`, () => staged.swap({ id, force }));
  });
  const started = await attempt(() => runHook(hooks, 'start', reporter));
  if ('error' in outcome) {
    if ('error' in started) reporter.warn(messageOf(started.error));
    throw outcome.error;
  }
  const { error } = { error: undefined, ...started };
  const failure = error === undefined ? null : startFailed(target, error);
  return { swapped: outcome.value, failure };
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

function startFailed(target: Target, error: unknown): HoldfastError {
  const message = `${target.label} is the restored one, but the app was not started: ${messageOf(error)}`;
  if (error instanceof HoldfastError) return retold(error, message);
  return new HoldfastError(message, { code: 'restore.hook', input: 'start', cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Codes of failures after which nobody here knows what the target is. */
const silent: ReadonlySet<string> = new Set(['restore.unknown', 'restore.locked']);

/** Says what has become of the target: nothing, unless even the host can't tell any more. */
function unchanged(error: unknown, target: Target, safetyBackup: string | null): unknown {
  if (!(error instanceof HoldfastError) || silent.has(error.code)) return error;
  const saved = safetyBackup === null ? '' : ` (and in the safety backup ${safetyBackup})`;
  return retold(error, `${error.message} ${target.label} is what it was${saved}.`);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
