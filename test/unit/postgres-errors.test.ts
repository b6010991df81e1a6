import { expect, test } from 'vitest';
import { postgresError } from '../../src/engines/postgres/postgres-errors.ts';

/** As psql and pg_dump of several versions say it. */
const said: readonly [code: string, words: RegExp, stderr: string][] = [
  [
    'postgres.password',
    /user or the password/,
    'psql: error: connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "app"',
  ],
  [
    'postgres.permission',
    /permission denied for table secret/,
    'pg_dump: error: query failed: ERROR:  permission denied for table secret\npg_dump: detail: Query was: LOCK TABLE public.secret IN ACCESS SHARE MODE',
  ],
  [
    'postgres.locked',
    /on public\.orders, /,
    'pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout\npg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE',
  ],
  [
    'postgres.locked',
    /on a table, /,
    'pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout\npg_dump: detail: Query was: LOCK TABLE public.a, public.b IN ACCESS SHARE MODE',
  ],
  [
    'postgres.lost',
    /terminating connection due to administrator command/,
    'pg_dump: error: Dumping the contents of table "big" failed: PQgetResult() failed.\npg_dump: detail: Error message from server: FATAL:  terminating connection due to administrator command\npg_dump: detail: Command was: COPY public.big (id) TO stdout;',
  ],
  [
    'postgres.changed',
    /dropped or changed/,
    'psql:<stdin>:9: ERROR:  relation "public.gone" does not exist\nSTATEMENT:  LOCK TABLE ONLY "public"."gone" IN ACCESS SHARE MODE;',
  ],
  [
    'postgres.snapshot-gone',
    /session that holds its snapshot/,
    'pg_dump: error: query failed: ERROR:  invalid snapshot identifier: "00000003-0000001B-1"',
  ],
  [
    'postgres.snapshot-gone',
    /session that holds its snapshot/,
    'pg_dump: error: query failed: ERROR:  snapshot "00000003-0000001B-1" does not exist',
  ],
  [
    'postgres.standby-conflict',
    /standby/,
    'pg_dump: error: Dumping the contents of table "big" failed: PQgetResult() failed.\npg_dump: detail: Error message from server: ERROR:  canceling statement due to conflict with recovery',
  ],
  [
    'postgres.certificate',
    /certificate/,
    'psql: error: connection to server at "db.example.com" (192.0.2.1), port 5432 failed: root certificate file "/root/.postgresql/root.crt" does not exist',
  ],
  [
    'postgres.unreachable',
    /no way to .*\(2001:db8::1\), port 5432 failed: Network is unreachable\)/,
    'psql: error: connection to server at "db.example.com" (2001:db8::1), port 5432 failed: Network is unreachable\n\tIs the server running on that host and accepting TCP/IP connections?',
  ],
  [
    'postgres.unreachable',
    /Cannot assign requested address/,
    'psql: error: could not connect to server: Cannot assign requested address\n\tIs the server running on host "db.example.com" (2001:db8::1) and accepting\n\tTCP/IP connections on port 5432?',
  ],
  [
    'postgres.refused',
    /::1\), port 5432 failed: Cannot assign.*; connection .*127\.0\.0\.1\), port 5432 failed: Connection refused\)/,
    'psql: error: connection to server at "localhost" (::1), port 5432 failed: Cannot assign requested address\n\tIs the server running on that host and accepting TCP/IP connections?\nconnection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?',
  ],
  [
    'postgres.refused',
    /nothing answers there \(connection to server on socket .*: No such file or directory\)/,
    'psql: error: connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?',
  ],
  [
    'postgres.timeout',
    /in time/,
    'psql: error: connection to server at "db.example.com" (2001:db8::1), port 5432 failed: Network is unreachable\n\tIs the server running on that host and accepting TCP/IP connections?\nconnection to server at "db.example.com" (192.0.2.1), port 5432 failed: timeout expired',
  ],
  [
    'postgres.failed',
    /failed: something new\.$/,
    'psql: error: connection to server at "db.example.com" (2001:db8::1), port 5432 failed: Network is unreachable\n\tIs the server running on that host and accepting TCP/IP connections?\nconnection to server at "db.example.com" (192.0.2.1), port 5432 failed: FATAL:  something new',
  ],
  [
    'postgres.options',
    /pooler .*unsupported startup parameter: options/,
    'psql: error: connection to server at "localhost" (::1), port 6432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\nconnection to server at "localhost" (127.0.0.1), port 6432 failed: FATAL:  unsupported startup parameter: options',
  ],
  ['postgres.failed', /something new/, 'pg_dump: error: something new'],
  ['postgres.failed', /no exit status/, ''],
];

test.each(said)('%s: %s', (code, words, stderr) => {
  const error = postgresError('The dump of postgres:app on db', { code: null, stderr });
  expect(error.code).toBe(code);
  expect(error.message).toMatch(words);
  expect(error.message).toMatch(/^The dump of postgres:app on db failed: [^\n]+\.$/);
  expect(error.message).not.toMatch(/(?:FATAL|ERROR|error):/);
});
