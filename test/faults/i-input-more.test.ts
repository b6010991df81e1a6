import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { isInert } from '../kit/inert.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { besides } from './steps/copies.ts';
import { everyPoison, plantIn } from './steps/poison.ts';

const bench = new FaultBench({ megabytes: 1 });
let postgres: Postgres;
beforeAll(async () => {
  [postgres] = await Promise.all([startPostgres(), bench.open()]);
  postgres.sql('postgres', 'CREATE DATABASE shop');
  postgres.sql('shop', 'CREATE TABLE orders AS SELECT 1 AS id');
});
afterAll(async () => {
  await bench.close();
  postgres.stop();
});
afterEach(() => bench.reset());

/** What a server that wants to steer the workflow, or the terminal, would say. */
const hostile = [
  '::set-output name=backup-id::stolen',
  ' \u0085\u200b::add-mask::a',
  '##[error]x##[set-env name=PATH;]/tmp',
  'cr\r::set-env name=PATH::/tmp',
  '\u001b[2J\u001b]0;title\u0007\u009b31m\u202egnp',
  'ghadelimiter_00000000-0000-0000-0000-000000000000',
  'result<<EOF',
];
const says = (text: string): string => {
  const file = join(bench.dir, 'said');
  writeFileSync(file, text);
  return `case "$*" in *--version*) exec /usr/bin/sqlite3 --version;; esac; cat >/dev/null; cat '${file}' >&2; exit 1`;
};
const trace = () => join(bench.dir, 'pwned');
const nothingWasRun = (): void =>
  expect(existsSync(trace()) ? readFileSync(trace(), 'utf8') : null).toBeNull();
/** Both databases on the runner, encrypted by its gpg. */
const local = () => ({
  ...{ ssh: undefined, 'ssh-key': undefined, 'ssh-known-hosts': undefined, 'keep-last': undefined },
  ...{ database: `sqlite:${bench.path}\n${postgres.url('shop')}`, passphrase: 'correct horse battery' },
  ...{ name: 'local', 'install-client': 'false' },
});

