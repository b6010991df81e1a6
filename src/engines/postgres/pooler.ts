import { HoldfastError } from '../../core/errors.ts';
import { type Access, queryAsIs } from './access.ts';
import { HeldSession } from './held-session.ts';
import { sharedSessions } from './pooler-url.ts';

/** A setting of our own, given as the session begins: poolers refuse it or leave it out, a server shows it. */
const mark = '-c holdfast.direct=yes';

const answerMark = 'holdfast-answer';

/** Sets nothing, and must not fail where the mark is missing. */
const questions = (also: string): string => `SHOW server_version_num;
\\set ON_ERROR_STOP 0
SHOW holdfast.direct;
\\echo ${answerMark}
${also}
`;

/** What a server says to whoever comes in. */
export interface Greeting {
  /** Its version. */
  readonly major: number;
  /** The line that was asked for beside it; absent when it could not be had in passing. */
  readonly answer: string | undefined;
}

const rounds = 3;

/**
 * Asks for the server's major version, and whether the sessions are ours alone. Nothing is set before that is known.
 * @param also a statement that gives one line and sets nothing, asked in passing
 * @throws HoldfastError `postgres.pooler` where sessions share the server's connections
 */
export async function greet(
  access: Access,
  label: string,
  signal: AbortSignal,
  also = '',
): Promise<Greeting> {
  const what = `Connecting to ${label}`;
  const marked = { ...access, env: { ...access.env, PGOPTIONS: mark } };
  const said = await queryAsIs(marked, what, questions(also), signal).catch((error: unknown): string[] => {
    if (mayBeTheMark(error)) return [];
    throw error;
  });
  const [version, direct] = said;
  if (version !== undefined && direct === 'yes')
    return { major: majorOf(version), answer: said[said.indexOf(answerMark) + 1] };
  return { major: majorOf(await versionBehindPooler(access, what, label, signal)), answer: undefined };
}

function majorOf(version: string): number {
  return Math.floor(Number(version) / 10_000);
}

/** Poolers have their own words for what they refuse. */
function mayBeTheMark(error: unknown): boolean {
  return (
    error instanceof HoldfastError && (error.code === 'postgres.options' || error.code === 'postgres.failed')
  );
}

/**
 * Two sessions at a time. Where each has a connection of the server for itself, as in a pooler's session mode, each sees one
 * process of the server, and not the other's. A pooler gives a shared connection to whoever comes next: to the other session, or
 * to a third one, and then the first sees another process the second time.
 */
async function versionBehindPooler(
  access: Access,
  what: string,
  label: string,
  signal: AbortSignal,
): Promise<string> {
  await using one = new HeldSession(access, what, signal);
  await using two = new HeldSession(access, what, signal);
  const [version = ''] = await one.ask('SHOW server_version_num;');
  const [ofOne, ofTwo] = [new Set<string>(), new Set<string>()];
  for (let round = 0; round < rounds; round += 1) {
    for (const [session, seen] of [
      [one, ofOne],
      [two, ofTwo],
    ] as const) {
      for (const pid of await session.ask('SELECT pg_backend_pid();\nSELECT pg_backend_pid();'))
        seen.add(pid);
    }
  }
  if (ofOne.size === 1 && ofTwo.size === 1 && ofOne.isDisjointFrom(ofTwo)) return version;
  throw new HoldfastError(`${label} can't be used: it is behind ${sharedSessions}.`, {
    code: 'postgres.pooler',
    input: 'database',
    hint:
      "Write the direct URL of the server: its own host and port, not the pooler's. A pooler's session mode will do too " +
      '(pool_mode=session in PgBouncer).',
  });
}
