import prettyBytes from 'pretty-bytes';
import type { ConfigOf } from '../config/config.ts';
import { type Check, type Finding, good } from '../core/doctor.ts';
import type { Database, Engine } from '../core/engine.ts';
import { HoldfastError, throwIfCancelled } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { safeName, uniqueNames } from '../core/keys.ts';
import { openEngines, openRunner, type Surroundings } from './open.ts';

export interface DatabaseChecks {
  readonly config: ConfigOf<'doctor'>;
  readonly host: () => Promise<Host>;
  readonly stack: AsyncDisposableStack;
  readonly surroundings: Surroundings;
}

/** Finds the databases, and then has a check for each of them. */
export function databaseChecks(given: DatabaseChecks): Check[] {
  const needs = [given.config.host.gated ? 'ssh.gate' : 'host.shell'];
  return [{ id: 'database', needs, run: () => find(given) }];
}

interface Found {
  readonly engine: Engine;
  readonly database: Database;
}

async function find({ config, host, stack, surroundings }: DatabaseChecks): Promise<Finding> {
  const { signal } = surroundings;
  const runner = stack.use(await openRunner(surroundings));
  const engines = openEngines(config, await host(), runner, surroundings);
  const found: Found[] = [];
  const failures: HoldfastError[] = [];
  for (const engine of engines) {
    try {
      const databases = await engine.discover({ signal });
      found.push(...databases.map((database) => ({ engine, database })));
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof HoldfastError)) throw error;
      failures.push(error);
    }
  }
  // Named as in the backup.
  const names = uniqueNames(found.map(({ database }) => safeName(database.name)));
  const more = found.map((each, index) =>
    checkOf(each, names[index] as string, config.host.gated, surroundings),
  );
  const [first] = failures;
  if (first === undefined) return { ...good(`${found.length} to back up: ${names.join(', ')}.`), more };
  const detail = failures.map(({ message }) => message).join(' ');
  return { level: 'fail', detail, hint: first.hint, input: first.input, more };
}

function checkOf({ engine, database }: Found, name: string, gated: boolean, { signal }: Surroundings): Check {
  return {
    id: `database.${name}`,
    // A gate looks for the tools itself.
    needs: engine.id === 'sqlite' && !gated ? ['host.tools'] : [],
    async run() {
      const { expectedBytes, warnings, notes = [], detail } = await engine.probe(database, { signal });
      const size = expectedBytes > 0 ? `, about ${prettyBytes(expectedBytes)}` : '';
      const text = `${database.source}${detail === undefined ? '' : `: ${detail}`}${size}.`;
      const doubts = [...warnings, ...notes.map(({ message }) => message)];
      if (doubts.length === 0) return good(text);
      return { level: 'warn', detail: [text, ...doubts].join(' '), hint: notes[0]?.hint };
    },
  };
}
