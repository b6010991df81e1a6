import { HoldfastError } from '../../core/errors.ts';

/** What a pooler in transaction mode would do to the app. */
export const sharedSessions =
  'a connection pooler in transaction mode, where the settings of our sessions would stay on connections that the app shares';

export interface PoolerUrl {
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The parameter `pgbouncer`, by which Prisma is told of a pooler. */
  readonly pgbouncer: string | undefined;
}

/**
 * Refuses the URLs that providers give for their poolers in transaction mode; others show when they are connected to.
 * @throws HoldfastError `postgres.pooler`, with the URL to write instead
 */
export function refusePoolerUrl(url: PoolerUrl): void {
  const hint = directUrl(url);
  if (hint === null) return;
  throw new HoldfastError(
    `The PostgreSQL URL in \`database\` can't be used: it leads to ${sharedSessions}.`,
    { code: 'postgres.pooler', input: 'database', hint },
  );
}

function directUrl({ host = '', port, pgbouncer }: PoolerUrl): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  const flagged = pgbouncer === 'true';
  const without = pgbouncer === undefined ? '' : ', without `pgbouncer` in it';
  if (/^[^.]+-pooler\..*\bneon\.tech$/.test(name)) {
    return `Write Neon's direct URL: the host ${name.replace('-pooler.', '.')}${without}.`;
  }
  if (/\.supabase\.com?$/.test(name) && (port === 6543 || flagged)) {
    return `Write the URL of Supabase's session pooler: the same with port 5432${without}.`;
  }
  if (!flagged) return null;
  return 'Write the direct URL of the server, without `pgbouncer` in it; Prisma calls that one `directUrl`.';
}
