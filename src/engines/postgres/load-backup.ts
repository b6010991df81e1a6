import { randomBytes } from 'node:crypto';
import type { Loaded, LoadRequest } from '../../core/engine.ts';
import { CommandError, throwIfCancelled } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Secret } from '../../core/secret.ts';
import { writePlain } from '../../core/write-plain.ts';
import { query } from './access.ts';
import { type ArchiveHeader, plainLocales, readHeader } from './archive-header.ts';
import type { PostgresHosts } from './choose-client.ts';
import { LoadedDatabase } from './loaded-database.ts';
import { readSql } from './loaded-sql.ts';
import { identifier } from './names.ts';
import { createDatabase, type NewDatabase } from './new-database.ts';
import type { RestoreFailure } from './restore-errors.ts';
import { runRestore } from './run-restore.ts';
import { givenServer, ownServer, type ScratchServer } from './scratch-server.ts';

export interface LoadOptions extends PostgresHosts {
  readonly scratchUrl?: Secret;
  readonly reporter: Reporter;
}

/** How often a role that is missing in a cluster of our own is made, and the loading begun anew. */
const mostRoles = 100;

/** Loads an archive into a scratch database: of the server at `scratchUrl`, else of a cluster of its own. */
export async function loadBackup(options: LoadOptions, request: LoadRequest): Promise<Loaded> {
  if (request.extension === 'sql') return readSql(request.plain);
  const { scratchUrl, host, folders, reporter } = options;
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    scratchUrl === undefined
      ? await ownServer(host, folders, request)
      : await givenServer(options, scratchUrl, request),
  );
  const { access, label } = server;
  const file = `${access.folder}/backup.dump`;
  await writePlain(access.host, file, request, 'postgres.no-space');
  const header = await readHeader(access, file, request.signal);
  const { signal } = request;
  const filling = fill(server, { file, header, request, reporter }).catch((error: unknown) => {
    // A cluster that is cancelled ends before its clients do: what these say of it is not the reason.
    throwIfCancelled(signal);
    throw error;
  });
  const database = stack.use(await filling);
  return new LoadedDatabase({ label, access: database.access, held: stack.move(), signal });
}

interface Filling {
  readonly file: string;
  readonly header: ArchiveHeader;
  readonly request: LoadRequest;
  readonly reporter: Reporter;
}

/** What belongs to a server, not to its database, is left out. A subscription would keep the database from being dropped. */
const flags = [
  '--single-transaction',
  '--no-owner',
  '--no-privileges',
  '--no-tablespaces',
  '--no-security-labels',
  '--no-publications',
  '--no-subscriptions',
];

async function fill(
  server: ScratchServer,
  { file, header, request, reporter }: Filling,
): Promise<NewDatabase> {
  const { access, label } = server;
  const { engineVersion, signal } = request;
  const same = header.options === null ? [] : [header.options];
  const [first = '', ...others] = [...same, ...plainLocales(header, access.client.major)];
  for (let attempt = 0; ; attempt += 1) {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(
      await createDatabase({
        access,
        name: `holdfast_scratch_${randomBytes(6).toString('hex')}`,
        options: [first, ...others],
        what: `Making ${label}`,
        signal,
        onLeft: (drop) => {
          if (server.cluster === null) reporter.warn(`A scratch database may be left on the server: ${drop}`);
        },
      }),
    );
    const otherLocale = header.options !== null && database.option > 0;
    const place = { label, version: access.client.version, engineVersion, otherLocale };
    const failure = await runRestore({ access: database.access, file, flags, place, signal });
    if (failure === null) {
      stack.move();
      return database;
    }
    if (attempt === mostRoles || !(await makeRole(server, failure, signal))) {
      throw await explained(server, failure);
    }
  }
}

/** A policy may name a role; who that is does not matter here. */
async function makeRole(
  { cluster, access, label }: ScratchServer,
  { reason, error }: RestoreFailure,
  signal: AbortSignal,
): Promise<boolean> {
  const role = /^role "(.*)" does not exist/.exec(reason)?.[1];
  if (cluster === null || role === undefined || error.code !== 'postgres.no-role') return false;
  await query(access, `Making a role in ${label}`, `CREATE ROLE ${identifier(role)} NOLOGIN;\n`, signal);
  return true;
}

async function explained({ cluster, label }: ScratchServer, { error }: RestoreFailure): Promise<Error> {
  if (error.code !== 'postgres.lost' || !(await cluster?.isFull())) return error;
  return new CommandError(`The backup could not be loaded into ${label}: the disk is full.`, {
    code: 'postgres.no-space',
    hint: 'Free some space in the temporary folder, or set TMPDIR to one with room.',
    cause: error,
  });
}
