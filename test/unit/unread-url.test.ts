import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/config/option.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError, type Problem } from '../../src/core/errors.ts';

const cli = { face: 'cli', env: {}, cwd: '/code/my-app' } as const;
const sqlite = { database: 'sqlite:/srv/app.sqlite3' };

function problemsOf(
  raw: RawOptions,
  command: Command = 'backup',
  context: Parameters<typeof parseConfig>[2] = cli,
): readonly Problem[] {
  try {
    parseConfig(command, raw, context);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('what could not be read is not shown: a password may be anywhere in it', () => {
  const wrong: [string, string][] = [
    ['host=db user=app password=S3cretPw99', ''],
    ['app_user:S3cretPw99@db/app', ''],
    ['postgres:app:S3cretPw99@db/app', ' (`postgres:`)'],
    ['jdbc:postgresql://db/app?user=me&password=S3cretPw99', ' (`jdbc:`)'],
    ['mysql2://app:S3cr@S3cretPw99@db/app', ' (`mysql2:`)'],
    ['MySQL://app:S3cretPw99@db/app', ' (`mysql:`)'],
    ['S3cretPw99:mysql@db', ''],
    ['S3cretPw99', ''],
  ];

  test.each(wrong)('in `database`: %s', (line, scheme) => {
    const problems = problemsOf({ database: `# mine\n${line}\n` });
    expect(problems).toMatchObject([
      {
        input: 'database',
        message: `Line 2 of \`database\`${scheme} is neither a \`sqlite:\` nor a \`postgres://\` URL.`,
        hint: expect.stringContaining('Write `sqlite:'),
      },
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/S3cr/i);
  });

  test.each([...wrong, ['//app:S3cretPw99@db/app', '']])('in `to`, in DATABASE_URL: %s', (line, scheme) => {
    const to = problemsOf({ to: line }, 'restore');
    expect(to).toMatchObject([
      { input: 'to', message: expect.stringContaining(`\`to\`${scheme} is neither`) },
    ]);
    const fallback = problemsOf({}, 'backup', { ...cli, env: { DATABASE_URL: line } });
    expect(fallback).toMatchObject([{ message: expect.stringContaining('`DATABASE_URL`') }]);
    const scratch = problemsOf({ ...sqlite, verify: 'restore', 'scratch-url': line });
    expect(scratch).toMatchObject([{ input: 'scratch-url' }]);
    expect(JSON.stringify([to, fallback, scratch])).not.toMatch(/S3cr/i);
  });

  test.each(['/srv/app.sqlite3', './app.db', '~/app.sqlite'])('a bare path is told from it: %s', (path) => {
    expect(problemsOf({ database: path })).toMatchObject([
      { hint: 'Write `sqlite:` before the path of a SQLite file.' },
    ]);
  });

  test.each([
    'https://AKIAEXAMPLE:S3cretPw99@minio.example.com',
    'https://:S3cretPw99@minio.example.com',
    'https://minio.example.com/?key=S3cretPw99',
    'http://minio.example.com/S3cretPw99',
    'AKIAEXAMPLE:S3cretPw99@minio.example.com',
    'https://AKIAEXAMPLE:S3cret/Pw99@minio.example.com',
  ])('in `s3-endpoint`: %s', (endpoint) => {
    const problems = problemsOf({ ...sqlite, store: 's3://bucket', 's3-endpoint': endpoint });
    expect(problems).toMatchObject([{ input: 's3-endpoint' }]);
    expect(JSON.stringify(problems)).not.toMatch(/S3cret|AKIA/i);
    if (endpoint.includes('://:')) expect(problems[0]?.message).toContain('https://minio.example.com');
  });

  test.each(['s3://AKIAEXAMPLE:S3cretPw99@bucket/app', 'AKIAEXAMPLE:S3cret/Pw99@bucket'])(
    'in `store`: %s',
    (store) => {
      const problems = problemsOf({ ...sqlite, store });
      expect(problems).toMatchObject([{ input: 'store', hint: expect.stringContaining('s3-access-key-id') }]);
      expect(JSON.stringify(problems)).not.toMatch(/S3cret|AKIA/);
    },
  );
});
