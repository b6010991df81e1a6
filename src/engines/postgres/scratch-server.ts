import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Secret } from '../../core/secret.ts';
import { type Access, openAccess } from './access.ts';
import type { PostgresHosts } from './choose-client.ts';
import { parseConnection } from './connection.ts';
import { about, openMaintenance } from './maintenance.ts';
import { type ScratchCluster, startCluster } from './scratch-cluster.ts';
import { chooseServer, majorOf } from './server-programs.ts';

/** A server where scratch databases can be made. Disposing leaves it, or ends it when it is our own. */
export interface ScratchServer extends AsyncDisposable {
  /** For people, as the place of a database. */
  readonly label: string;
  readonly access: Access;
  /** The cluster that is all ours; `null` for somebody's server. */
  readonly cluster: ScratchCluster | null;
}

export interface ScratchRequest {
  readonly engineVersion: string;
  readonly signal: AbortSignal;
}

/** A cluster of our own, made of the server programs of the host. @throws CommandError `postgres.no-server` */
export async function ownServer(
  host: Host,
  folders: readonly string[] | undefined,
  { engineVersion, signal }: ScratchRequest,
): Promise<ScratchServer> {
  const client = await chooseServer(host, engineVersion, signal, folders);
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster(host, client, signal));
  const { connection } = cluster;
  const access = stack.use(await openAccess({ host, client, connection, forwardedPort: undefined, signal }));
  const held = stack.move();
  return {
    label: `a scratch cluster of PostgreSQL ${client.version}`,
    access,
    cluster,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** @throws CommandError `postgres.too-old` when the server is older than the dump */
export async function givenServer(
  hosts: PostgresHosts,
  url: Secret,
  { engineVersion, signal }: ScratchRequest,
): Promise<ScratchServer> {
  await using stack = new AsyncDisposableStack();
  try {
    const connection = parseConnection(url);
    const databases = [...new Set([connection.database, 'postgres', 'template1'])];
    const access = stack.use(await openMaintenance(hosts, connection, databases, signal));
    const label = `a scratch database of PostgreSQL ${access.client.major} at ${connection.host ?? hosts.host.label}`;
    assertNewEnough(access, label, engineVersion, 'scratch-url');
    const held = stack.move();
    return { label, access, cluster: null, [Symbol.asyncDispose]: () => held.disposeAsync() };
  } catch (error) {
    throw error instanceof HoldfastError ? about('scratch-url', error) : error;
  }
}

/** A server reads the dumps of its own and earlier versions only. */
export function assertNewEnough(
  { client: { major } }: Access,
  label: string,
  engineVersion: string,
  input: 'scratch-url' | 'to',
): void {
  const wanted = majorOf(engineVersion);
  if (major >= wanted) return;
  throw new CommandError(
    `A dump of PostgreSQL ${engineVersion} can't be loaded into ${label}: the server is of version ${major}, which is older.`,
    { code: 'postgres.too-old', input, hint: `Name a server of version ${wanted} or later in \`${input}\`.` },
  );
}
