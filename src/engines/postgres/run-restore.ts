import { runProgram } from '../../core/program.ts';
import type { Access } from './access.ts';
import { type RestoreFailure, type RestorePlace, restoreFailure } from './restore-errors.ts';

export interface RestoreJob {
  /** Into the database that it is to fill. */
  readonly access: Access;
  /** The archive, on the access's host. */
  readonly file: string;
  readonly flags: readonly string[];
  readonly place: RestorePlace;
  readonly signal: AbortSignal;
}

/** What pg_restore says first counts, and may be followed by the whole statement that failed. */
const script = `
said=$1
shift
"$@" 2>"$said"
status=$?
if [ "$status" -ne 0 ]; then
  { LC_ALL=C grep -a -m 1 -E 'error: |ERROR: |FATAL: |PANIC: ' "$said" || tail -n 3 "$said"; } | cut -c 1-2000 >&2
  LC_ALL=C grep -a -m 1 'Command was: ' "$said" | cut -c 1-300 >&2
fi
exit "$status"
`;

/** Loads an archive, all of it or to the first error. Gives why it failed; `null` when it did not. */
export async function runRestore({
  access,
  file,
  flags,
  place,
  signal,
}: RestoreJob): Promise<RestoreFailure | null> {
  const { host, env, folder } = access;
  const restore = access.program('pg_restore', '--exit-on-error', '--no-password', ...flags, file);
  const run = await runProgram(host, ['sh', '-c', script, 'sh', `${folder}/restore.log`, ...restore], {
    signal,
    env,
  });
  return run.code === 0 ? null : restoreFailure(run, place);
}
