/**
 * A client that can be killed: `node sqlite-swap-client.ts <path> <plain file> <id> <programs> <ms> [sshd as JSON]` restores the plain file
 * over the path, and kills itself so many milliseconds after it started so many programs.
 */
import { readFileSync } from 'node:fs';
import type { Host } from '../../src/core/host.ts';
import { SqliteTarget } from '../../src/engines/sqlite/sqlite-target.ts';
import { localHost, sshHost } from './sqlite-hosts.ts';
import { loadRequest } from './sqlite-plain.ts';

const [path = '', plain = '', id = '', programs = '', delayMs = '', sshd] = process.argv.slice(2);
await using real = sshd === undefined ? await localHost() : await sshHost(JSON.parse(sshd));
let started = 0;
const count = (): void => {
  started += 1;
  if (started === Number(programs)) setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(delayMs));
};
const host: Host = {
  label: real.label,
  remote: real.remote,
  stallMs: real.stallMs,
  spawn(argv, options) {
    count();
    return real.spawn(argv, options);
  },
  claim(path, options) {
    count();
    return real.claim(path, options);
  },
  scratch(options) {
    count();
    return real.scratch(options);
  },
  [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
};
const target = new SqliteTarget({ host, path });
await using staged = await target.stage(loadRequest(readFileSync(plain)));
await staged.check();
await staged.swap({ id, force: false });
process.stdout.write(`done ${started}\n`);
