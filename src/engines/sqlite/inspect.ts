import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Exit, Host } from '../../core/host.ts';
import { inFlight } from '../../core/in-flight.ts';
import { lastLine, runProgram } from '../../core/program.ts';
import { Facts, type FreeFolder, factScript, type Tools } from './host-facts.ts';

/** What a look at the file tells, before SQLite touches it. */
export interface Inspection extends Tools {
  /** The path with `~/` and symbolic links resolved. */
  readonly path: string;
  readonly fileBytes: number;
  /** The file's header says WAL. */
  readonly wal: boolean;
  /** A `-wal` file is there: some process has the database open, or crashed with it. */
  readonly walBytes: number | null;
  /** The kind of file system that it lies on; `null` when the host can't tell. */
  readonly fileSystem: string | null;
  /** Where a scratch folder can be made and how much is free there, best first. */
  readonly scratchFolders: readonly FreeFolder[];
}

/**
 * Looks without opening: a wrong path must not become a new empty database, and a FIFO must not hang us.
 * Prints `state` and facts, one a line, for each file; the path comes last because it may hold newlines, and NUL ends them.
 */
const script = `${factScript}
tools=$(say_tools)
folders=$(say_temporary_folders)
for f do
  shift
  case $f in "~/"*) f=$HOME/\${f#"~/"} ;; -) f=./- ;; esac
  set -- "$@" "$f"
done
# Two programs for all of them, where these can say it of each; else two for each.
sizes=$(stat -L -c %s -- "$@" 2>/dev/null) || sizes=
kinds=$(stat -f -c %T -- "$@" 2>/dev/null) || kinds=
# What real_path sets, by one program for all the files of a folder that are no links.
folder= resolved=
resolve() {
  case $1 in */*) ;; *) real_path "$1"; return ;; esac
  if [ "$folder" != "\${1%/*}/" ]; then
    folder=\${1%/*}/
    real_path "$folder"
    resolved=$real
  fi
  if [ -L "$1" ] || [ -z "$resolved" ]; then real_path "$1"; else real=\${resolved%/}/\${1##*/}; fi
}
look() {
f=$1
if [ ! -e "$f" ]; then say missing; return; fi
if [ -d "$f" ]; then say directory; return; fi
if [ ! -f "$f" ]; then say special; return; fi
if [ ! -r "$f" ]; then say "unreadable $(id -un 2>/dev/null)"; return; fi
if [ ! -s "$f" ]; then say empty; return; fi
set -- $(od -An -v -tx1 -N19 "$f")
case "$*" in "53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00"*) ;; *) say foreign; return ;; esac
say ok
resolve "$f"
real=\${real:-$f}
say "bytes \${size:-$(wc -c <"$real")}"
say "header \${19}"
say "system \${kind:-$(stat -f -c %T "$real" 2>/dev/null)}"
if [ -e "$real-wal" ]; then say "wal $(wc -c <"$real-wal")"; fi
say "$tools"
say "$folders"
say "path $real"
}
for file do
  size=\${sizes%%"$end_of_line"*} sizes=\${sizes#*"$end_of_line"}
  case $size in *[!0-9]*) size= ;; esac
  kind=\${kinds%%"$end_of_line"*} kinds=\${kinds#*"$end_of_line"}
  look "$file"
  printf '\\0'
done
`;

const faults: Readonly<Record<string, readonly [code: string, why: string, hint: string]>> = {
  missing: [
    'sqlite.missing',
    'there is no such file, or this user may not look into its folder',
    'Correct the path in `database`, or set `sudo: true` for the files of another user.',
  ],
  directory: ['sqlite.not-a-file', 'it is a folder', 'Name the file in it, or a glob such as `…/*.sqlite3`.'],
  special: ['sqlite.not-a-file', 'it is not a regular file', 'Name the database file itself in `database`.'],
  unreadable: [
    'sqlite.unreadable',
    'this user may not read it',
    'Connect as the user that runs the app, or set `sudo: true`.',
  ],
  empty: [
    'sqlite.empty',
    'the file is empty (0 bytes)',
    'Correct the path in `database`: the app most likely writes to another file.',
  ],
  foreign: [
    'sqlite.not-a-database',
    'it is not a SQLite database, or it is encrypted',
    'Correct the path in `database`, or leave the file out with `exclude`.',
  ],
};

/** @throws HoldfastError `sqlite.missing`, `.not-a-file`, `.unreadable`, `.empty`, `.not-a-database`, each naming `database`. */
export async function inspect(host: Host, path: string, signal: AbortSignal): Promise<Inspection> {
  const looks = await lookAt(host, [path], signal);
  return readInspection(looks.get(path), path, host);
}

/** What a look at one file said, and how the program ended that looked. */
export type Look = Exit & { readonly stdout: string };

/** How many files one program looks at, how long their paths may be together, and how many there are at a time. */
const [filesAtOnce, pathsBytes, programsAtOnce] = [50, 32_768, 2];

/** Looks at files, many with one program. */
export async function lookAt(
  host: Host,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Look>> {
  const looks = await inFlight(batches(paths), programsAtOnce, signal, async (some, either) => {
    const run = await runProgram(host, ['sh', '-c', script, 'sh', ...some], { signal: either });
    const said = run.stdout.split('\0');
    return some.map((path, index): [string, Look] => [path, { ...run, stdout: said[index] ?? '' }]);
  });
  return new Map(looks.flat());
}

function batches(paths: readonly string[]): string[][] {
  const made: string[][] = [];
  let bytes = 0;
  for (const path of paths) {
    bytes += Buffer.byteLength(path);
    const last = made.at(-1);
    if (last === undefined || last.length === filesAtOnce || bytes > pathsBytes) {
      made.push([path]);
      bytes = Buffer.byteLength(path);
    } else last.push(path);
  }
  return made;
}

/** What a look said; throws as {@link inspect} does. */
export function readInspection(run: Look | undefined, path: string, host: Host): Inspection {
  if (run === undefined) throw new TypeError(`${path} was not looked at`);
  const [state = ''] = run.stdout.split(/[\n ]/, 1);
  const fault = faults[state];
  if (fault !== undefined) {
    const [code, why, hint] = fault;
    throw new HoldfastError(`sqlite:${path} on ${host.label} can't be backed up: ${why}.`, {
      code,
      input: 'database',
      hint,
    });
  }
  if (run.code !== 0 || state !== 'ok') {
    throw new CommandError(
      `sqlite:${path} could not be looked at on ${host.label}: ${lastLine(run.stderr) || 'no answer'}.`,
      { code: 'sqlite.inspect' },
    );
  }
  return readFacts(run.stdout);
}

function readFacts(stdout: string): Inspection {
  const facts = new Facts(stdout);
  const walBytes = facts.get('wal');
  return {
    path: facts.path,
    fileBytes: Number(facts.get('bytes')),
    wal: Number(facts.get('header')) === 2,
    walBytes: walBytes === undefined ? null : Number(walBytes),
    fileSystem: facts.get('system') || null,
    ...facts.tools,
    scratchFolders: facts.freeFolders,
  };
}
