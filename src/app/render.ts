import Table from 'cli-table3';
import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';
import type { HoldfastError } from '../core/errors.ts';
import { ConfigError } from '../core/errors.ts';
import {
  type BackupDocument,
  type CheckDocument,
  type DoctorDocument,
  documentOf,
  isIntact,
  type KeptDocument,
  type KeygenDocument,
  type LifecycleDocument,
  type ListDocument,
  type PruneDocument,
  type RestoreDocument,
  type ResultDocument,
  type VerdictDocument,
} from './result.ts';

/** What a command has to tell people, from its result document alone. */
export function renderResult(document: ResultDocument): string {
  const [backup, list, prune] = [
    documentOf(document, 'backup'),
    documentOf(document, 'list'),
    documentOf(document, 'prune'),
  ];
  const [verify, restore, check] = [
    documentOf(document, 'verify'),
    documentOf(document, 'restore'),
    documentOf(document, 'check'),
  ];
  const lifecycle = documentOf(document, 'lifecycle');
  if (lifecycle !== null) return renderLifecycle(lifecycle);
  const doctor = documentOf(document, 'doctor');
  if (doctor !== null) return renderDoctor(doctor);
  if (backup !== null) return renderBackup(backup);
  if (list !== null) return renderList(list);
  if (prune !== null) return renderPrune(prune);
  if (verify !== null) return renderVerdict(verify.backup, verify);
  if (restore !== null) return renderRestore(restore);
  if (check !== null) return renderCheck(check);
  const keygen = documentOf(document, 'keygen');
  return keygen === null ? '' : renderKeygen(keygen);
}

/** One line, and one with the remedy; for wrong settings a pair for each. */
export function renderError(error: HoldfastError): string {
  const problems = error instanceof ConfigError ? error.problems : [error];
  return problems
    .flatMap(({ message, hint }) => [`Error: ${message}`, ...(hint === undefined ? [] : [`  → ${hint}`])])
    .join('\n');
}

function renderList({ backups, leftovers, name, store }: ListDocument): string {
  const table = plainTable(['ID', 'AGE', 'DATABASES', 'SIZE', 'VERIFIED']);
  for (const { id, ageSeconds, databases, storedBytes, verified, safety, missing } of backups) {
    table.push([
      id,
      age(ageSeconds),
      missing
        ? 'its objects are MISSING'
        : databases.map((database) => `${database.name} ${prettyBytes(database.storedBytes)}`).join(', '),
      prettyBytes(storedBytes),
      `${verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`}${safety ? ', made by a restore' : ''}`,
    ]);
  }
  const shown = leftovers.filter(({ uploads }) => uploads !== undefined);
  for (const leftover of shown) {
    const { id, ageSeconds, storedBytes } = leftover;
    table.push([id, age(ageSeconds), describeLeftover(leftover), prettyBytes(storedBytes), 'incomplete']);
  }
  const rows = backups.length + shown.length;
  const hidden = leftovers.length - shown.length;
  return [
    ...(backups.length === 0 ? [`No backups of ${name} in ${store}.`] : []),
    ...(rows === 0 ? [] : [table.toString()]),
    ...(hidden === 0 ? [] : [`Leftovers of ${hidden} runs that failed: \`list --all\` shows them.`]),
    ...(shown.length === 0 ? [] : ['A prune removes what is incomplete once it is older than a day.']),
  ].join('\n');
}

