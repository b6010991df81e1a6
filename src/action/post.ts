import * as core from '@actions/core';
import { afterKill } from '../app/after-kill.ts';
import { readInputs } from '../config/read.ts';
import { secretsOf } from '../config/secrets.ts';
import { ActionReporter, harmless } from './action-reporter.ts';
import { readState } from './run-state.ts';
import { summarizeKill } from './summary.ts';

/** The post step of a run that was cancelled or killed: does what main could no longer do, and tells. */
export async function post(): Promise<void> {
  const { env } = process;
  const read = readInputs(env);
  for (const secret of secretsOf(read.raw, env)) core.setSecret(secret);
  const { ended, backup, uploads } = readState(env);
  const cwd = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const { told, found } = await afterKill({
    read,
    env,
    cwd,
    backup,
    uploads,
    reporter: new ActionReporter(),
  });
  // A cancelled main has told that itself, and mostly cleaned up.
  if (ended === 'cancelled' && !found) return;
  const how =
    ended === 'cancelled'
      ? `The ${read.command} was cancelled, and could not clean up in time.`
      : `The ${read.command} was ended from outside before it was done: by a limit of time or memory, or with its job.`;
  core.error(harmless([how, ...told].join('\n')), { title: 'Holdfast: killed' });
  if (env['GITHUB_STEP_SUMMARY'])
    await core.summary.addRaw(summarizeKill(read.command, [how, ...told])).write();
}
