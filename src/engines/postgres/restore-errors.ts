import { compareVersions } from '../../core/compare-versions.ts';
import { CommandError, type HoldfastError, IntegrityError } from '../../core/errors.ts';
import type { Exit } from '../../core/host.ts';
import { describeExit } from '../../core/program.ts';
import { reasonIn } from './postgres-errors.ts';

/** Why pg_restore gave up. */
export interface RestoreFailure {
  /** The server's words, or pg_restore's own. */
  readonly reason: string;
  /** IntegrityError when the archive is at fault, CommandError when the place is that it was loaded into. */
  readonly error: HoldfastError;
}

export interface RestorePlace {
  /** For messages. */
  readonly label: string;
  /** Of pg_restore and the server. */
  readonly version: string;
  /** What the dump was taken from. */
  readonly engineVersion: string;
  /** The database has another locale than the source had, so texts are compared and classed in another way. */
  readonly otherLocale: boolean;
}

interface Condition {
  readonly when: RegExp;
  readonly code: string;
  readonly hint: string;
}

/** What the place may lack. Whatever else pg_restore says is about the archive. */
const conditions: readonly Condition[] = [
  {
    when: /no space left|disk quota|disk full|file too large|^could not (?:extend|write)/i,
    code: 'postgres.no-space',
    hint: 'Free some space for the server.',
  },
  {
    when: /^role ".*" does not exist/,
    code: 'postgres.no-role',
    hint: 'Create the role on the server; NOLOGIN is enough.',
  },
  {
    when: /extension control file|^extension ".*"|could not (?:access|load|open) (?:file|library|directory)|^(?:access method|language) ".*" does not exist|is not installed|^unrecognized configuration parameter|must be loaded via/,
    code: 'postgres.no-extension',
    hint: 'Install the extension that the database uses, for the version of this server.',
  },
  {
    when: /^out of shared memory/,
    code: 'postgres.locks',
    hint: 'Raise max_locks_per_transaction on the server, which must be restarted for it.',
  },
  {
    when: /^out of memory|cannot allocate memory|could not resize shared memory/i,
    code: 'postgres.memory',
    hint: 'Give the server more memory.',
  },
  {
    when: /^collation ".*"|could not create locale|invalid locale name|could not open collator/,
    code: 'postgres.locale',
    hint: 'Install the locale on the machine of the server.',
  },
  {
    when: /has no equivalent in encoding/,
    code: 'postgres.encoding',
    hint: 'Load it into a database with the encoding of the source; UTF8 holds everything.',
  },
  {
    when: /^tablespace ".*"|"default_tablespace"/,
    code: 'postgres.no-tablespace',
    hint: 'Create the tablespace on the server.',
  },
  {
    when: /^permission denied|^must (?:be|have)|only (?:superuser|roles with)|non-superuser/i,
    code: 'postgres.permission',
    hint: 'Load it as a superuser, or as the owner of what is in it.',
  },
  {
    when: /server closed|terminating connection|the database system is|could not connect|connection to server|no connection to|SSL SYSCALL|connection refused|too many clients|connection slots|^canceling statement|worker process died/i,
    code: 'postgres.lost',
    hint: 'Look at the log of the server, and try again.',
  },
  {
    when: /build does not support compression/,
    code: 'postgres.no-codec',
    hint: 'Use a pg_restore that was built with that compression.',
  },
];

/** A value may be right in one locale only. */
const ofLocale =
  /violates (?:check|partition) constraint|no partition of relation|could not create unique index|conflicting key value/;

const missing =
  /: not found|No such file or directory|Permission denied|error while loading shared libraries/;

/** @param exit of pg_restore, with what it said first as stderr */
export function restoreFailure(exit: Exit, place: RestorePlace): RestoreFailure {
  const reason = reasonIn(exit.stderr) || describeExit(exit);
  return { reason, error: asError(reason, exit, place) };
}

function asError(reason: string, exit: Exit, place: RestorePlace): HoldfastError {
  const { label, version, engineVersion } = place;
  const unable = (code: string, hint: string): HoldfastError =>
    new CommandError(`The backup could not be loaded into ${label}: ${sentence(reason, exit)}.`, {
      code,
      hint,
    });
  if (exit.code === null || exit.code > 128 || (exit.code > 125 && missing.test(exit.stderr))) {
    return unable('postgres.load', 'Try again; pg_restore itself did not run to its end.');
  }
  const lacks = conditions.find(({ when }) => when.test(reason));
  if (lacks !== undefined) return unable(lacks.code, lacks.hint);
  if (/^unsupported version/.test(reason) && compareVersions(version, engineVersion) < 0) {
    return unable('postgres.too-old', `Use PostgreSQL ${engineVersion} or later.`);
  }
  if (place.otherLocale && ofLocale.test(reason)) {
    return unable('postgres.locale', 'Install the locale of the source on the machine of the server.');
  }
  return new IntegrityError(
    `The backup does not restore: pg_restore ${version} says "${sentence(reason, exit)}".`,
    {
      code: 'postgres.not-restorable',
      hint: 'Take an earlier backup; `list` shows them.',
    },
  );
}

/** The reason and the object, which the server's words alone need not name. */
function sentence(reason: string, { stderr }: Exit): string {
  const table = /COPY failed for (?:table|relation) "(.*?)": /.exec(stderr)?.[1];
  if (table !== undefined) return `table ${table}: ${reason}`;
  const command = /Command was: (.*)/.exec(stderr)?.[1]?.trim();
  return command === undefined || command === '' ? reason : `${reason} (${command})`;
}
