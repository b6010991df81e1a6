import * as core from '@actions/core';
import { cancellation } from '../app/cancellation.ts';
import { run } from '../app/run.ts';
import { readInputs } from '../config/read.ts';
import { secretsOf } from '../config/secrets.ts';
import { exitCodes } from '../core/errors.ts';
import { ActionReporter } from './action-reporter.ts';
import { annotate } from './annotate.ts';
import { RunState } from './run-state.ts';
import { setOutputs } from './set-outputs.ts';
import { summarize } from './summary.ts';

/** The Action's face: inputs in; annotations, outputs, a job summary and the exit code out. */
export async function main(): Promise<void> {
  const { env } = process;
  const read = readInputs(env);
  const state = new RunState();
  for (const secret of secretsOf(read.raw, env)) core.setSecret(secret);
  const { document, error, exitCode } = await run({
    read,
    face: 'action',
    env,
    cwd: env['GITHUB_WORKSPACE'] ?? process.cwd(),
    reporter: new ActionReporter(),
    signal: cancellation(process),
    journal: state,
  });
  if (error !== null) annotate(error);
  setOutputs(document);
  if (env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(summarize(document)).write();
  state.ended(exitCode === exitCodes.cancelled ? 'cancelled' : 'itself');
  process.exitCode = exitCode;
}
