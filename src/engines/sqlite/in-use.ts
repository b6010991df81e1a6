import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { programFailed, runProgram } from '../../core/program.ts';

/**
 * Who has a database file, its `-wal` or its `-shm` open, in words; `null`: nobody that can be seen.
 *
 * Seen on Linux are the open files of the same user's processes (of all, as root), and through /proc/locks whoever
 * holds a lock, of any user and container: a connection to a WAL database always does, one with a rollback journal
 * only while it reads or writes. So an idle connection of another user to a database with a rollback journal is not
 * seen without root. Elsewhere `lsof` or `fuser` say what they can; without them nothing is seen.
 */
export async function whoUses(host: Host, path: string, signal: AbortSignal): Promise<string | null> {
  const run = await runProgram(host, ['sh', '-c', script, 'sh', path], { signal });
  if (run.code !== 0) throw programFailed(`Looking for who has ${path} open`, host, run);
  const names = new Map<string, string>();
  for (const line of run.stdout.split('\n')) {
    const user = readUser(line);
    if (user !== null) names.set(user.pid, user.words);
  }
  const users = [...names.values()];
  if (users.length === 0) return null;
  return users.length <= 5
    ? users.join(', ')
    : `${users.slice(0, 5).join(', ')} and ${users.length - 5} more`;
}

/** A `user` line for each open file, and a `lock` line for each lock on a file with the same number. */
const script = `
comm_of() { cat "/proc/$1/comm" 2>/dev/null || ps -o comm= -p "$1" 2>/dev/null || printf '\\n'; }
look() {
  inode=$(ls -diL "$1" | awk 'NR == 1 { print $1 }')
  if [ -d /proc/self/fd ]; then
    find -L /proc/[0-9]*/fd -maxdepth 1 -inum "$inode" 2>/dev/null | while read -r hit; do
      [ "$hit" -ef "$1" ] || continue
      pid=\${hit#/proc/}
      pid=\${pid%%/*}
      printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"
    done
    device=$(stat -Lc %D "$1" 2>/dev/null)
    awk -v inode="$inode" '{ for (i = 2; i <= NF; i++) if ($i ~ ":" inode "$") print $(i - 1), $i }' /proc/locks 2>/dev/null |
      while read -r pid place; do printf 'lock %s %s %s %s\\n' "$pid" "$place" "\${device:--}" "$(comm_of "$pid")"; done
  elif command -v lsof >/dev/null 2>&1; then
    for pid in $(lsof -t -- "$1" 2>/dev/null); do printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"; done
  elif command -v fuser >/dev/null 2>&1; then
    for pid in $(fuser "$1" 2>/dev/null); do printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"; done
  fi
}
for file in "$1" "$1-wal" "$1-shm"; do
  if [ -e "$file" ]; then look "$file"; fi
done
exit 0
`;

function readUser(line: string): { readonly pid: string; readonly words: string } | null {
  const [kind, pid = '', ...rest] = line.split(' ');
  if (kind === 'user') return { pid, words: inWords(pid, rest.join(' ')) };
  const [place = '', device = '', ...comm] = rest;
  if (kind !== 'lock' || !isSameDevice(place, device)) return null;
  return { pid, words: inWords(pid, comm.join(' ')) };
}

function inWords(pid: string, comm: string): string {
  if (Number(pid) <= 0) return 'a process that can not be seen from here';
  return comm.trim() === '' ? `process ${pid}` : `process ${pid} (${comm.trim()})`;
}

/**
 * Whether `fe:00:1507783` of /proc/locks and `fe00` of stat are one device. Where the kernel made up the number
 * (major 0: btrfs, overlay), the two may differ for the same file.
 */
function isSameDevice(place: string, device: string): boolean {
  const number = Number.parseInt(device, 16);
  if (Number.isNaN(number)) return true;
  const [major = 0, minor = 0] = place.split(':').map((part) => Number.parseInt(part, 16));
  const wantedMajor = (number >>> 8) & 0xfff;
  const wantedMinor = (number & 0xff) | ((number >>> 12) & 0xfff00);
  return major === wantedMajor && (major === 0 || minor === wantedMinor);
}

export function inUse(label: string, by: string): HoldfastError {
  return new HoldfastError(`${label} is in use by ${by}; nothing was changed.`, {
    code: 'restore.in-use',
    input: 'force',
    hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or override with `force: true`.',
  });
}
