import prettyBytes from 'pretty-bytes';
import type { ConfigOf } from '../config/config.ts';
import { type Check, doubtful, type Finding, good } from '../core/doctor.ts';
import { HoldfastError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { programFailed, runProgram } from '../core/program.ts';
import { chooseTool, Facts, factScript } from '../engines/sqlite/host-facts.ts';
import { SshDoctor } from '../hosts/ssh-doctor.ts';
import type { Surroundings } from './open.ts';

export interface HostChecks {
  readonly surroundings: Pick<Surroundings, 'stallMs'>;
  readonly config: ConfigOf<'doctor'>;
  /** Opened by the first check that needs it. */
  readonly host: () => Promise<Host>;
  /** What it holds is closed at the end. */
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** The way to the server, step by step. */
export function sshChecks(given: HostChecks): Check[] {
  const { config, stack, signal } = given;
  const { stallMs } = given.surroundings;
  const { ssh, gated } = config.host;
  if (ssh === null) return [];
  const steps = stack.use(new SshDoctor({ ...ssh, stallMs }, signal));
  return [
    { id: 'ssh.dns', run: () => steps.dns() },
    { id: 'ssh.port', needs: ['ssh.dns'], run: () => steps.port() },
    { id: 'ssh.host-key', needs: ['ssh.port'], run: () => steps.hostKey() },
    { id: 'ssh.login', needs: ['ssh.port'], run: () => steps.login() },
    gated
      ? { id: 'ssh.gate', needs: ['ssh.login'], run: () => gate(given) }
      : { id: 'ssh.shell', needs: ['ssh.login'], run: () => steps.shell() },
  ];
}

/** The key does what it is for; what else it may not do is sshd's and the line's business. */
async function gate({ host, signal }: HostChecks): Promise<Finding> {
  const where = await host();
  const ran = await runProgram(where, ['holdfast', '1', 'list'], { signal });
  if (ran.code !== 0) throw programFailed('Listing the files of the key', where, ran);
  return good('The key takes this backup, and nothing else.');
}

/** What the machine, or the container on it, has for a backup. */
export function hostChecks(given: HostChecks): Check[] {
  if (given.config.host.gated) return [];
  return [
    { id: 'host.shell', needs: ['ssh.shell'], run: () => shell(given) },
    { id: 'host.tools', needs: ['host.shell'], run: () => tools(given) },
    { id: 'host.scratch', needs: ['host.shell'], run: () => scratch(given) },
  ];
}

async function shell({ config, host, signal }: HostChecks): Promise<Finding> {
  const where = await host();
  const ran = await runProgram(where, ['id', '-un'], { signal });
  if (ran.code !== 0) throw programFailed('`id`', where, ran);
  const how = config.host.sudo ? ' by sudo' : '';
  return good(`Programs run on ${where.label} as ${ran.stdout.trim()}${how}.`);
}

/** One fact a line; programs that are missing say nothing. */
const toolScript = `${factScript}
say_tools all
for tool in zstd gzip openssl; do
  if command -v "$tool" >/dev/null 2>&1; then
    case $tool in openssl) flag=version ;; *) flag=--version ;; esac
    say "$tool $("$tool" "$flag" 2>&1 </dev/null | head -n 1)"
  fi
done
for tool in setsid nice df awk od mktemp head dd; do
  if command -v "$tool" >/dev/null 2>&1; then say "has $tool"; fi
done
`;

const versioned = ['zstd', 'gzip', 'openssl'];

async function tools({ config, host, signal }: HostChecks): Promise<Finding> {
  const where = await host();
  const { sources, compression } = config;
  const facts = new Facts((await runProgram(where, ['sh', '-c', toolScript], { signal })).stdout);
  if (sources.sqlite.length > 0) chooseTool(facts.tools, `SQLite files on ${where.label} can't be copied`);
  const { shellVersion, pythonVersion } = facts.tools;
  const listed = [
    `sqlite3 ${shellVersion ?? 'missing'}`,
    `python3 ${pythonVersion === null ? 'missing' : `with SQLite ${pythonVersion}`}`,
    ...versioned.map((name) => `${name} ${versionIn(facts.get(name))}`),
    facts.all('has').includes('setsid') ? 'setsid' : 'setsid missing',
  ].join(', ');
  const wanted = compression.codec === 'none' || compression.on === 'runner' ? null : compression;
  if (wanted === null || facts.get(wanted.codec) !== undefined) return good(`${listed}.`);
  if (wanted.on === 'host') throw noCompressor(where, wanted.codec);
  if (!where.remote) return good(`${listed}.`);
  return doubtful(
    `${listed}; without ${wanted.codec} there, plain bytes cross the network.`,
    `Install ${wanted.codec} on the server.`,
  );
}

function versionIn(text: string | undefined): string {
  if (text === undefined) return 'missing';
  return /\d+\.\d+[\w.]*/.exec(text)?.[0] ?? 'of unknown version';
}

function noCompressor({ label }: Host, codec: string): HoldfastError {
  return new HoldfastError(`${label} has no ${codec} program to compress with.`, {
    code: 'codec.no-tool',
    input: 'compress-on',
    hint: `Install ${codec} there, or set \`compress-on: auto\`.`,
  });
}

/** Less is soon full. */
const littleBytes = 256 * 1024 * 1024;

async function scratch({ host, signal }: HostChecks): Promise<Finding> {
  const where = await host();
  await using folder = await where.scratch({ signal });
  const script = `${factScript}\nsay_free "$1"\nsay_temporary_folders\n`;
  const { stdout } = await runProgram(where, ['sh', '-c', script, 'sh', folder.path], { signal });
  const [own, ...others] = new Facts(stdout).freeFolders;
  const free = own?.freeBytes ?? 0;
  const more = others.map(({ path, freeBytes }) => `${path} ${prettyBytes(freeBytes)}`).join(', ');
  const detail = `A private folder was made and removed; free: ${more === '' ? prettyBytes(free) : more}.`;
  if (Math.max(free, ...others.map(({ freeBytes }) => freeBytes)) >= littleBytes) return good(detail);
  return doubtful(detail, 'Free some space there, or set TMPDIR to a folder with room.');
}
