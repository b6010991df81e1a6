import type { LoadRequest } from '../../core/engine.ts';
import { CommandError, HoldfastError } from '../../core/errors.ts';
import type { Reporter } from '../../core/reporter.ts';
import type { Secret } from '../../core/secret.ts';
import type { Staged, Target, TargetState } from '../../core/target.ts';
import { type Access, inDatabase, query } from './access.ts';
import type { PostgresHosts } from './choose-client.ts';
import { type Connection, labelOf, parseConnection } from './connection.ts';
import { contentQuery } from './fingerprint.ts';
import { about, openMaintenance } from './maintenance.ts';
import { identifier, suffixed } from './names.ts';
import { PostgresEngine } from './postgres-engine.ts';
import { assertNewEnough } from './scratch-server.ts';
import { stageDatabase } from './stage-database.ts';
import { describeSessions, readFacts, type ServerFacts } from './target-facts.ts';
import { lockTarget } from './target-lock.ts';

export interface PostgresTargetOptions extends PostgresHosts {
  readonly url: Secret;
  /** How many connections load the data at once. */
  readonly jobs: number;
  readonly reporter: Reporter;
}

/** One database of a server, which need not be there yet. */
export class PostgresTarget implements Target {
  readonly engine = 'postgres';
  readonly name: string;
  readonly label: string;
  readonly source: PostgresEngine;
  readonly #options: PostgresTargetOptions;
  readonly #connection: Connection;
  /** What the names of new databases begin with, until they are swapped in. */
  readonly #prefix: string;

  /** @throws HoldfastError `postgres.url`, naming `to` */
  constructor(options: PostgresTargetOptions) {
    const { url, host, reporter } = options;
    this.#options = options;
    this.#connection = parseTo(url);
    this.name = this.#connection.database;
    this.label = labelOf(this.#connection, host.label);
    if (/^template[01]$/.test(this.name)) throw isTemplate(this.label);
    this.#prefix = suffixed(this.name, '_restore_........').slice(0, -8);
    this.source = new PostgresEngine({ ...options, urls: [url], globals: false, evenEmpty: true, reporter });
  }

  async inspect({ signal }: { signal: AbortSignal }): Promise<TargetState> {
    return this.#about(async () => {
      await using access = await this.#open(signal);
      const { database, leftovers } = await this.#facts(access, signal);
      for (const name of leftovers) {
        this.#options.reporter.warn(
          `The database ${name} is what another restore left, or is making: DROP DATABASE ${identifier(name)};`,
        );
      }
      if (database === null) return { state: 'absent', inUse: null };
      return { state: await this.#stateOf(access, signal), inUse: describeSessions(database) };
    });
  }

  async stage(request: LoadRequest): Promise<Staged> {
    const { name, label } = this;
    if (request.extension === 'sql') throw notLoaded(label);
    const { jobs, reporter } = this.#options;
    return this.#about(async () => {
      await using stack = new AsyncDisposableStack();
      const access = stack.use(await this.#open(request.signal));
      assertNewEnough(access, label, request.engineVersion, 'to');
      const { database: old } = await this.#facts(access, request.signal);
      const lock = stack.use(await lockTarget(access, this, request.signal));
      stack.move();
      const place = { access, lock, name, label, prefix: this.#prefix, old, jobs, reporter };
      return stageDatabase(place, request);
    });
  }

  /** A database can be renamed from another one only. */
  #open(signal: AbortSignal): Promise<Access> {
    const others = ['postgres', 'template1'].filter((database) => database !== this.name);
    return openMaintenance(this.#options, this.#connection, others, signal);
  }

  async #facts(access: Access, signal: AbortSignal): Promise<ServerFacts> {
    const { name, label } = this;
    const what = `Looking at ${label}`;
    const facts = await readFacts(access, { what, name, leftover: this.#prefix }, signal);
    const obstacle = obstacleIn(facts);
    if (obstacle === null) return facts;
    const [why, hint] = obstacle;
    throw new HoldfastError(`${label} can't be restored to: ${why}.`, {
      code: 'restore.permission',
      input: 'to',
      hint,
    });
  }

  /** One that can't be looked into may be just what is to be replaced. */
  async #stateOf(access: Access, signal: AbortSignal): Promise<'empty' | 'present'> {
    const inside = inDatabase(access, this.name);
    try {
      const [content] = await query(inside, `Looking into ${this.label}`, contentQuery, signal);
      return content === 'f' ? 'empty' : 'present';
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code === 'cancelled') throw error;
      return 'present';
    }
  }

  async #about<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof HoldfastError ? this.#told(error) : error;
    }
  }

  /** On a new server the role is what is missing; one that asks for passwords says no more than that this one is wrong. */
  #told(error: HoldfastError): HoldfastError {
    const { message, code, input, hint = '', cause } = about('to', error);
    const { user } = this.#connection;
    if (user === undefined || !ofRole.has(code)) return about('to', error);
    const create = `CREATE ROLE ${identifier(user)} LOGIN CREATEDB PASSWORD '…';`;
    return new CommandError(message, {
      ...{ code, input, cause },
      hint: `${hint} On a new server make the role first, as a superuser: ${create}`,
    });
  }
}

const ofRole: ReadonlySet<string> = new Set(['postgres.no-role', 'postgres.password']);

function parseTo(url: Secret): Connection {
  try {
    return parseConnection(url);
  } catch (error) {
    throw error instanceof HoldfastError ? about('to', error) : error;
  }
}

function obstacleIn({
  user,
  mayCreate,
  mayAlter,
  standby,
}: ServerFacts): readonly [why: string, hint: string] | null {
  const role = identifier(user);
  if (standby) return ['its server is a standby, which takes no changes', 'Restore to the primary.'];
  if (!mayCreate)
    return [`the role ${user} may not create databases`, `As a superuser: ALTER ROLE ${role} CREATEDB;`];
  if (!mayAlter)
    return [
      `it belongs to a role that ${user} is no member of`,
      'Connect as the owner of the database, or as a superuser.',
    ];
  return null;
}

function isTemplate(label: string): HoldfastError {
  return new HoldfastError(`${label} can't be restored to: new databases are made from it.`, {
    code: 'restore.permission',
    input: 'to',
    hint: 'Name the database of your app in `to`.',
  });
}

function notLoaded(label: string): HoldfastError {
  return new HoldfastError(`SQL of a backup can't be restored to ${label}: it is of a whole server.`, {
    code: 'restore.sql',
    input: 'to',
    hint: 'Fetch it with `to: file:folder`, read it, and run by hand what you want of it.',
  });
}
