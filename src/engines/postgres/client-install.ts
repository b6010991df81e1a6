import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError, throwIfCancelled } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Client } from './clients.ts';

export interface ClientInstallerOptions {
  /** Opens a folder that may be kept between runs. Nobody else may write to it. */
  readonly folder: () => Promise<string>;
  readonly reporter: Reporter;
}

/** A package of the distribution, as its signed index describes it. */
interface Package {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

/**
 * Gets the distribution's own client package for this machine: downloaded by apt-get and unpacked into a folder of ours, so that
 * nothing on the system changes and no root is needed. The packages are kept between runs of a workflow; whatever comes
 * from that cache must have the SHA-256 that apt's signed index says, because others may write into the cache.
 * @returns the installer; it gives `null` where there is no apt-get or no such package
 */
export function clientInstaller({ folder, reporter }: ClientInstallerOptions) {
  const ready = new Map<number | 'newest', Client>();
  return async (major: number | 'newest', signal: AbortSignal): Promise<Client | null> => {
    const known = ready.get(major);
    if (known !== undefined) return known;
    if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return null;
    const wanted = await findPackages(major, reporter);
    if (wanted === null) return null;
    throwIfCancelled(signal);
    const [{ version }] = wanted;
    const found = Number.parseInt(version, 10);
    const target = join(await folder(), `postgresql-client-${found}`);
    const client = await reporter.step(`Install the PostgreSQL client ${version}`, async () => {
      await fetchAll(wanted, target, reporter);
      throwIfCancelled(signal);
      return unpack(wanted, target);
    });
    ready.set(major, client).set(found, client);
    return client;
  };
}

/** The client and the library it needs; tried again after reading the archive's index anew. */
async function findPackages(
  major: number | 'newest',
  reporter: Reporter,
): Promise<[Package, ...Package[]] | null> {
  for (const refresh of [false, true]) {
    if (refresh) await refreshIndex(reporter);
    const name = major === 'newest' ? await newestClient() : `postgresql-client-${major}`;
    const client = name === null ? null : await describePackage(name);
    const library = await describePackage('libpq5');
    if (client !== null && library !== null) return [client, library];
  }
  return null;
}

async function newestClient(): Promise<string | null> {
  const { stdout } = await execute('apt-cache', ['search', '--names-only', '^postgresql-client-[0-9]+$']);
  const majors = [...stdout.matchAll(/^postgresql-client-(\d+) /gm)].map(([, digits]) => Number(digits));
  return majors.length === 0 ? null : `postgresql-client-${Math.max(...majors)}`;
}

async function describePackage(name: string): Promise<Package | null> {
  const { stdout } = await execute('apt-cache', ['show', '--no-all-versions', name]);
  const field = (key: string): string | undefined => new RegExp(`^${key}: (.+)$`, 'm').exec(stdout)?.[1];
  const [version, path, sha256] = [field('Version'), field('Filename'), field('SHA256')];
  if (version === undefined || path === undefined || sha256 === undefined) return null;
  const architecture = /_([^_]+)\.deb$/.exec(path)?.[1] ?? 'all';
  return { name, version, sha256, file: `${name}_${version.replace(':', '%3a')}_${architecture}.deb` };
}

const pgdgScript = '/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh';

/** Reads the index anew; adds the PostgreSQL project's own archive where the distribution ships the script for it. */
async function refreshIndex(reporter: Reporter): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = async (...argv: string[]): Promise<void> => {
    const [program = '', ...args] = [...asRoot, ...argv];
    const { exitCode, stderr } = await execute(program, args);
    if (exitCode !== 0) reporter.debug(`${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
  };
  if (existsSync(pgdgScript)) await run(pgdgScript, '-y');
  else await run('apt-get', 'update', '-qq');
}

async function fetchAll(
  packages: readonly [Package, ...Package[]],
  target: string,
  reporter: Reporter,
): Promise<void> {
  await mkdir(target, { recursive: true });
  const key = await cacheKey(packages);
  await restore(target, key, reporter);
  let downloaded = false;
  for (const wanted of packages) {
    if (await isGenuine(target, wanted)) continue;
    await rm(join(target, wanted.file), { force: true });
    const { exitCode, stderr } = await execute(
      'apt-get',
      ['download', '-qq', `${wanted.name}=${wanted.version}`],
      target,
    );
    if (exitCode !== 0 || !(await isGenuine(target, wanted))) {
      throw notInstalled(wanted, `downloaded (${stderr.trim() || 'its hash is not that of the index'})`);
    }
    downloaded = true;
  }
  if (downloaded) await save(target, key, reporter);
}

async function isGenuine(target: string, { file, sha256 }: Package): Promise<boolean> {
  try {
    return (
      createHash('sha256')
        .update(await readFile(join(target, file)))
        .digest('hex') === sha256
    );
  } catch {
    return false;
  }
}

async function unpack(packages: readonly [Package, ...Package[]], target: string): Promise<Client> {
  const root = join(target, 'root');
  await rm(root, { recursive: true, force: true });
  for (const wanted of packages) {
    const { exitCode, stderr } = await execute('dpkg-deb', ['-x', join(target, wanted.file), root]);
    if (exitCode !== 0) throw notInstalled(wanted, `unpacked (${stderr.trim()})`);
  }
  const [{ version }] = packages;
  const major = Number.parseInt(version, 10);
  const triplet =
    (await execute('dpkg-architecture', ['-qDEB_HOST_MULTIARCH'])).stdout.trim() || guessTriplet();
  const bin = join(root, 'usr/lib/postgresql', `${major}`, 'bin');
  const libraries = join(root, 'usr/lib', triplet);
  // The libraries that every distribution has are not unpacked; should one be missing, it shows here.
  for (const program of ['psql', 'pg_dump', 'pg_dumpall']) {
    const { exitCode, stderr } = await execute('env', [
      `LD_LIBRARY_PATH=${libraries}`,
      join(bin, program),
      '--version',
    ]);
    if (exitCode !== 0) throw notInstalled(packages[0], `started (${stderr.trim()})`);
  }
  return {
    major,
    version: version.split('-')[0] ?? version,
    folder: bin,
    env: { LD_LIBRARY_PATH: libraries },
  };
}

function notInstalled({ name, version }: Package, why: string): HoldfastError {
  return new HoldfastError(`The package ${name} ${version} could not be ${why}.`, {
    code: 'postgres.install',
    input: 'install-client',
    hint: `Install the package ${name} before the backup, for example with \`sudo apt-get install ${name}\`.`,
  });
}

function guessTriplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}

async function cacheKey(packages: readonly Package[]): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const distribution = ['ID', 'VERSION_ID'].map(
    (name) => new RegExp(`^${name}="?([^"\n]+)`, 'm').exec(release)?.[1],
  );
  return ['holdfast', ...distribution, process.arch, ...packages.map(({ file }) => file)].join('-');
}

/** The cache saves a download; whatever is wrong with it must never fail a backup. */
async function restore(target: string, key: string, reporter: Reporter): Promise<void> {
  await quietly(reporter, async (cache) => {
    await cache.restoreCache([target], key);
  });
}

async function save(target: string, key: string, reporter: Reporter): Promise<void> {
  await quietly(reporter, async (cache) => {
    await cache.saveCache([target], key);
  });
}

async function quietly(
  reporter: Reporter,
  work: (cache: typeof import('@actions/cache')) => Promise<void>,
): Promise<void> {
  try {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await work(cache);
  } catch (error) {
    reporter.debug(
      `The cache of client packages could not be used: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function execute(program: string, args: string[], cwd = '/') {
  const { getExecOutput } = await import('@actions/exec');
  try {
    return await getExecOutput(program, args, { cwd, silent: true, ignoreReturnCode: true });
  } catch (error) {
    // The program itself is not there.
    return { exitCode: 127, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
  }
}
