import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collect } from '../../src/core/bytes.ts';
import { Secret } from '../../src/core/secret.ts';
import { clientInstaller } from '../../src/engines/postgres/client-install.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { newestServer, startPostgres } from '../kit/postgres.ts';
import { pathWithout } from '../kit/postgres-dump.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

const { bin, major } = newestServer();
const name = `postgresql-client-${major}`;
const version = `${major}.99-1`;
let dir: string;

/** An archive of Debian packages of our own, which apt-get uses instead of the system's. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-apt-'));
  // apt-get reads it as a user without rights.
  chmodSync(dir, 0o755);
  for (const folder of ['archive', 'state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(dir, folder), { recursive: true });
  makePackage(name, `usr/lib/postgresql/${major}/bin`, ['psql', 'pg_dump', 'pg_dumpall'].map(inBin));
  const listed = execFileSync('/usr/bin/ldd', [inBin('pg_dump')], { encoding: 'utf8' });
  const library = /(\/\S+libpq\.so\.5) /.exec(listed)?.[1] ?? '';
  makePackage('libpq5', dirname(library).replace(/^(?:\/usr)?\//, 'usr/'), [library]);
  writeFileSync(join(dir, 'sources.list'), `deb [trusted=yes] copy:${dir}/archive ./\n`);
  writeFileSync(join(dir, 'status'), '');
  writeFileSync(
    join(dir, 'apt.conf'),
    `Dir::State "${dir}/state"; Dir::State::status "${dir}/status"; Dir::Cache "${dir}/cache";
     Dir::Etc::sourcelist "${dir}/sources.list"; Dir::Etc::sourceparts "-";`,
  );
  vi.stubEnv('APT_CONFIG', join(dir, 'apt.conf'));
  execFileSync('/usr/bin/apt-get', ['update', '-qq'], { stdio: 'pipe' });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

function inBin(program: string): string {
  return join(bin, program);
}

function makePackage(packageName: string, folder: string, files: readonly string[]): void {
  const root = join(dir, packageName);
  mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, 'DEBIAN'));
  for (const file of files) copyFileSync(realpathSync(file), join(root, folder, basename(file)));
  const architecture = execFileSync('/usr/bin/dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
  const control = `Package: ${packageName}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: Test <test@example.com>\nDescription: test\n`;
  writeFileSync(join(root, 'DEBIAN/control'), control);
  const deb = join(dir, 'archive', `${packageName}_${version}_${architecture}.deb`);
  execFileSync('/usr/bin/dpkg-deb', ['-Znone', '--root-owner-group', '--build', root, deb], {
    stdio: 'pipe',
  });
  const sha256 = createHash('sha256').update(readFileSync(deb)).digest('hex');
  const where = `Filename: ./${basename(deb)}\nSize: ${statSync(deb).size}\nSHA256: ${sha256}\n`;
  appendFileSync(join(dir, 'archive/Packages'), `${control}${where}\n`);
}

const kept = (): string => join(dir, 'kept', name);
const debs = (): string[] => readdirSync(kept()).filter((file) => file.endsWith('.deb'));
const install = () => clientInstaller({ folder: async () => join(dir, 'kept'), reporter: quietReporter() });

test('where no client is, the package of the right one is fetched, and dumps', async () => {
  const server = await startPostgres();
  try {
    server.sql('postgres', 'CREATE TABLE t AS SELECT 1 AS i');
    const env = { PATH: pathWithout(dir, 'psql', 'pg_dump') };
    await using host = await openHost({ ssh: null, container: null, sudo: false, env, signal });
    const settings = { host, runner: host, globals: false, reporter: quietReporter(), folders: [] };
    const urls = [new Secret(server.url('postgres'))];
    const engine = new PostgresEngine({ ...settings, urls, install: install() });
    const [database] = await engine.discover();
    if (database === undefined) throw new Error('nothing was discovered');
    await engine.probe(database, { signal });
    await using snapshot = await engine.snapshot(database, { signal });
    expect((await collect(snapshot.read())).subarray(0, 5).toString()).toBe('PGDMP');
    expect(snapshot.toolVersion).toBe(`pg_dump ${major}.99`);
  } finally {
    server.stop();
  }
});

test('a kept package that somebody has changed is not used, but fetched again', async () => {
  const client = await install()(major, signal);
  expect(client).toMatchObject({ major, folder: expect.stringContaining(kept()) });
  const genuine = debs().map((file) => readFileSync(join(kept(), file)));
  for (const file of debs()) writeFileSync(join(kept(), file), 'not what it was');
  await install()(major, signal);
  expect(debs().map((file) => readFileSync(join(kept(), file)))).toEqual(genuine);
});

test('a package that is not what the index says is refused, with what to do instead', async () => {
  const file = readdirSync(join(dir, 'archive')).find((each) => each.startsWith(name)) ?? '';
  appendFileSync(join(dir, 'archive', file), 'more');
  await expect(install()(major, signal)).rejects.toMatchObject({
    code: 'postgres.install',
    input: 'install-client',
    hint: expect.stringContaining(`apt-get install ${name}`),
  });
});
