import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';
import { age } from '../app/render.ts';
import type {
  BackupDocument,
  ErrorDocument,
  KeptDocument,
  PrunedDocument,
  ResultDocument,
} from '../app/result.ts';

/** More rows than this say nothing more, and a summary over 1 MiB is dropped by the platform. */
const longestTable = 100;

/** The job summary, as Markdown: what happened, where it is, and how to get it back. */
export function summarize(document: ResultDocument): string {
  const parts = [heading(document)];
  if ('error' in document && document.error !== undefined) parts.push(failure(document.error));
  if ('backups' in document) parts.push(listed(document));
  if ('backup' in document && document.backup !== null) parts.push(stored(document, document.backup));
  if ('kept' in document) parts.push(decisions(document));
  if (document.warnings.length > 0) parts.push(bullets('Warnings', document.warnings));
  if ('backup' in document && document.backup !== null) parts.push(recovery(document.backup));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
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

function listed({
  backups,
  leftovers,
}: Extract<ResultDocument, { command: 'list'; ok: boolean; backups: unknown }>): string {
  const rows = backups.map(({ id, ageSeconds, databases, storedBytes, verified }) => [
    code(id),
    age(ageSeconds),
    databases.map(({ name }) => code(name)).join(', '),
    prettyBytes(storedBytes),
    verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`,
  ]);
  const remains = leftovers.length === 0 ? '' : `\n\n${leftovers.length} leftovers of runs that failed.`;
  if (rows.length === 0) return `No backups.${remains}`;
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