/** `leftover: 2 objects, 1 unfinished upload`. */
export function describeLeftover({
  keys,
  uploads = [],
}: Pick<ListDocument['leftovers'][number], 'keys' | 'uploads'>): string {
  const count = (number: number, what: string): string[] =>
    number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`];
  return `leftover: ${[...count(keys.length, 'object'), ...count(uploads.length, 'unfinished upload')].join(', ')}`;
}

function renderBackup(document: BackupDocument): string {
  const { backup, store, durationMs, dryRun } = document;
  const decisions = renderDecisions(document);
  if (backup === null) return ['Dry run: nothing was stored.', ...decisions].join('\n');
  const table = plainTable(['DATABASE', 'PLAIN', 'STORED', 'SNAPSHOT', 'OBJECT']);
  for (const { name, plainBytes, storedBytes, snapshot, key } of backup.databases) {
    table.push([
      name,
      prettyBytes(plainBytes),
      prettyBytes(storedBytes),
      prettyMilliseconds(snapshot.durationMs),
      key,
    ]);
  }
  return [
    `${dryRun ? 'Would back up' : 'Backed up'} to ${store} in ${prettyMilliseconds(durationMs)}: ${backup.id}`,
    table.toString(),
    ...(document.verified === null ? [] : [renderVerdict(backup.id, document.verified)]),
    ...decisions,
    'To get it back without Holdfast:',
    ...backup.databases.flatMap(({ recovery }) => recovery.map((command) => `  ${command}`)),
  ].join('\n');
}

const verdictWords = {
  ok: 'is good',
  damaged: 'is DAMAGED',
  unknown: 'could not be verified, which says nothing about it',
} as const;

function renderVerdict(id: string, document: VerdictDocument): string {
  const { level, verdict, databases } = document;
  const table = plainTable(['DATABASE', 'VERDICT', 'DETAIL']);
  for (const { name, verdict: its, detail, intact } of databases)
    table.push([name, intact ? 'not as asserted' : its, detail]);
  const words = isIntact(document) ? 'does not hold what `assert` demands' : verdictWords[verdict];
  return [`Backup ${id} ${words} (level ${level}).`, table.toString()].join('\n');
}

function renderRestore({
  dryRun,
  backup,
  target,
  databases,
  safetyBackup,
  previous,
  goBack,
  files,
}: RestoreDocument): string {
  if (dryRun) return 'Dry run: nothing was changed.';
  if (files.length > 0) return [`Fetched from ${backup}:`, ...files.map((file) => `  ${file}`)].join('\n');
  return [
    `${target} is now ${databases.join(', ')} of ${backup}.`,
    ...(safetyBackup === null ? [] : [`Safety backup of what was there: ${safetyBackup}`]),
    ...(previous === null ? [] : [`What was there is kept as ${previous}; to put it back:`]),
    ...goBack.map((command) => `  ${command}`),
  ].join('\n');
}

function renderCheck({ newest, newestVerified, stale }: CheckDocument): string {
  if (newest === null) return 'There is no backup.';
  const verified =
    newestVerified === null
      ? 'none is verified'
      : `newest verified ${newestVerified.id}, ${age(newestVerified.ageSeconds)} old`;
  return `${stale ? 'Stale' : 'Fresh'}: newest ${newest.id}, ${age(newest.ageSeconds)} old; ${verified}.`;
}

function renderKeygen({
  age: { identity, recipient },
  signing: { signKey, verifyKey },
}: KeygenDocument): string {
  return [
    'Shown once, kept nowhere: store the secret ones in a password manager now.',
    '',
    'encrypt-to (public: into the workflow)',
    `  ${recipient}`,
    'identity (SECRET: where you restore, never into the workflow that makes backups)',
    `  ${identity}`,
    '',
    'sign-key (SECRET: a secret of the workflow that makes backups)',
    `  ${signKey}`,
    'verify-key (public: into workflows that verify, restore or prune)',
    `  ${verifyKey}`,
  ].join('\n');
}

/** For `aws s3api put-bucket-lifecycle-configuration --lifecycle-configuration`. */
export function renderLifecycle({ rules }: LifecycleDocument): string {
  return JSON.stringify({ Rules: rules }, null, 2);
}

const levelWords = { ok: 'ok', warn: 'WARNING', fail: 'FAILED', skip: 'skipped' } as const;

function renderDoctor({ checks, ok }: DoctorDocument): string {
  const table = plainTable(['CHECK', 'RESULT', 'DETAIL']);
  for (const { id, level, detail, hint } of checks) {
    table.push([id, levelWords[level], hint === null ? detail : `${detail} → ${hint}`]);
  }
  return [table.toString(), ok ? 'A backup can be made.' : 'A backup would fail.'].join('\n');
}

function renderPrune(document: PruneDocument): string {
  return renderDecisions(document).join('\n') || `No backups of ${document.name} in ${document.store}.`;
}

function renderDecisions({
  kept,
  pruned,
  dryRun,
}: Pick<PruneDocument, 'kept' | 'pruned' | 'dryRun'>): string[] {
  if (kept.length === 0 && pruned.length === 0) return [];
  const table = plainTable(['BACKUP', 'DECISION', 'WHY']);
  const rows: (readonly [string, string, string])[] = [
    ...kept.map(({ id, reasons }: KeptDocument) => [id, 'keep', reasons.join(', ')] as const),
    ...pruned.map(
      ({ id, storedBytes }) =>
        [id, dryRun ? 'would remove' : 'removed', `no rule keeps it (${prettyBytes(storedBytes)})`] as const,
    ),
  ];
  // Ids sort by time.
  for (const row of rows.sort(([a], [b]) => (a < b ? 1 : -1))) table.push([...row]);
  return [table.toString()];
}

/** `3h`, `2d 4h`: the two largest units. */
export function age(seconds: number): string {
  if (seconds < 0) return 'in the future';
  return seconds === 0 ? 'now' : prettyMilliseconds(seconds * 1000, { unitCount: 2 });
}

function plainTable(head: string[]): InstanceType<typeof Table> {
  const none = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ];
  const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  const chars = Object.fromEntries([...none, ...inner].map((name) => [name, '']));
  return new Table({
    head,
    chars: { ...chars, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
}
