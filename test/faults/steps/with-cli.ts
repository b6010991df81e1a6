import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultBench } from '../../kit/fault-bench.ts';
import { type ActionRun, type RunOptions, runCli } from '../../kit/run-action.ts';

/** A backup with the bench's inputs by the command line, told as a run of the Action is. */
export async function withCli(bench: FaultBench, options: RunOptions): Promise<ActionRun> {
  const key = join(bench.dir, 'ssh-key');
  writeFileSync(key, bench.sshd.privateKey, { mode: 0o600 });
  const { 's3-secret-access-key': secret = '', ...inputs } = bench.inputs;
  const flags = Object.entries({ ...inputs, 'ssh-key': key }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  const env = { ...options.env, HOLDFAST_S3_SECRET_ACCESS_KEY: secret };
  const ended = await runCli(['backup', ...flags], { ...options, env });
  const added = [...(await bench.contents()).keys()].filter((each) => !bench.before.has(each));
  const id = added.find((each) => each.endsWith('/manifest.json'))?.split('/')[1] ?? '';
  return { ...ended, outputs: { 'backup-id': id }, result: null, summary: '', state: {}, errors: [] };
}
