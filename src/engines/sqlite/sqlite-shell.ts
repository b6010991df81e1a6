import { compareVersions } from '../../core/compare-versions.ts';
import type { Host } from '../../core/host.ts';
import { runProgram } from '../../core/program.ts';
import { firstFields } from './csv.ts';
import { mapBytes } from './script-parts.ts';
import { dotArgument, fileUri } from './sqlite-quote.ts';
import {
  busyTimeoutMs,
  doneMark,
  linesOf,
  outputText,
  readSettlement,
  type SqliteTool,
  settleStatements,
  settleTimeoutMs,
} from './sqlite-tool.ts';

/** The program `sqlite3`. */
export function sqliteShell(version: string): SqliteTool {
  // No ~/.sqliterc (it may print, or run commands), no prompt, stop at the first error.
  const quiet = ['sqlite3', '-batch', '-bail', '-noheader', '-init', '/dev/null'] as const;
  const shell = [...quiet, '-list'] as const;
  // Without the functions and commands that reach other files.
  const safe = compareVersions(version, '3.37') >= 0 ? ['-safe'] : [];
  return {
    sqliteVersion: version,
    label: `sqlite3 ${version}`,
    method: 'sqlite3 .backup inside a read transaction',
    copyProgram({ live, copy }) {
      const stdin = [
        `.timeout ${busyTimeoutMs}`,
        'BEGIN;',
        // BEGIN alone takes no lock; the first read does, and holds the state of this moment.
        'SELECT count(*) FROM sqlite_master;',
        `.backup ${unsynced(version)}main ${dotArgument(copy)}`,
        'COMMIT;',
        `.print ${doneMark}`,
        '',
      ].join('\n');
      return { reading: [...shell, '-readonly', live], writing: [...shell, fileUri(live, 'mode=rw')], stdin };
    },
    query: (host, file, statements, options) =>
      linesOf(host, [...shell, fileUri(file, 'immutable=1')], `${mapped(host)}${ended(statements)}`, options),
    async firstColumn(host, file, sql, options) {
      const argv = [...quiet, '-csv', ...safe, fileUri(file, 'immutable=1')] as const;
      return firstFields(await outputText(host, [argv[0], ...argv.slice(1)], ended([sql]), options));
    },
    async settle(host, live, signal) {
      const stdin = `.timeout ${settleTimeoutMs}\n${ended(settleStatements)}`;
      return readSettlement(await runProgram(host, [...shell, fileUri(live, 'mode=rw')], { stdin, signal }));
    },
  };
}

/** Nobody needs a copy that a crash of the machine cut short. 3.34 of 2020 is known to have the option. */
export function unsynced(version: string): string {
  return compareVersions(version, '3.34') >= 0 ? '--async ' : '';
}

/** Reads the file through the page cache, without a copy of each page; what the pragma says is not asked for. */
const mapped = ({ remote }: Host): string =>
  `.once /dev/null\nPRAGMA mmap_size=${remote ? mapBytes.remote : mapBytes.here};\n`;

function ended(statements: readonly string[]): string {
  return statements.map((statement) => `${statement}\n;\n`).join('');
}
