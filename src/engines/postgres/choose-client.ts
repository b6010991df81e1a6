import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { type Access, openAccess } from './access.ts';
import { type Client, findClients, usualFolders } from './clients.ts';
import { type Connection, labelOf } from './connection.ts';
import { greet } from './pooler.ts';

export interface PostgresHosts {
  /** Where the database's tools are looked for first. */
  readonly host: Host;
  /** This machine, whose client is used when the host has none that matches and lets us through. */
  readonly runner: Host;
  /** Gets a client of a major version for this machine, or the newest there is; `null` when it can't. */
  readonly install: ((major: number | 'newest', signal: AbortSignal) => Promise<Client | null>) | null;
  /** Asked in passing when the server's version is: a statement that gives one line and sets nothing. */
  readonly alsoAsk?: string;
  /** Globs of folders to look for clients in; for tests. */
  readonly folders?: readonly string[];
}

interface Place {
  readonly host: Host;
  readonly forwarded: boolean;
}

/** A client of the server's version, and where it is. */
interface Match {
  readonly place: Place;
  readonly client: Client;
}

/** What was found for each connection, so that the next access need not look for it again. */
const known = new WeakMap<Connection, Match>();

/**
 * Opens the database with a client of exactly the server's major version: the host's own, else this machine's, through a
 * connection forwarded over SSH where the host is remote, else one that is installed for it.
 * @throws HoldfastError `postgres.no-client`, naming both versions, before anything is dumped; `postgres.pooler`
 */
export async function openMatching(
  hosts: PostgresHosts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Access> {
  const match = known.get(connection);
  return match === undefined
    ? openAnywhere(hosts, connection, signal)
    : openAt(hosts, match, connection, signal);
}

async function openAnywhere(
  hosts: PostgresHosts,
  connection: Connection,
  signal: AbortSignal,
): Promise<Access> {
  const { host, runner, install, folders = usualFolders } = hosts;
  const places: Place[] = [{ host, forwarded: false }];
  if (host.forward !== undefined) places.push({ host: runner, forwarded: true });
  const seen: string[] = [];
  let serverMajor: number | null = null;
  for (const place of places) {
    const clients = await findClients(place.host, signal, folders);
    seen.push(
      `${place.host.label} has ${clients.length === 0 ? 'none' : clients.map(({ major }) => major).join(', ')}`,
    );
    const opened = await openByOneOf(hosts, place, clients, serverMajor, connection, signal);
    if (opened.access !== null) return opened.access;
    serverMajor = opened.major;
  }
  // What is installed is on this machine, and must be used there: not in a container, which also is not remote.
  const here = places.find((place) => place.host.label === runner.label);
  if (install !== null && here !== undefined) {
    const installed = await installMatching({ ...hosts, install }, here, serverMajor, connection, signal);
    if (installed !== null) return installed;
  }
  throw noClient(labelOf(connection, host.label), serverMajor, seen, install !== null);
}

interface Opened {
  /** `null` where no client is of the server's version. */
  readonly access: Access | null;
  /** The server's; `null` as long as nobody could ask. */
  readonly major: number | null;
}

async function openByOneOf(
  hosts: PostgresHosts,
  place: Place,
  clients: readonly Client[],
  knownMajor: number | null,
  connection: Connection,
  signal: AbortSignal,
): Promise<Opened> {
  const [newest] = clients;
  if (newest === undefined) return { access: null, major: knownMajor };
  const asked =
    knownMajor === null
      ? await openAndAsk(hosts, { place, client: newest }, connection, signal)
      : { access: null, major: knownMajor };
  const client = clients.find(({ major }) => major === asked.major);
  if (asked.access !== null || client === undefined) return asked;
  return { access: await openAt(hosts, { place, client }, connection, signal), major: asked.major };
}

async function installMatching(
  hosts: PostgresHosts & { install: NonNullable<PostgresHosts['install']> },
  place: Place,
  knownMajor: number | null,
  connection: Connection,
  signal: AbortSignal,
): Promise<Access | null> {
  let major = knownMajor;
  if (major === null) {
    const any = await hosts.install('newest', signal);
    if (any === null) return null;
    const asked = await openAndAsk(hosts, { place, client: any }, connection, signal);
    if (asked.access !== null) return asked.access;
    major = asked.major;
  }
  const client = await hosts.install(major, signal);
  return client === null ? null : openAt(hosts, { place, client }, connection, signal);
}

/** An access that fits the server; what it is by was the right one. */
async function openAt(
  hosts: PostgresHosts,
  match: Match,
  connection: Connection,
  signal: AbortSignal,
): Promise<Access> {
  const access = await openBy(hosts, match, connection, signal);
  known.set(connection, match);
  return access;
}

/** Any client can ask for the server's version; only the matching one may dump. `access` is `null` where it does not match. */
async function openAndAsk(
  hosts: PostgresHosts,
  match: Match,
  connection: Connection,
  signal: AbortSignal,
): Promise<Opened & { readonly major: number }> {
  await using stack = new AsyncDisposableStack();
  const access = stack.use(await openBy(hosts, match, connection, signal));
  const label = labelOf(connection, hosts.host.label);
  const { major, answer } = await greet(access, label, signal, hosts.alsoAsk).catch((error: unknown) => {
    const refusal = access.refusal?.() ?? null;
    throw refusal === null ? error : notForwarded(hosts.host, connection, refusal);
  });
  if (match.client.major !== major) return { access: null, major };
  known.set(connection, match);
  const held = stack.move();
  return { access: { ...access, answer, [Symbol.asyncDispose]: () => held.disposeAsync() }, major };
}

async function openBy(
  { host }: PostgresHosts,
  { place, client }: Match,
  connection: Connection,
  signal: AbortSignal,
): Promise<Access> {
  if (!place.forwarded || host.forward === undefined) {
    return openAccess({ host: place.host, client, connection, forwardedPort: undefined, signal });
  }
  const { host: name, port = 5432 } = connection;
  await using stack = new AsyncDisposableStack();
  const address = { host: name === undefined || name.startsWith('/') ? 'localhost' : name, port };
  const forward = stack.use(await host.forward(address));
  const access = stack.use(
    await openAccess({ host: place.host, client, connection, forwardedPort: forward.port, signal }),
  );
  const held = stack.move();
  return { ...access, refusal: () => forward.refusal(), [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** The client only sees that its connection ends. */
function notForwarded({ label }: Host, { host, port = 5432 }: Connection, cause: Error): CommandError {
  const address = `${host ?? 'localhost'}:${port}`;
  return new CommandError(`${label} forwards nothing to ${address} (${cause.message}).`, {
    code: 'ssh.forward',
    input: 'database',
    hint:
      `Install the package postgresql-client there, which needs no forward; or start the server and correct the port; or allow it: a key with \`restrict\` ` +
      `needs \`port-forwarding,permitopen="${address}"\` too.`,
    cause,
  });
}

function noClient(
  label: string,
  serverMajor: number | null,
  seen: readonly string[],
  tried: boolean,
): HoldfastError {
  const wanted = serverMajor === null ? 'psql and pg_dump' : `pg_dump ${serverMajor}, the server's version`;
  const packageName = `postgresql-client${serverMajor === null ? '' : `-${serverMajor}`}`;
  const hint = tried
    ? `Install the package ${packageName} (from the PostgreSQL project's own archive where the distribution has none).`
    : `Install the package ${packageName}, set \`install-client: true\`, or run inside the database's container with \`container\`.`;
  return new HoldfastError(`${label} needs ${wanted}, but of clients ${seen.join('; ')}.`, {
    code: 'postgres.no-client',
    input: 'install-client',
    hint,
  });
}
