import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes every file into a home folder that could change what programs do, and gives the variables that could. */
export function everyPoison(home: string, trace: string, dir: string): Record<string, string> {
  for (const folder of ['.aws', '.gnupg', '.postgresql'])
    mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  const files = {
    '.sqliterc': `.print from sqliterc\n.shell touch ${trace}\n`,
    '.psqlrc': `\\! touch ${trace}\n`,
    '.pgpass': '*:*:*:*:wrong\n',
    '.pg_service.conf': '[elsewhere]\nhost=192.0.2.1\n',
    '.aws/config': `[default]\nregion = xx-nowhere-1\nendpoint_url = http://192.0.2.1\ncredential_process = touch ${trace}\n`,
    '.gnupg/gpg.conf': 'no-such-option\n',
    '.npmrc': `node-options=--require=${dir}/evil.cjs\n`,
    '.bash-env': `touch ${trace}\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o600 });
  writeFileSync(
    join(dir, 'evil.cjs'),
    `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'node')\n`,
  );
  const nowhere = 'https://192.0.2.1';
  const proxy = 'http://192.0.2.1:1';
  return {
    ...{ HOME: home, BASH_ENV: join(home, '.bash-env'), ENV: join(home, '.bash-env') },
    ...{ PGOPTIONS: '-c nonsense=1', PGSERVICE: 'elsewhere', PGHOST: '192.0.2.1', PGHOSTADDR: '192.0.2.1' },
    ...{
      PGPORT: '1',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'elsewhere',
      PGSSLMODE: 'verify-full',
    },
    ...{ PGPASSFILE: join(home, '.pgpass'), PSQLRC: join(home, '.psqlrc') },
    ...{ AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_S3: nowhere, AWS_PROFILE: 'nobody' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAWRONG', AWS_SECRET_ACCESS_KEY: 'wrong', AWS_SESSION_TOKEN: 'wrong' },
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, ALL_PROXY: proxy },
    ...{ NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_OPTIONS: '--no-deprecation', LD_LIBRARY_PATH: dir },
    ...{ LD_PRELOAD: join(dir, 'no-such-library.so'), GNUPGHOME: join(home, '.gnupg') },
    ...{ PYTHONSTARTUP: join(home, '.bash-env'), SSH_AUTH_SOCK: '/nonexistent', GIT_SSH_COMMAND: 'false' },
  };
}

/** Programs and packages with the names of those that are used, each of which leaves a trace. */
export function plantIn(workspace: string, trace: string): void {
  const programs = [
    'sqlite3',
    'gpg',
    'sh',
    'env',
    'psql',
    'pg_dump',
    'zstd',
    'docker',
    'python3',
    'apt-cache',
  ];
  for (const name of programs)
    writeFileSync(join(workspace, name), `#!/bin/sh\necho "$0" >>${trace}\n`, { mode: 0o755 });
  const evil = join(workspace, 'evil.cjs');
  writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'node')\n`);
  writeFileSync(join(workspace, '.npmrc'), `node-options=--require=${evil}\n`);
  writeFileSync(join(workspace, 'package.json'), '{"type":"commonjs","main":"x"}');
  for (const name of ['supports-color', 'cpu-features', '@aws-sdk/client-s3', 'ssh2', 'zod']) {
    const folder = join(workspace, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), `require(${JSON.stringify(evil)})\n`);
  }
}
