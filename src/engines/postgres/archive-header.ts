import { runProgram } from '../../core/program.ts';
import type { Access } from './access.ts';
import { literal } from './names.ts';

/** How an archive says that its database is to be made. */
export interface ArchiveHeader {
  /** `UTF8`; `null` when the archive does not say. */
  readonly encoding: string | null;
  /** Options of CREATE DATABASE for encoding and locale; `null` when the archive does not say. */
  readonly options: string | null;
}

/** The statement comes within the first lines. */
const script = '"$1" --create --section=pre-data --file=- "$2" 2>/dev/null | head -c 262144';

const statement =
  /^CREATE DATABASE (?:"(?:[^"]|"")*"|\S+) WITH TEMPLATE = template0((?: \w+ = (?:'(?:[^']|'')*'|\w+))*);$/m;

/** The options that are about texts; a tablespace is not. */
const known = /^(?:ENCODING|LOCALE_PROVIDER|LOCALE|LC_COLLATE|LC_CTYPE|ICU_LOCALE|ICU_RULES|BUILTIN_LOCALE)$/;

/** Never throws for an archive that is damaged: loading it will tell. */
export async function readHeader(
  { host, client }: Access,
  file: string,
  signal: AbortSignal,
): Promise<ArchiveHeader> {
  const argv = ['sh', '-c', script, 'sh', `${client.folder}/pg_restore`, file] as const;
  const { stdout } = await runProgram(host, argv, { signal, env: client.env });
  const text = statement.exec(stdout)?.[1];
  if (text === undefined) return { encoding: null, options: null };
  const options = [...text.matchAll(/(\w+) = ('(?:[^']|'')*'|\w+)/g)]
    .map(([, name = '', value = '']) => ({ name, value }))
    .filter(({ name }) => known.test(name));
  const encoding = options.find(({ name }) => name === 'ENCODING')?.value.slice(1, -1);
  return {
    encoding: encoding ?? null,
    options: options.length === 0 ? null : options.map(({ name, value }) => `${name} = ${value}`).join(' '),
  };
}

const listScript = `"$1" --list "$2" 2>/dev/null | sed -n 's/^[0-9; ]* SUBSCRIPTION - //p'`;

/** Name and owner of each subscription in an archive. */
export async function readSubscriptions(
  { host, client }: Access,
  file: string,
  signal: AbortSignal,
): Promise<string[]> {
  const argv = ['sh', '-c', listScript, 'sh', `${client.folder}/pg_restore`, file] as const;
  const { stdout } = await runProgram(host, argv, { signal, env: client.env });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Options for a database with the archive's encoding where its locale is not to be had, the most alike first. */
export function plainLocales({ encoding }: ArchiveHeader, serverMajor: number): string[] {
  const provider = serverMajor >= 15 ? ' LOCALE_PROVIDER = libc' : '';
  const texts = encoding === null ? '' : `ENCODING = ${literal(encoding)} `;
  const ctypes = encoding === null || encoding === 'UTF8' ? ['C.UTF-8', 'C'] : ['C'];
  return ctypes.map((ctype) => `${texts}LC_COLLATE = 'C' LC_CTYPE = '${ctype}'${provider}`);
}
