import { createHash } from 'node:crypto';
import { otherRestore } from '../../core/target.ts';
import type { Access } from './access.ts';
import { HeldSession } from './held-session.ts';
import { sessionSettings } from './take-fingerprint.ts';

/**
 * Keeps other restores from the database of that name for as long as a session is open, which ends with this process too.
 * @throws HoldfastError `restore.locked` when another one is at work
 */
export async function lockTarget(
  access: Access,
  { name, label }: { readonly name: string; readonly label: string },
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const session = stack.use(new HeldSession(access, `Locking ${label}`, signal));
  await session.ask(sessionSettings(0));
  const key = createHash('sha256').update(`holdfast restore ${name}`).digest().readBigInt64BE();
  const [locked] = await session.ask(`SELECT pg_try_advisory_lock(${key});`);
  if (locked !== 't') throw otherRestore(label);
  return stack.move();
}
