import { join } from 'node:path';
import { compare } from './compare.ts';
import type { World } from './world.ts';

const dist = join(import.meta.dirname, '../../dist');

/** How long it takes until the program does anything. */
export async function start(world: World, rounds: number): Promise<string> {
  const inputs = ['COMMAND=list', `STORE=file:${world.dir}/nothing`, 'NAME=app'].map(
    (input) => `'INPUT_${input}'`,
  );
  return compare({
    title: 'Start',
    rounds: rounds * 3,
    servers: { pids: [] },
    contenders: [
      { name: '`node -e 0`', script: `${process.execPath} -e 0` },
      { name: '`holdfast --version`', script: `${world.holdfast} --version >/dev/null` },
      {
        name: 'the Action, listing an empty folder',
        script: `env ${inputs.join(' ')} GITHUB_REPOSITORY=a/b ${process.execPath} ${dist}/index.js >/dev/null`,
      },
    ],
  });
}
