import { compareVersions } from '../../core/compare-versions.ts';
import { CommandError, IntegrityError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { describeExit, lastLine, programFailed } from '../../core/program.ts';
import type { SqliteTool } from './sqlite-tool.ts';

/** How the two kinds of files are spoken of when something is wrong with them. */
export interface Words {
  /** The error of a file whose check found something. */
  damaged(found: string): IntegrityError;
  /** The error of a tool that could not read the file. */
  unreadable(exit: Exit): Error;
}

/** SQLite says that the bytes themselves are wrong. */
export function saysDamage({ stderr }: Exit): boolean {
  return /malformed|not a database|corrupt/i.test(stderr);
}

/** What a tool said last, or how it ended. */
export function why(exit: Exit): string {
  return lastLine(exit.stderr) || describeExit(exit);
}

/** SQLite's own words out of what a tool wrote to stderr: the shell's first line of an error, Python's last. */
export function sqliteReason(exit: Exit): string {
  const shell = exit.stderr.split('\n').find((line) => /^(?:parse |runtime )?error\b/i.test(line));
  return (shell ?? why(exit))
    .replace(/^(?:(?:Parse |Runtime )?error(?: near line \d+| in [^:]*)?|sqlite3\.\w+): /i, '')
    .trim();
}

/** For the private copy of a live database. */
export function wordsOfSnapshot(host: Host, source: string): Words {
  return {
    damaged: (found) =>
      new IntegrityError(`${source} is damaged: integrity_check says "${found}"; nothing was stored.`, {
        code: 'sqlite.damaged',
        hint: 'Repair the source (sqlite3 FILE .recover) or restore an earlier backup; those are untouched.',
      }),
    unreadable(exit) {
      if (!saysDamage(exit)) return programFailed('Checking the copy of the database', host, exit);
      return new IntegrityError(
        `The copy of the database can't be read on ${host.label} (${why(exit)}): the source is damaged.`,
        {
          code: 'sqlite.damaged',
          hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
        },
      );
    },
  };
}

/** For the bytes of a backup, which `engineVersion` wrote. */
export function wordsOfBackup(host: Host, tool: SqliteTool, engineVersion: string): Words {
  const hint = 'Take an earlier backup; `list` shows them.';
  return {
    damaged: (found) =>
      new IntegrityError(`The database of the backup is damaged: integrity_check says "${found}".`, {
        code: 'sqlite.damaged',
        hint,
      }),
    unreadable(exit) {
      if (isTooNew(exit) && compareVersions(tool.sqliteVersion, engineVersion) < 0) {
        return tooOld(host, tool, engineVersion, exit);
      }
      if (!saysDamage(exit)) return programFailed('Checking the database of the backup', host, exit);
      return new IntegrityError(
        `The database of the backup is damaged: SQLite says "${sqliteReason(exit)}".`,
        {
          code: 'sqlite.damaged',
          hint,
        },
      );
    },
  };
}

/** An older SQLite says so of a schema with words that it does not know yet. */
function isTooNew({ stderr }: Exit): boolean {
  return /malformed database schema|unsupported file format/i.test(stderr);
}

function tooOld(host: Host, tool: SqliteTool, engineVersion: string, exit: Exit): CommandError {
  return new CommandError(
    `The database of the backup was written by SQLite ${engineVersion}, and ${tool.label} on ${host.label} is too old for it (${sqliteReason(exit)}).`,
    {
      code: 'sqlite.too-old',
      hint: `Install SQLite ${engineVersion} or a later one there.`,
    },
  );
}
