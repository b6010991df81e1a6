import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';
import type { HoldfastError } from '../core/errors.ts';
import { ConfigError } from '../core/errors.ts';
import { describeOthers } from '../core/other-names.ts';
import { plainTable } from './plain-table.ts';
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
export async function renderResult(document: ResultDocument): Promise<string> {
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

async function renderList({ backups, leftovers, otherNames, name, store }: ListDocument): Promise<string> {
  const shown = leftovers.filter(({ uploads }) => uploads !== undefined);
  const rows = [...backups.map(rowOfBackup), ...shown.map(rowOfLeftover)];
  const hidden = leftovers.length - shown.length;
  return [
    ...(backups.length === 0 ? whenNone({ otherNames, name, store }) : []),
    ...(rows.length === 0 ? [] : [await plainTable(['ID', 'AGE', 'DATABASES', 'SIZE', 'VERIFIED'], rows)]),
    ...(hidden === 0 ? [] : [`Leftovers of ${hidden} runs that failed: \`list --all\` shows them.`]),
    ...(shown.length === 0 ? [] : ['A prune removes what is incomplete once it is older than a day.']),
  ].join('\n');
}

function whenNone({
  name,
  store,
  otherNames,
}: Pick<ListDocument, 'name' | 'store' | 'otherNames'>): string[] {
  const none = `No backups of ${name} in ${store}.`;
  return otherNames.length === 0 ? [none] : [none, describeOthers(otherNames)];
}

function rowOfBackup(backup: ListDocument['backups'][number]): string[] {
  const { id, ageSeconds, databases, storedBytes, verified, safety, missing } = backup;
  return [
    id,
    age(ageSeconds),
    missing
      ? 'its objects are MISSING'
      : databases.map((database) => `${database.name} ${prettyBytes(database.storedBytes)}`).join(', '),
    prettyBytes(storedBytes),
    `${verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`}${safety ? ', made by a restore' : ''}`,
  ];
}

function rowOfLeftover(leftover: ListDocument['leftovers'][number]): string[] {
  const { id, ageSeconds, storedBytes } = leftover;
  return [id, age(ageSeconds), describeLeftover(leftover), prettyBytes(storedBytes), 'incomplete'];
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

async function renderBackup(document: BackupDocument): Promise<string> {
  const { backup, store, durationMs, dryRun } = document;
  const decisions = await renderDecisions(document);
  if (backup === null) return ['Dry run: nothing was stored.', ...decisions].join('\n');
  const rows = backup.databases.map(({ name, plainBytes, storedBytes, snapshot, key }) => [
    name,
    prettyBytes(plainBytes),
    prettyBytes(storedBytes),
    prettyMilliseconds(snapshot.durationMs),
    key,
  ]);
  return [
    `${dryRun ? 'Would back up' : 'Backed up'} to ${store} in ${prettyMilliseconds(durationMs)}: ${backup.id}`,
    await plainTable(['DATABASE', 'PLAIN', 'STORED', 'SNAPSHOT', 'OBJECT'], rows),
    ...(document.verified === null ? [] : [await renderVerdict(backup.id, document.verified)]),
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

async function renderVerdict(id: string, document: VerdictDocument): Promise<string> {
  const { level, verdict, databases } = document;
  const rows = databases.map(({ name, verdict: its, detail, intact }) => [
    name,
    intact ? 'not as asserted' : its,
    detail,
  ]);
  const words = isIntact(document) ? 'does not hold what `assert` demands' : verdictWords[verdict];
  const table = await plainTable(['DATABASE', 'VERDICT', 'DETAIL'], rows);
  return [`Backup ${id} ${words} (level ${level}).`, table].join('\n');
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

async function renderDoctor({ checks, ok }: DoctorDocument): Promise<string> {
  const rows = checks.map(({ id, level, detail, hint }) => [
    id,
    levelWords[level],
    hint === null ? detail : `${detail} → ${hint}`,
  ]);
  return [
    await plainTable(['CHECK', 'RESULT', 'DETAIL'], rows),
    ok ? 'A backup can be made.' : 'A backup would fail.',
  ].join('\n');
}

async function renderPrune(document: PruneDocument): Promise<string> {
  return (
    (await renderDecisions(document)).join('\n') || `No backups of ${document.name} in ${document.store}.`
  );
}

async function renderDecisions({
  kept,
  pruned,
  dryRun,
}: Pick<PruneDocument, 'kept' | 'pruned' | 'dryRun'>): Promise<string[]> {
  if (kept.length === 0 && pruned.length === 0) return [];
  const rows: (readonly [string, string, string])[] = [
    ...kept.map(({ id, reasons }: KeptDocument) => [id, 'keep', reasons.join(', ')] as const),
    ...pruned.map(
      ({ id, storedBytes }) =>
        [id, dryRun ? 'would remove' : 'removed', `no rule keeps it (${prettyBytes(storedBytes)})`] as const,
    ),
  ];
  // Ids sort by time.
  rows.sort(([a], [b]) => (a < b ? 1 : -1));
  return [await plainTable(['BACKUP', 'DECISION', 'WHY'], rows)];
}

/** `3h`, `2d 4h`: the two largest units. */
export function age(seconds: number): string {
  if (seconds < 0) return 'in the future';
  return seconds === 0 ? 'now' : prettyMilliseconds(seconds * 1000, { unitCount: 2 });
}
