/** A client that can be killed: begins a backup of the database whose URL is argv[2], with scratch folders in TMPDIR. */
import { Secret } from '../../src/core/secret.ts';
import { PostgresEngine } from '../../src/engines/postgres/postgres-engine.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { quietReporter } from './quiet-reporter.ts';
import { signal } from './signal.ts';

const host = await openHost({ ssh: null, container: null, sudo: false, env: process.env, signal });
const urls = [new Secret(process.argv[2] ?? '')];
const engine = new PostgresEngine({
  host,
  runner: host,
  urls,
  globals: false,
  install: null,
  reporter: quietReporter(),
});
for (const database of await engine.discover()) await engine.snapshot(database, { signal });
