import { busyTimeoutMs, doneMark } from './sqlite-tool.ts';

/**
 * Parts of the POSIX sh programs that do all of a snapshot on the host. They expect `quiet` and `immutable` as
 * {@link settings} sets them, and the copy as `copy.sqlite3` in the current folder.
 *
 * A gate has them in one line of single quotes: no single quote, no double backslash, no `!` before a word, and a line ends
 * where a `;` can stand.
 */

/** The line between the schema and what the check says. */
export const checkMark = 'holdfast-check';

/**
 * How much of a copy SQLite may map instead of reading page after page, in bytes; more than that on a server it never does
 * (https://www.sqlite.org/mmap.html). The copy was written a moment ago, so that its pages are in memory anyway; here, where people
 * look at the memory of a run, what is mapped would look like ours.
 */
export const mapBytes = { remote: 0x7fff0000, here: 134_217_728 } as const;

export const settings = `
quiet="-batch -bail -noheader -list -init /dev/null"
immutable="file:copy.sqlite3?immutable=1"
`;

/**
 * `is_hot JOURNAL`: it is of a write that was cut short, or goes on just now. SQLite takes such a write back before it reads, for
 * which it must be able to write. One that can't be read may be such a one.
 */
export const isHot = `
is_hot() { [ -s "$1" ] && { [ ! -r "$1" ] || [ "$(head -c 4 "$1" | od -An -tx1 | tr -d " \\n")" = d9d505f9 ]; }; }
`;

/** The line that tells of a hot journal. */
export const hotMark = 'hot yes';

/**
 * Of `live`, whose header says WAL where `wal` is true: `is_there`, a file with something in it; `must_write`, whether it must be opened
 * for writing. Where nobody has a WAL database open, only a writing connection removes its side files when it closes; and only one takes
 * back what an app that was killed has written in part, as that app would at its next start.
 */
export const judgeLive = `${isHot}
is_there() { [ -f "$live" ] && [ -s "$live" ]; }
must_write() {
  if is_hot "$live-journal"; then echo "${hotMark}" >&2; return 0; fi
  [ "$wal" = true ] && [ ! -e "$live-wal" ]
}
`;

/** What a script says of a file that is none any more. */
export const changedMark = 'changed';

/**
 * What sqlite3 is told, so that the copy is of one moment; the last line that it prints is the mark.
 * @param first the statement that begins the read transaction
 */
export const copyLines = (options = '', first = 'SELECT count(*) FROM sqlite_master;'): readonly string[] => [
  `.timeout ${busyTimeoutMs}`,
  'BEGIN;',
  first,
  `.backup ${options}main copy.sqlite3`,
  'COMMIT;',
  `.print ${doneMark}`,
];

/** Sets `tables` to the statement that prints those that count the rows of each table that is not virtual. `q` is a single quote. */
export const tablesQuery = `
tables="SELECT printf(\${q}SELECT %Q||hex(%Q)||char(32)||count(*) FROM \\"%w\\";\${q},\${q}rows \${q},name,name) FROM sqlite_master WHERE type=\${q}table\${q} AND sql NOT LIKE \${q}create virtual%\${q} AND instr(name,char(0))=0;"
`;

/** What asks for the schema and the check; what counts comes after it. */
export const checkLines: readonly string[] = [
  '.once /dev/null',
  `PRAGMA mmap_size=${mapBytes.remote};`,
  'PRAGMA encoding;',
  'SELECT hex(type)||char(32)||hex(name)||char(32)||hex(tbl_name)||char(32)||hex(sql) FROM sqlite_master;',
  `.print ${checkMark}`,
  'PRAGMA integrity_check(20);',
];

/** A command that prints lines which have no double quotes in them. */
export const printed = (lines: readonly string[]): string =>
  `printf "%s\\n" ${lines.map((line) => `"${line}"`).join(' ')}`;
