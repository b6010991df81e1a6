import { execFileSync } from 'node:child_process';

export interface User {
  readonly name: string;
  remove(): void;
}

/** Another test may have the list of users just now, and a session of the user be ending. */
const patiently =
  'for turn in 1 2 3 4 5 6 7 8 9 10; do "$@" >/dev/null 2>&1 && exit 0; sleep 0.5; done; exec "$@"';
const run = (...argv: string[]): void => {
  execFileSync('sh', ['-c', patiently, 'sh', ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** A new user of this machine, who has no password. */
export function makeUser(shell: string, home?: string): User {
  const name = `hf${Math.random().toString(36).slice(2, 9)}`;
  const where = home === undefined ? [] : ['--home-dir', home];
  run('useradd', '--no-create-home', ...where, '--shell', shell, name);
  run('usermod', '--password', '*', name);
  return { name, remove: () => run('userdel', '--force', name) };
}
