import { HoldfastError } from '../../core/errors.ts';
import { pythonSqlite } from './sqlite-python.ts';
import { sqliteShell } from './sqlite-shell.ts';
import type { SqliteTool } from './sqlite-tool.ts';

/** The SQLite tools of a host. */
export interface Tools {
  /** `sqlite3 --version`; null when the program is not there. */
  readonly shellVersion: string | null;
  /** The SQLite version inside of python3; null when it is not there, or was not looked for as `sqlite3` is. */
  readonly pythonVersion: string | null;
}

export interface FreeFolder {
  readonly path: string;
  readonly freeBytes: number;
}

/**
 * Shell functions that say facts, one a line: `say`, `say_tools` (with `all` also Python where the shell of SQLite is there),
 * `say_free FOLDER`, `say_temporary_folders`; and
 * `real_path FILE`, which sets `real` to the path without links, empty where a folder is missing or `readlink -f` is.
 */
export const factScript = `
say() { printf '%s\\n' "$1"; }
say_tools() {
  shell=
  if command -v sqlite3 >/dev/null 2>&1; then shell=$(sqlite3 -init /dev/null --version </dev/null 2>/dev/null); fi
  if [ -n "$shell" ]; then
    say "sqlite3 $shell"
    [ "\${1:-}" = all ] || return 0
  fi
  if command -v python3 >/dev/null 2>&1; then
    say "python3 $(python3 -I -c 'import sqlite3; print(sqlite3.sqlite_version)' 2>/dev/null)"
  fi
}
say_free() {
  say "free $(df -Pk "$1" | awk 'END { for (i = NF; i > 3; i--) if ($i ~ /^([0-9]+%|-)$/) { print $(i-1); exit } }') $1"
}
real_path() {
  real=$(readlink -f "$1" 2>/dev/null; printf x)
  real=\${real%x}
  real=\${real%"$end_of_line"}
}
end_of_line='
'
say_temporary_folders() {
  for d in "\${TMPDIR:-}" /var/tmp /tmp; do
    if [ -n "$d" ] && [ -d "$d" ] && [ -w "$d" ]; then say_free "$d"; fi
  done
}
`;

/** What a script said with {@link factScript}; a path is its last fact, because it may hold newlines. */
export class Facts {
  readonly #facts: readonly (readonly [string, string])[];
  /** The value of the last fact, `path`. */
  readonly path: string;

  constructor(stdout: string) {
    const at = stdout.indexOf('\npath ');
    const facts = at < 0 ? stdout : stdout.slice(0, at);
    this.#facts = facts.split('\n').map(splitFirst);
    this.path = at < 0 ? '' : stdout.slice(at + '\npath '.length, -1);
  }

  all(name: string): string[] {
    return this.#facts.filter(([key]) => key === name).map(([, value]) => value.trim());
  }

  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  get tools(): Tools {
    return {
      shellVersion: this.get('sqlite3')?.split(' ')[0] || null,
      pythonVersion: this.get('python3') || null,
    };
  }

  get freeFolders(): FreeFolder[] {
    return this.all('free')
      .map(splitFirst)
      .map(([kibibytes, path]) => ({ path, freeBytes: Number(kibibytes) * 1024 }));
  }
}

function splitFirst(line: string): [string, string] {
  const at = line.indexOf(' ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

/**
 * @param what can't be done without: `sqlite:/srv/app.sqlite3 can't be snapshotted`
 * @throws HoldfastError `sqlite.no-tool`
 */
export function chooseTool({ shellVersion, pythonVersion }: Tools, what: string): SqliteTool {
  if (shellVersion !== null) return sqliteShell(shellVersion);
  if (pythonVersion !== null) return pythonSqlite(pythonVersion);
  throw new HoldfastError(`${what}: the host has no sqlite3 program.`, {
    code: 'sqlite.no-tool',
    hint:
      'Install the package `sqlite3` there (apt-get install sqlite3), or `python3`, which can do the same, ' +
      'or name with `container` a container that has one of them and sees the file.',
  });
}

export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

/** What a file of so many plain bytes takes on the disk, with some room. */
export function roomFor(plainBytes: number): number {
  return Math.ceil(plainBytes * 1.1);
}
