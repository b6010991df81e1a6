/** Random work, faults and kills for so many minutes: `npm run soak -- 30`. Fails when anything false is committed, or lost. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [minutes = '30'] = process.argv.slice(2);
if (!(Number(minutes) > 0)) throw new Error(`${minutes} is no number of minutes: npm run soak -- 30`);
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'soak'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_MINUTES: minutes },
});
process.exitCode = status ?? 1;
