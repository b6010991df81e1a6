import { CommandError, type HoldfastError } from '../../core/errors.ts';
import type { Exit } from '../../core/host.ts';
import { describeExit, lastLine } from '../../core/program.ts';

interface Translation {
  readonly when: RegExp;
  readonly code: string;
  readonly why: (said: string, stderr: string) => string;
  readonly hint: string;
}

const translations: readonly Translation[] = [
  {
    when: /unsupported (?:options )?startup parameter|command-line options/i,
    code: 'postgres.options',
    why: (said) => `a connection pooler in between does not let a setting through (${said})`,
    hint: "Write the direct URL of the server, not the pooler's.",
  },
  {
    when: /password authentication failed|no password supplied|SASL|authentication failed/i,
    code: 'postgres.password',
    why: () => 'the server does not accept the user or the password',
    hint: 'Correct the URL in `database`; special characters of a password are percent-encoded in it.',
  },
  {
    when: /no pg_hba\.conf entry|pg_hba\.conf rejects/i,
    code: 'postgres.hba',
    why: () => 'the server does not let this user in from here (pg_hba.conf)',
    hint: 'Allow the address in pg_hba.conf, or reach the database over `ssh`.',
  },
  {
    when: /database ".*" does not exist/i,
    code: 'postgres.no-database',
    why: (said) => said,
    hint: 'Correct the database in the URL.',
  },
  {
    when: /role ".*" does not exist/i,
    code: 'postgres.no-role',
    why: (said) => said,
    hint: 'Correct the user in the URL.',
  },
  {
    when: /server does not support SSL/i,
    code: 'postgres.no-tls',
    why: () =>
      'the server has no TLS, but `sslmode` asks for it (without one in the URL, a server elsewhere must prove who it is)',
    hint: 'Switch TLS on, reach the database over `ssh`, or accept the risk with `?sslmode=disable` in the URL.',
  },
  {
    when: /certificate verify failed|does not match host name|root certificate|unable to get local issuer|self-signed certificate/i,
    code: 'postgres.certificate',
    why: (said) => `the server's certificate is not accepted (${said})`,
    hint:
      'Add to the URL `?sslrootcert=/path/to/ca.pem` when the provider has a CA of its own, `?sslmode=require` to encrypt ' +
      'without knowing who the server is, or `?sslmode=disable` not even to encrypt.',
  },
  {
    when: /too many (?:clients|connections)|connection slots/i,
    code: 'postgres.busy',
    why: () => 'the server has no connection left',
    hint: 'Raise max_connections, or back up at a quieter time; a backup needs two connections.',
  },
  {
    when: /could not translate host name/i,
    code: 'postgres.dns',
    why: () => 'the name of the server has no address',
    hint: 'Correct the host in the URL; it is looked up on the machine where pg_dump runs.',
  },
  {
    // Of a name's several addresses one may be out of reach and another speak: then that one's words count.
    when: /^(?!.*(?:FATAL|Connection refused|timeout expired)).*(?:Network is unreachable|Cannot assign requested address|No route to host)/is,
    code: 'postgres.unreachable',
    why: (_, stderr) =>
      `there is no way to the server's address from where psql runs (${attemptsIn(stderr)})`,
    hint:
      'Where the address is an IPv6 one (with colons), the machine has no IPv6, as those of GitHub: write the URL of an IPv4 ' +
      'address of the provider (Supabase: of its session pooler, port 5432), or go over `ssh` through a machine that gets there.',
  },
  {
    when: /^(?!.*(?:FATAL|timeout expired)).*(?:Connection refused|No such file or directory[^\n]*\n?[^\n]*socket|Is the server running)/is,
    code: 'postgres.refused',
    why: (_, stderr) => `nothing answers there (${attemptsIn(stderr)})`,
    hint: 'Correct host and port in the URL, or start the server.',
  },
  {
    when: /timeout expired/i,
    code: 'postgres.timeout',
    why: () => 'the server did not answer in time',
    hint: 'Check the host, the port and the firewall.',
  },
  {
    when: /due to lock timeout|due to statement timeout/i,
    code: 'postgres.locked',
    why: (_, stderr) =>
      `another session holds an ACCESS EXCLUSIVE lock on ${tableOfLock(stderr)}, or waits for one, and was not done in time`,
    hint: 'End that session (pg_stat_activity, pg_locks), or back up at another time than migrations.',
  },
  {
    when: /row-level security/i,
    code: 'postgres.row-security',
    why: (said) => `row-level security would hide rows (${said})`,
    hint: 'Use a role with BYPASSRLS, or the owner of the table.',
  },
  {
    when: /permission denied/i,
    code: 'postgres.permission',
    why: (said) => said,
    hint: 'Grant the role the right to read everything: GRANT pg_read_all_data TO role (PostgreSQL 14 and newer).',
  },
  {
    when: /conflict with recovery/i,
    code: 'postgres.standby-conflict',
    why: () => 'this server is a standby, and replaying changes of its primary conflicts with the dump',
    hint: 'Raise max_standby_streaming_delay on the standby, switch hot_standby_feedback on, or back up the primary.',
  },
  {
    when: /terminating connection|server closed the connection|connection to server was lost|SSL SYSCALL/i,
    code: 'postgres.lost',
    why: (said) => `the server ended the connection (${said})`,
    hint: 'Look at the log of the server, and run the backup again.',
  },
  {
    when: /invalid snapshot identifier|snapshot ".*" does not exist|could not import the requested snapshot/i,
    code: 'postgres.snapshot-gone',
    why: () => 'the session that holds its snapshot ended',
    hint: 'Look at the log of the server, and run the backup again.',
  },
  {
    when: /out of shared memory/i,
    code: 'postgres.locks',
    why: () => 'the server has no room for a lock on each table',
    hint: 'Raise max_locks_per_transaction on the server, which must be restarted for it.',
  },
  {
    when: /cache lookup failed|could not open relation|(?:relation|schema) ".*" does not exist/i,
    code: 'postgres.changed',
    why: () => 'a table was dropped or changed while the dump began',
    hint: 'Run the backup again, not during migrations.',
  },
];

