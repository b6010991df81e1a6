import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';
import { age, describeLeftover, renderLifecycle } from '../app/render.ts';
import {
  type BackupDocument,
  type CheckDocument,
  type DoctorDocument,
  documentOf,
  type ErrorDocument,
  isIntact,
  type KeptDocument,
  type LifecycleDocument,
  type ListDocument,
  type PrunedDocument,
  type RestoreDocument,
  type ResultDocument,
  type VerdictDocument,
} from '../app/result.ts';
import { describeOthers } from '../core/other-names.ts';

/** More rows than this say nothing more, and a summary over 1 MiB is dropped by the platform. */
const longestTable = 100;

/** The job summary, as Markdown: what happened, where it is, and how to get it back. */
export function summarize(document: ResultDocument): string {
  const parts = [heading(document)];
  if (document.error !== undefined) parts.push(failure(document.error));
  const own = [
    backedUp(documentOf(document, 'backup')),
    listed(documentOf(document, 'list')),
    verdict(documentOf(document, 'verify')),
    restored(documentOf(document, 'restore')),
    checked(documentOf(document, 'check')),
    lifecycle(documentOf(document, 'lifecycle')),
    examined(documentOf(document, 'doctor')),
  ];
  parts.push(...own);
  if ('kept' in document) parts.push(decisions(document));
  if (document.warnings.length > 0) parts.push(bullets('Warnings', document.warnings));
  const made = documentOf(document, 'backup')?.backup ?? null;
  if (made !== null) parts.push(recovery(made));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The job summary of a run that could not write its own. */
export function summarizeKill(command: string, told: readonly string[]): string {
  return [`### ❌ Holdfast ${command}: killed`, ...told.map((line) => `> ${plain(line)}`)]
    .join('\n\n')
    .concat('\n');
}

function heading(document: ResultDocument): string {
  const { command, ok, name, store, durationMs } = document;
  const verdict = ok ? '✅' : '❌';
  const where = store === '' ? '' : ` in ${code(store)}`;
  const dry = 'dryRun' in document && document.dryRun ? ' (dry run)' : '';
  return `### ${verdict} Holdfast ${command}${dry}: ${name === '' ? 'not started' : code(name)}${where}, ${prettyMilliseconds(durationMs)}`;
}

function failure({ message, hint, problems }: ErrorDocument): string {
  const found = problems ?? [{ message, hint }];
  return found
    .map(
      (problem) =>
        `> ${plain(problem.message)}${problem.hint === null ? '' : `\n>\n> → ${plain(problem.hint)}`}`,
    )
    .join('\n\n');
}

function backedUp(document: BackupDocument | null): string {
  if (document === null || document.backup === null) return '';
  return [stored(document, document.backup), verdict(document.verified)]
    .filter((part) => part !== '')
    .join('\n\n');
}

const verdictSigns = { ok: '✅ ok', damaged: '❌ damaged', unknown: '⚠️ could not be verified' } as const;
const notAsAsserted = '❌ not as asserted';

function verdict(document: VerdictDocument | null): string {
  if (document === null) return '';
  const rows = document.databases.map(({ name, verdict: found, detail, intact }) => [
    code(name),
    intact ? notAsAsserted : verdictSigns[found],
    plain(detail),
  ]);
  const sign = isIntact(document) ? notAsAsserted : verdictSigns[document.verdict];
  const title = `Verify, level ${code(document.level)}: ${sign}`;
  return [title, table(['Database', 'Verdict', 'Detail'], rows)].join('\n\n');
}

function restored(document: RestoreDocument | null): string {
  if (document === null) return '';
  const { dryRun, backup, target, databases, safetyBackup, previous, goBack } = document;
  const lines = [
    `${dryRun ? 'Would restore' : 'Restored'} ${databases.map(code).join(', ')} of backup ${code(backup)} to ${code(target)}.`,
    ...(safetyBackup === null ? [] : [`Safety backup of what was there: ${code(safetyBackup)}.`]),
    ...(previous === null ? [] : [`What was there is kept as ${code(previous)}.`]),
    ...(goBack.length === 0 ? [] : [`To put it back:\n\n~~~sh\n${goBack.join('\n')}\n~~~`]),
  ];
  return lines.join('\n\n');
}

function checked(document: CheckDocument | null): string {
  if (document === null || document.newest === null) return '';
  const { newest, newestVerified } = document;
  const verified =
    newestVerified === null
      ? []
      : [['Newest verified', code(newestVerified.id), age(newestVerified.ageSeconds)]];
  return table(['', 'Backup', 'Age'], [['Newest', code(newest.id), age(newest.ageSeconds)], ...verified]);
}

function lifecycle(document: LifecycleDocument | null): string {
  if (document === null) return '';
  return [bullets('Rules for the bucket', document.notes), `~~~json\n${renderLifecycle(document)}\n~~~`].join(
    '\n\n',
  );
}

const levelSigns = { ok: '✅ ok', warn: '⚠️ warning', fail: '❌ failed', skip: '⏭️ skipped' } as const;

function examined(document: DoctorDocument | null): string {
  if (document === null) return '';
  const rows = document.checks.map(({ id, level, detail, hint }) => [
    code(id),
    levelSigns[level],
    plain(detail),
    plain(hint ?? ''),
  ]);
  return table(['Check', 'Result', 'Detail', 'Remedy'], rows);
}

function stored(
  document: BackupDocument,
  { id, manifestKey, databases }: NonNullable<BackupDocument['backup']>,
): string {
  const rows = databases.map(
    ({ name, source, plainBytes, storedBytes, previousStoredBytes, tables, rows, snapshot }) => [
      code(name),
      plain(source),
      prettyBytes(plainBytes),
      `${prettyBytes(storedBytes)}${change(storedBytes, previousStoredBytes)}`,
      `${rows.toLocaleString('en')} in ${tables} tables`,
      `${plain(snapshot.method)}, ${prettyMilliseconds(snapshot.durationMs)}`,
    ],
  );
  return [
    `Backup ${code(id)}, manifest ${code(`${document.store}/${manifestKey}`)}`,
    table(['Database', 'Source', 'Plain', 'Stored (since the last)', 'Rows', 'Snapshot'], rows),
  ].join('\n\n');
}

/** ` (+3.1 %)`: against the backup before. */
function change(now: number, before: number | null): string {
  if (before === null || before === 0) return ' (first)';
  const percent = ((now - before) / before) * 100;
  return ` (${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %)`;
}

function decisions({
  kept,
  pruned,
}: {
  readonly kept: readonly KeptDocument[];
  readonly pruned: readonly PrunedDocument[];
}): string {
  if (kept.length === 0 && pruned.length === 0) return '';
  const rows = [
    ...kept.map(({ id, reasons }) => [code(id), 'kept', plain(reasons.join(', '))]),
    ...pruned.map(({ id, storedBytes }) => [
      code(id),
      '**removed**',
      `no rule keeps it (${prettyBytes(storedBytes)})`,
    ]),
  ].sort(([a = ''], [b = '']) => (a < b ? 1 : -1));
  const title = `Retention: ${kept.length} kept, ${pruned.length} removed`;
  return `<details><summary>${title}</summary>\n\n${table(['Backup', 'Decision', 'Why'], rows)}\n\n</details>`;
}

function listed(document: ListDocument | null): string {
  if (document === null) return '';
  const { backups, leftovers, otherNames } = document;
  const rows = backups.map(({ id, ageSeconds, databases, storedBytes, verified, missing }) => [
    code(id),
    age(ageSeconds),
    missing ? '❌ its objects are missing' : databases.map(({ name }) => code(name)).join(', '),
    prettyBytes(storedBytes),
    verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`,
  ]);
  for (const leftover of leftovers.filter(({ uploads }) => uploads !== undefined)) {
    const { id, ageSeconds, storedBytes } = leftover;
    rows.push([
      code(id),
      age(ageSeconds),
      describeLeftover(leftover),
      prettyBytes(storedBytes),
      'incomplete',
    ]);
  }
  const remains = leftovers.length === 0 ? '' : `\n\nLeftovers of ${leftovers.length} runs that failed.`;
  const others = otherNames.length === 0 ? '' : ` ${plain(describeOthers(otherNames))}`;
  if (rows.length === 0) return `No backups.${others}${remains}`;
  return table(['Backup', 'Age', 'Databases', 'Size', 'Verified'], rows) + remains;
}

function recovery({ databases }: NonNullable<BackupDocument['backup']>): string {
  const commands = databases.flatMap((database) => [`# ${database.name}`, ...database.recovery]);
  return `<details><summary>How to get it back without Holdfast</summary>\n\n~~~sh\n${commands.join('\n')}\n~~~\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, longestTable);
  const more = rows.length > shown.length ? `\n\n… and ${rows.length - shown.length} more.` : '';
  const lines = [head, head.map(() => '---'), ...shown].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n') + more;
}

function bullets(title: string, lines: readonly string[]): string {
  return [`**${title}**`, '', ...lines.slice(0, longestTable).map((line) => `- ${plain(line)}`)].join('\n');
}

/** Text that Markdown and HTML leave as it is, on one line. */
function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\\`*_{}[\]|~#]/g, '\\$&');
}

function code(text: string): string {
  return `<code>${text.replace(/[\r\n]+/g, ' ').replace(/[&<>|]/g, (char) => `&#${char.charCodeAt(0)};`)}</code>`;
}
