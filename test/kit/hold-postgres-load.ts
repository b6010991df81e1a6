/**
 * A client that can be killed: `node hold-postgres-load.ts <dump> [scratch url]` loads a dump, with scratch folders in TMPDIR, says so
 * once it is a database, and waits.
 */
import { dumpRequest, scratchEngine } from './postgres-load.ts';
import { localHost } from './sqlite-hosts.ts';

const [file = '', scratchUrl] = process.argv.slice(2);
const host = await localHost();
await scratchEngine({ host, ...(scratchUrl === undefined ? {} : { scratchUrl }) }).load(dumpRequest(file));
process.stdout.write('loaded\n');
setInterval(() => {}, 1000);
