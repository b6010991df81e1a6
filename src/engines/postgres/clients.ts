import type { Host } from '../../core/host.ts';
import { runProgram } from '../../core/program.ts';

/** psql, pg_dump and pg_dumpall of one major version. */
export interface Client {
  readonly major: number;
  /** `pg_dump (PostgreSQL) 16.4`, without the words. */
  readonly version: string;
  /** The folder that they are in, on the host. */
  readonly folder: string;
  /** Variables that they need, such as where their library lies. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where packages and installers put clients of several majors side by side. */
export const usualFolders: readonly string[] = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/local/pgsql/bin',
];

/** One line a client: `pg_dump (PostgreSQL) 16.4 (Debian…)|/usr/lib/postgresql/16/bin`. PATH comes last; Debian's wrapper there leads to those before it. */
const script = `
known=
for pattern in "$@"; do
  for folder in $pattern; do
    if [ -x "$folder/pg_dump" ] && [ -x "$folder/psql" ]; then
      known=yes
      printf '%s|%s\\n' "$("$folder/pg_dump" --version)" "$folder"
    fi
  done
done
dump=$(command -v pg_dump) && command -v psql >/dev/null || exit 0
case $known$(readlink -f "$dump" 2>/dev/null) in yes*/pg_wrapper) exit 0 ;; esac
printf '%s|%s\\n' "$(pg_dump --version)" "\${dump%/*}"
`;

/** All clients of a host, the newest first. @param folders globs of folders; PATH is looked at too. */
export async function findClients(
  host: Host,
  signal: AbortSignal,
  folders: readonly string[] = usualFolders,
): Promise<Client[]> {
  const { stdout } = await runProgram(host, ['sh', '-c', script, 'sh', ...folders], { signal });
  const found = stdout.split('\n').flatMap((line) => {
    const [, version = '', folder = ''] = /\(PostgreSQL\) (\S+)[^|]*\|(\/.*)$/.exec(line) ?? [];
    return version === '' ? [] : [{ major: Number.parseInt(version, 10), version, folder, env: {} }];
  });
  return found.sort((a, b) => b.major - a.major);
}