/** The one place where what psql and pg_dump say becomes a sentence. They never print a password. */
export function postgresError(what: string, exit: Exit): HoldfastError {
  const said = reasonIn(exit.stderr) || describeExit(exit);
  const known = translations.find(({ when }) => when.test(exit.stderr));
  if (known === undefined) return new CommandError(`${what} failed: ${said}.`, { code: 'postgres.failed' });
  const { code, why, hint } = known;
  return new CommandError(`${what} failed: ${why(said, exit.stderr)}.`, { code, hint, input: 'database' });
}

/** The line with the reason, the server's before the program's, without the name and the level in front. */
export function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const said = (level: RegExp): string | undefined => lines.find((text) => level.test(text));
  const line = said(/(?:FATAL|ERROR|PANIC): /) ?? said(/error: /) ?? lastLine(stderr);
  return line
    .replace(/^.*(?:FATAL|ERROR|PANIC): +|^.*?error: +/, '')
    .replace(/\.$/, '')
    .trim();
}

/** What became of each address that was tried. */
function attemptsIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /(?:failed|could not connect to server): /.test(line));
  const attempts = lines.map((line) => line.replace(/^.*?error: +/, '').trim());
  return attempts.join('; ') || reasonIn(stderr);
}

/** pg_dump may ask for several tables at once, and is not told which one was in the way. */
function tableOfLock(stderr: string): string {
  const table = /LOCK TABLE (?:ONLY )?([^,]+?) IN ACCESS SHARE MODE/s.exec(stderr)?.[1];
  return table?.replace(/"([a-z_][a-z0-9_]*)"/g, '$1') ?? 'a table';
}
