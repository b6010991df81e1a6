import { CommandError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { runProgram } from '../../core/program.ts';
import { type Client, usualFolders } from './clients.ts';

/** One line a server: `postgres (PostgreSQL) 16.4 (Debian…)|/usr/lib/postgresql/16/bin`. */
const script = `
look() {
  for program in initdb postgres pg_restore psql; do [ -x "$1/$program" ] || return 0; done
  printf '%s|%s\\n' "$("$1/postgres" --version)" "$1"
}
for pattern in "$@"; do
  for folder in $pattern; do look "$folder"; done
done
if initdb=$(command -v initdb); then look "\${initdb%/*}"; fi
exit 0
`;

/** All folders of a host with the programs of a server and its client, the oldest version first. */
async function findServers(host: Host, signal: AbortSignal, folders = usualFolders): Promise<Client[]> {
  const { stdout } = await runProgram(host, ['sh', '-c', script, 'sh', ...folders], { signal });
  const found = stdout.split('\n').flatMap((line) => {
    const [, version = '', folder = ''] = /\(PostgreSQL\) (\S+)[^|]*\|(\/.*)$/.exec(line) ?? [];
    return version === '' ? [] : [{ major: Number.parseInt(version, 10), version, folder, env: {} }];
  });
  return found.sort((a, b) => a.major - b.major);
}

/**
 * The programs of the oldest version that can read a dump of `engineVersion`.
 * @throws CommandError `postgres.no-server`, naming both versions
 */
export async function chooseServer(
  host: Host,
  engineVersion: string,
  signal: AbortSignal,
  folders?: readonly string[],
): Promise<Client> {
  const wanted = majorOf(engineVersion);
  const servers = await findServers(host, signal, folders);
  const server = servers.find(({ major }) => major >= wanted);
  if (server !== undefined) return server;
  const seen = servers.map(({ version }) => version).join(', ') || 'none';
  throw new CommandError(
    `A dump of PostgreSQL ${engineVersion} can't be loaded on ${host.label}: it needs the server programs of version ${wanted} or later, but there is ${seen}.`,
    {
      code: 'postgres.no-server',
      input: 'scratch-url',
      hint: `Install the package postgresql-${wanted}, or name a server to load it into with \`scratch-url\`.`,
    },
  );
}

/** `16` for `16.4`. */
export function majorOf(engineVersion: string): number {
  const major = Number.parseInt(engineVersion, 10);
  return Number.isNaN(major) ? 0 : major;
}
