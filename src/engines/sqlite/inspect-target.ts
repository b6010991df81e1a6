import { posix } from 'node:path';
import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { lastLine, runProgram } from '../../core/program.ts';
import { chooseTool, Facts, factScript } from './host-facts.ts';
import type { SqliteTool } from './sqlite-tool.ts';

/** What is at the place that a restore is to fill, before SQLite touches it. */
export interface TargetPlace {
  /** The path with `~/` and symbolic links resolved. */
  readonly path: string;
  readonly folder: string;
  readonly exists: boolean;
  readonly content: 'none' | 'database' | 'foreign';
  /** A `-wal` or `-journal` with bytes in it lies beside it. */
  readonly sideContent: boolean;
  /** User, group and mode that the new file is to have. */
  readonly owner: { readonly uid: number; readonly gid: number; readonly mode: string };
  readonly freeBytes: number;
  readonly tool: SqliteTool;
}

/** Looks without opening, as the database there may be damaged, in use, or no database at all. */
const script = `${factScript}
f=$1
case $f in "~/"*) f=$HOME/\${f#"~/"} ;; esac
owner_of() { stat -c '%u %g %a' "$1" 2>/dev/null || stat -f '%u %g %Lp' "$1"; }
if [ -d "$f" ]; then say directory; exit 0; fi
real_path "$f"
if [ -z "$real" ]; then
  d=\${f%/*}
  if [ ! -d "$d/" ]; then
    if [ -e "$d" ]; then say not-a-folder; else say no-folder; fi
    exit 0
  fi
  d=$(cd "$d/" && pwd -P; printf x)
  d=\${d%x}
  real=\${d%"$end_of_line"}/\${f##*/}
fi
d=\${real%/*}
d=\${d:-/}
if [ ! -e "$d" ]; then say no-folder; exit 0; fi
if [ ! -d "$d" ]; then say not-a-folder; exit 0; fi
if [ ! -w "$d" ] || [ ! -x "$d" ]; then say "locked-folder"; exit 0; fi
if [ -L "$real" ] && [ ! -e "$real" ]; then say no-folder; exit 0; fi
if [ -e "$real" ] && [ ! -f "$real" ]; then say special; exit 0; fi
say ok
say "uid $(id -u)"
if [ -e "$real" ]; then
  say "owner $(owner_of "$real")"
  if [ -s "$real" ]; then
    if [ "$(head -c 15 "$real" 2>/dev/null | tr -d '\\000')" = "SQLite format 3" ]; then say "content database"; else say "content foreign"; fi
  fi
else
  say "folder-owner $(owner_of "$d")"
fi
if [ -s "$real-wal" ] || [ -s "$real-journal" ]; then say "side yes"; fi
say_tools
say_free "$d"
say "path $real"
`;

const faults: Readonly<Record<string, readonly [code: string, why: string, hint: string]>> = {
  directory: ['restore.not-a-file', 'it is a folder', 'Name the database file in it.'],
  special: ['restore.not-a-file', 'it is not a regular file', 'Name the database file itself in `to`.'],
  'no-folder': [
    'restore.folder',
    'the folder that it would be in is not there, or this user may not look into it',
    'Correct the path in `to`, make the folder, or set `sudo: true` for the files of another user.',
  ],
  'not-a-folder': ['restore.folder', 'what should be its folder is a file', 'Correct the path in `to`.'],
  'locked-folder': [
    'restore.folder',
    'this user may not write to its folder',
    'Connect as the user that runs the app, or set `sudo: true`.',
  ],
};

/**
 * @param path never looks like an option
 * @throws HoldfastError `restore.folder`, `restore.not-a-file`, each naming `to`, `sqlite.no-tool`
 */
export async function inspectTarget(
  host: Host,
  { path, label }: { readonly path: string; readonly label: string },
  signal: AbortSignal,
): Promise<TargetPlace> {
  const run = await runProgram(host, ['sh', '-c', script, 'sh', path], { signal });
  const [state = ''] = run.stdout.split(/[\n ]/, 1);
  const fault = faults[state];
  if (fault !== undefined) {
    const [code, reason, hint] = fault;
    throw new HoldfastError(`${label} can't be restored to: ${reason}.`, { code, input: 'to', hint });
  }
  if (run.code !== 0 || state !== 'ok') {
    throw new CommandError(`${label} could not be looked at: ${lastLine(run.stderr) || 'no answer'}.`, {
      code: 'restore.inspect',
    });
  }
  return readPlace(new Facts(run.stdout), label);
}

function readPlace(facts: Facts, label: string): TargetPlace {
  const exists = facts.get('owner') !== undefined;
  const content = facts.get('content');
  return {
    path: facts.path,
    folder: posix.dirname(facts.path),
    exists,
    content: content === 'database' || content === 'foreign' ? content : 'none',
    sideContent: facts.get('side') !== undefined,
    owner: ownerOf(facts),
    freeBytes: facts.freeFolders[0]?.freeBytes ?? 0,
    tool: chooseTool(facts.tools, `${label} can't be restored to`),
  };
}

/** The old file's; for a new one only its owner may read it: the folder's owner where we may choose. */
function ownerOf(facts: Facts): TargetPlace['owner'] {
  const [uid = '', gid = '', mode = '600'] = (facts.get('owner') ?? '').split(' ');
  if (uid !== '') return { uid: Number(uid), gid: Number(gid), mode };
  const ofFolder = facts.get('uid') === '0' ? facts.get('folder-owner') : undefined;
  const [folderUid = '', folderGid = ''] = (ofFolder ?? '').split(' ');
  return { uid: Number(folderUid || -1), gid: Number(folderGid || -1), mode: '600' };
}
