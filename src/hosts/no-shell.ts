import { CommandError } from '../core/errors.ts';
import type { Exit } from '../core/host.ts';
import { describeExit, lastLine } from '../core/program.ts';

interface Remedy {
  /** Of what was said. */
  readonly when: RegExp;
  readonly hint: string;
}

/** The first that fits: sudo may say that there is no docker. */
const remedies: readonly Remedy[] = [
  {
    when: /docker: (?:command )?not found|docker: No such file|Unknown command:? .?docker/i,
    hint: 'There is no `docker` on the PATH of this user on that machine: install it there, or leave `container` out.',
  },
  {
    when: /sudo: (?:command )?not found/i,
    hint: 'There is no `sudo` on that machine: leave `sudo` out, and connect as a user who may read the database.',
  },
  {
    when: /^sudo: |not in the sudoers|may not run sudo|^Sorry, user /i,
    hint: 'Give this user a line with NOPASSWD in sudoers (`visudo`: `deploy ALL=(root) NOPASSWD: ALL`), or leave `sudo` out.',
  },
  {
    when: /permission denied.*docker|Docker daemon socket/i,
    hint: 'Add the user to the group `docker` on that machine (`sudo usermod -aG docker deploy`), or set `sudo: true`.',
  },
  {
    when: /No such container|is not running/i,
    hint: 'Take the name from the last column of `docker ps`. With Kamal the names of app containers change at each deploy.',
  },
];

const usual = 'The account needs a login shell and `sh`; a container must be running and contain `sh`.';

/** @param before what came on stdout in place of our first line */
export function noShell(label: string, before: string, exit: Exit): CommandError {
  const said = lastLine(before) || lastLine(exit.stderr);
  return new CommandError(
    `No program can be started on ${label}: ${said === '' ? describeExit(exit) : `it says "${said}"`}.`,
    { code: 'host.no-shell', hint: remedies.find(({ when }) => when.test(said))?.hint ?? usual },
  );
}