faults([
  {
    id: 'I5',
    fault: 'What the server or the store says holds workflow commands',
    outcome: 'It is shown as text: the runner finds no command in it, a terminal no escape sequence.',
    how: 'A `sqlite3` on the server and an `<Error>` of the store that say `::set-output`, `::add-mask`, `##[`, carriage returns and escape sequences, with debug output on.',
    async run() {
      const env = { RUNNER_DEBUG: '1' };
      for (const last of hostile) {
        await bench.withShim('sqlite3', says([...hostile, last].join('\n')), async () => {
          const run = await bench.backup({}, { env });
          isInert(run);
          await bench.judge(run, { outcome: 'failed', exitCodes: [1, 3] });
        });
      }
      const text = hostile
        .join('\n')
        .replace(/[&<]/g, '')
        .replaceAll('\u001b', '&#27;')
        .replaceAll('\u0007', '');
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${text}</Code><Message>${text}</Message></Error>`;
      bench.storeProxy.inject({ answer: 400, body }, () => true);
      const run = await bench.backup({}, { env });
      isInert(run);
      await bench.judge(run, { outcome: 'failed' });
    },
  },
  {
    id: 'I6',
    fault: 'A value with line ends tries to set other outputs or variables',
    outcome:
      'Outputs are written with a delimiter that is random in each run; there are no others than ours.',
    how: 'A database whose file name holds lines of an output file, and a server program that says such lines; the output, environment and path files of the run.',
    async run() {
      const name = 'x\nresult<<EOF\nstolen\nEOF\nbackup-id=stolen';
      const { DatabaseSync } = await import('node:sqlite');
      const db = new DatabaseSync(join(bench.dir, `${name}.db`));
      db.exec('CREATE TABLE own (id INTEGER)');
      db.close();
      const run = await bench.backup({
        database: `sqlite:${bench.dir}/x*.db`,
        name: 'i6',
        'keep-last': undefined,
      });
      expect(run.outputs['backup-id']).toMatch(/^\d{8}T\d{6}Z-\w{4}$/);
      expect(run.result.backup.databases[0].source).toContain('stolen');
      await bench.judge(run, { outcome: 'unchanged', also: besides });
      await bench.withShim('sqlite3', says(hostile.join('\n')), async () => {
        const failed = await bench.backup();
        expect(Object.keys(failed.outputs).sort()).toEqual(['duration-ms', 'result']);
        await bench.judge(failed, { outcome: 'failed', exitCodes: [1, 3], also: besides });
      });
    },
  },
  {
    id: 'I7',
    fault: 'Inputs are misspelt, no booleans, or empty',
    outcome:
      'Each is told, with the nearest name or the right form (exit code 2); an empty input counts as not given.',
    how: 'Three mistakes in one run, all of which are told; `yes`, `True`, `1` for a boolean; a command that there is none of; empty inputs.',
    async run() {
      const all = await bench.backup({ 'keep-dayly': '7', sudo: 'yes', compression: 'zip' });
      const inputs = all.result.error.problems.map(({ input }: { input: string }) => input);
      expect(inputs.sort()).toEqual(['compression', 'keep-dayly', 'sudo']);
      expect(all.stdout).toMatch(/keep-daily/);
      for (const run of [
        ...(await Promise.all(['yes', 'True', '1', 'on'].map((sudo) => bench.backup({ sudo })))),
        await bench.backup({ command: 'backupp' }),
        await bench.backup({ 'ssh-key': '' }),
        await bench.backup({ 's3-secret-access-key': '' }),
      ])
        await bench.judge(run, { outcome: 'failed', exitCodes: [2], says: /./ });
      const run = await bench.backup({ exclude: '', 'lock-days': ' ', globals: '', container: '' });
      await bench.judge(run, { outcome: 'stored' });
    },
  },
  {
    id: 'I8',
    fault: 'Variables and files of the home folder lead programs elsewhere or run something',
    outcome: 'They have no say, but for those that docs/environment.md names; nothing is run.',
    how: 'Thirty variables (PG*, AWS_*, proxies, LD_PRELOAD, NODE_OPTIONS, BASH_ENV, …) and eight files (.pgpass, .psqlrc, .sqliterc, .aws/config, gpg.conf, …) around a backup of both engines.',
    async run() {
      const home = join(bench.dir, 'home');
      const run = await bench.backup(local(), { env: everyPoison(home, trace(), bench.dir) });
      expect(run.result.backup.databases).toHaveLength(2);
      expect(run.stdout).not.toContain('from sqliterc');
      nothingWasRun();
      await bench.judge(run, { outcome: 'unchanged', also: besides });
      for (const [name, url] of [
        ['AWS_ENDPOINT_URL', 'http://storage.example.com'],
        ['AWS_ENDPOINT_URL_S3', 'ftp://storage.example.com'],
      ] as const) {
        const wrong = await bench.backup({ 's3-endpoint': undefined }, { env: { [name]: url } });
        await bench.judge(wrong, {
          outcome: 'failed',
          exitCodes: [2],
          error: { input: 's3-endpoint' },
          also: besides,
        });
      }
    },
  },
  {
    id: 'I9',
    fault: 'The workspace of the workflow holds programs and packages that look like ours',
    outcome:
      'They are never run or loaded: programs come from absolute folders of PATH and start in `/`, the bundle loads nothing but itself.',
    how: 'Ten programs, `.npmrc`, `package.json` and `node_modules` in the workspace, with `.`, an empty and a relative folder first in PATH.',
    async run() {
      const workspace = join(bench.dir, 'workspace');
      mkdirSync(workspace);
      plantIn(workspace, trace());
      const PATH = `.::node_modules/.bin:${process.env['PATH']}:`;
      const run = await bench.backup(local(), { env: { PATH }, cwd: workspace });
      expect(run.exitCode, run.stdout).toBe(0);
      nothingWasRun();
      await bench.judge(run, { outcome: 'unchanged', also: besides });
      chmodSync(workspace, 0o755);
    },
  },
  {
    id: 'I10',
    fault: 'The endpoint of the store is the metadata service of a cloud, or speaks http',
    outcome:
      'http is refused for all but this machine (exit code 2). An https endpoint is whatever the user says; a request carries a signature, never the key.',
    how: '`http://169.254.169.254`, other addresses, names and forms that look like loopback but are not, URLs with a path or a password.',
    async run() {
      for (const endpoint of [
        'http://169.254.169.254',
        'http://[fe80::1]',
        'http://s3.example.com',
        'http://127.0.0.1.example.com',
        'http://localhost.example.com',
        'http://0177.1.example',
        'ftp://127.0.0.1',
        'file:///etc/passwd',
        'https://user:password@s3.example.com',
        'https://s3.example.com/bucket?x=1',
        '//s3.example.com',
      ]) {
        const run = await bench.backup({ 's3-endpoint': endpoint });
        await bench.judge(run, { outcome: 'failed', exitCodes: [2], error: { input: 's3-endpoint' } });
      }
    },
  },
  {
    id: 'I11',
    fault: 'The store answers with XML or JSON that is made to harm',
    outcome:
      'An entity bomb, an endless page and keys such as `__proto__` neither fill the memory nor change anything; the run fails, or is as it would be without them.',
    how: 'Listings with nested entities, of 300 MB, and with keys like `__proto__`; manifests with `__proto__` and `constructor`, one of 70 MB, and one nested 100,000 deep.',
    async run() {
      const entities = Array.from(
        { length: 12 },
        (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
      ).join('');
      const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "0123456789">${entities}]><ListBucketResult><Contents><Key>&e12;</Key></Contents></ListBucketResult>`;
      const keys = ['__proto__', 'constructor', 'shop/__proto__/manifest.json', 'shop/../../x']
        .map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
        .join('');
      const listing = (inner: string): string =>
        `<?xml version="1.0"?><ListBucketResult>${inner}</ListBucketResult>`;
      for (const body of [bomb, listing(keys), listing(`<Name>${'x'.repeat(300e6)}</Name>`)]) {
        bench.storeProxy.inject({ answer: 200, body }, 'ListObjectsV2');
        const run = await bench.command('list');
        if (body === listing(keys)) expect(run.result.backups).toEqual([]);
        else expect(run.result.error.code).toBe('store.not-s3');
        await bench.judge(run, {
          outcome: run.exitCode === 0 ? 'unchanged' : 'failed',
          withinMs: 20_000,
        });
      }
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      for (const body of [
        '{"__proto__": {"format": 1}, "constructor": {"prototype": {"ok": true}}}',
        `{"format": 1, "databases": ${deep}}`,
        `{"format": 1, "id": "${'x'.repeat(70e6)}"}`,
      ]) {
        bench.storeProxy.inject({ answer: 200, body }, 'GetObject');
        const run = await bench.command('verify');
        await bench.judge(run, { outcome: 'failed', exitCodes: [1, 3], withinMs: 60_000 });
      }
    },
  },
  {
    id: 'I12',
    fault: 'Recipients come from a URL, by wildcard, or as a damaged or huge key block',
    outcome: 'Only keys that are written down are taken; nothing is fetched. The run fails before an upload.',
    how: '`https://…/keys`, `github:user`, `*`, an armored age file, an OpenPGP block of 2 MB of noise, a block with a private key in it; no process but gpg is started and no connection but to the store is made.',
    async run() {
      const noise = 'QUJD'.repeat(500_000);
      for (const to of [
        'https://example.com/keys.txt',
        'github:someone',
        '*',
        '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----',
        `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${noise.slice(0, 90_000)}\n-----END PGP PUBLIC KEY BLOCK-----`,
        'someone@example.com',
      ]) {
        const run = await bench.backup({ 'encrypt-to': to });
        expect(bench.storeProxy.requests.filter(({ method }) => /^P/.test(method))).toEqual([]);
        await bench.judge(run, { outcome: 'failed', exitCodes: [1, 2], error: { input: 'encrypt-to' } });
      }
    },
  },
]);
