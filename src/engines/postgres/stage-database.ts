import { randomBytes } from 'node:crypto';
import type { LoadRequest } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import { programFailed, runProgram } from '../../core/program.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Staged, Swapped } from '../../core/target.ts';
import { writePlain } from '../../core/write-plain.ts';
import type { Access } from './access.ts';
import { plainLocales, readHeader, readSubscriptions } from './archive-header.ts';
import { readProperties } from './archive-properties.ts';
import { LoadedDatabase, type LoadedDatabaseOptions } from './loaded-database.ts';
import { createDatabase, type NewDatabase } from './new-database.ts';
import { runRestore } from './run-restore.ts';
import { type SwapPlace, swapDatabases } from './swap-databases.ts';
import { type DatabaseFacts, optionsLike } from './target-facts.ts';

export interface StagePlace {
  /** To another database of the server; ends with the stage. */
  readonly access: Access;
  /** Ends with the stage, too. */
  readonly lock: AsyncDisposable;
  /** Of the database that is replaced. */
  readonly name: string;
  readonly label: string;
  /** What the new database's name begins with. */
  readonly prefix: string;
  readonly old: DatabaseFacts | null;
  readonly jobs: number;
  readonly reporter: Reporter;
}

/** Makes the new database, with the old one's owner and locale, under a name of its own: a rename swaps the two. */
export async function stageDatabase(place: StagePlace, request: LoadRequest): Promise<Staged> {
  const { access, lock, label } = place;
  const { signal } = request;
  await using stack = new AsyncDisposableStack();
  stack.use(access);
  stack.use(lock);
  const file = `${access.folder}/backup.dump`;
  await writePlain(access.host, file, request, 'postgres.no-space');
  const database = stack.use(await fill(place, file, request));
  const subscriptions = await readSubscriptions(access, file, signal);
  if (subscriptions.length > 0) {
    place.reporter.warn(
      `Subscriptions are not restored, as they would start to work at once: ${subscriptions.join(', ')}.`,
    );
  }
  const archived = place.old === null ? await readProperties(access, file, signal) : null;
  await dropFile(access, file, signal);
  const options = {
    label: `PostgreSQL ${access.client.major}, beside ${label}`,
    access: database.access,
    held: stack.move(),
    signal,
  };
  return new StagedDatabase(options, { ...place, fresh: database.name, archived, signal });
}

class StagedDatabase extends LoadedDatabase implements Staged {
  readonly #place: SwapPlace;

  constructor(options: LoadedDatabaseOptions, place: SwapPlace) {
    super(options);
    this.#place = place;
  }

  swap(options: { readonly id: string; readonly force: boolean }): Promise<Swapped> {
    return swapDatabases(this.#place, options);
  }
}

interface Concession {
  /** Of the error. */
  readonly when: RegExp;
  readonly flags: readonly string[];
  readonly warning: string;
  /** Not where an app is at work that needs it. */
  readonly forNewOnly?: boolean;
}

/** What the server or the user may lack without harm to the data: then it is done without, and told. */
const concessions: readonly Concession[] = [
  {
    when: /must be owner of extension/,
    flags: ['--no-comments'],
    warning: 'Comments are not restored, as this user may not comment on an extension',
  },
  {
    when: /^tablespace ".*"|"default_tablespace"/,
    flags: ['--no-tablespaces'],
    warning: 'Everything is restored into the default tablespace',
  },
  {
    when: /^role ".*" does not exist|^must be (?:member|owner|superuser|able)|^permission denied/,
    flags: ['--no-owner', '--no-privileges'],
    warning: 'Owners and privileges of what is in the database are not restored',
    forNewOnly: true,
  },
];

async function fill(place: StagePlace, file: string, request: LoadRequest): Promise<NewDatabase> {
  const { access, label, jobs, reporter } = place;
  const { engineVersion, signal } = request;
  const options = await optionsFor(place, file, signal);
  // A subscription would begin to work at once, and keep its database from being dropped.
  const flags = ['--no-subscriptions', ...(jobs > 1 ? [`--jobs=${jobs}`] : ['--single-transaction'])];
  const left = new Set(concessions);
  for (;;) {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await create(place, options, signal));
    const otherLocale = place.old === null && database.option > 0;
    const { version } = access.client;
    const failure = await runRestore({
      ...{ access: database.access, file, flags, signal },
      place: { label: `the new database beside ${label}`, version, engineVersion, otherLocale },
    });
    if (failure === null) {
      if (otherLocale)
        reporter.warn(`${label} gets another locale than the source had: the server lacks it.`);
      stack.move();
      return database;
    }
    const concession = chooseConcession(left, failure, place);
    left.delete(concession);
    flags.push(...concession.flags);
    reporter.warn(`${concession.warning}: ${withoutStop(failure.error)}.`);
  }
}

function chooseConcession(
  left: ReadonlySet<Concession>,
  { reason, error }: { readonly reason: string; readonly error: HoldfastError },
  { old }: StagePlace,
): Concession {
  const found = [...left].find(({ when }) => when.test(reason));
  if (found === undefined) throw error;
  if (found.forNewOnly === true && old !== null) throw withoutOwners(error);
  return found;
}

function withoutOwners(error: HoldfastError): HoldfastError {
  return new HoldfastError(error.message, {
    code: error.code,
    input: 'to',
    hint:
      'Make the role first (CREATE ROLE …; `globals.sql` of a backup with `globals` has it), connect as a superuser, or ' +
      'restore to a new database, where everything belongs to the user of the URL.',
    cause: error,
  });
}

function withoutStop({ message }: HoldfastError): string {
  return message.replace(/\.$/, '');
}

function create(
  { access, label, prefix, reporter }: StagePlace,
  options: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<NewDatabase> {
  return createDatabase({
    access,
    name: prefix + randomBytes(4).toString('hex'),
    options,
    signal,
    what: `Making the new database beside ${label}`,
    onLeft: (drop) => reporter.warn(`The new database may be left beside ${label}: ${drop}`),
  });
}

/** As the old database is; else as the source was, else as the server likes it with the encoding of the source. */
async function optionsFor(
  { access, old }: StagePlace,
  file: string,
  signal: AbortSignal,
): Promise<readonly [string, ...string[]]> {
  if (old !== null) return [optionsLike(old)];
  const header = await readHeader(access, file, signal);
  if (header.encoding === null) return [''];
  const [first = '', ...others] = [
    ...(header.options === null ? [] : [header.options]),
    `ENCODING = '${header.encoding}'`,
    ...plainLocales(header, access.client.major),
  ];
  return [first, ...others];
}

/** It is as large as the database, and no longer needed. */
async function dropFile({ host }: Access, file: string, signal: AbortSignal): Promise<void> {
  const done = await runProgram(host, ['rm', '-f', file], { signal });
  if (done.code !== 0) throw programFailed('Removing the plain file', host, done);
}
