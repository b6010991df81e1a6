/** A client that can be killed: opens the host described in argv[2], makes a scratch folder with a busy program and a file in it, says its path, and waits. */
import { runProgram } from '../../src/core/program.ts';
import { Secret } from '../../src/core/secret.ts';
import { openHost } from '../../src/hosts/open-host.ts';
import { signal } from './signal.ts';

const { ssh, container, mark } = JSON.parse(process.argv[2] ?? '{}');
const host = await openHost({
  ssh: ssh && { ...ssh, privateKey: new Secret(ssh.privateKey) },
  container,
  sudo: false,
  env: process.env,
  signal,
});
const scratch = await host.scratch({ signal });
await runProgram(host, ['sh', '-c', 'echo data > "$1/file"', 'sh', scratch.path], { signal });
// Busy, deaf to TERM, and with a child of its own.
const deaf = `trap '' TERM; sh -c 'while :; do sleep 1; : ${mark}; done' & while :; do sleep 1; : ${mark}; done`;
host.spawn(['sh', '-c', deaf], { signal }).exit.catch(() => {});
await runProgram(host, ['sleep', '0.3'], { signal });
process.stdout.write(`${scratch.path}\n`);
setInterval(() => {}, 1000);
