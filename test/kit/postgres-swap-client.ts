/**
 * A client that can be killed: `node postgres-swap-client.ts <url> <dump> <programs> <ms>` restores the dump over the database, by
 * force, and kills itself so many milliseconds after it started so many programs.
 */
import type { Host } from '../../src/core/host.ts';
import { dumpRequest, targetFor } from './postgres-load.ts';
import { localHost } from './sqlite-hosts.ts';

const [url = '', dump = '', programs = '', delayMs = ''] = process.argv.slice(2);
await using real = await localHost();
let started = 0;
const host: Host = {
  label: real.label,
  remote: real.remote,
  stallMs: real.stallMs,
  spawn(argv, options) {
    started += 1;
    if (started === Number(programs)) setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(delayMs));
    return real.spawn(argv, options);
  },
  claim: (path, options) => real.claim(path, options),
  scratch: (options) => real.scratch(options),
  [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
};
await using staged = await targetFor(url, { host }).stage(dumpRequest(dump));
await staged.check();
await staged.swap({ id: 'X1', force: true });
process.stdout.write(`done ${started}\n`);
