import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface ActionRun extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  /** The `result` output, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as a user's workflow would
  readonly result: any;
  readonly summary: string;
  /** What it saved for the post step, as the runner hands that over: `STATE_…`. */
  readonly state: Readonly<Record<string, string>>;
  /** Annotations of failures: title and text. */
  readonly errors: readonly string[];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it starts in, which is the workspace; an empty one of its own when absent. */
  readonly cwd?: string;
  /** The file of the bundle that is started. */
  readonly entry?: string;
  /** Called once it is started. */
  readonly during?: (child: ChildProcess) => void | Promise<void>;
}

/** What a hosted runner sets, and nothing of this machine but the PATH. */
const plainEnv = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '/root',
});

/** Runs the bundle as the runner does: inputs upper-cased with spaces as underscores, files for outputs and the summary. */
export async function runAction(
  inputs: Readonly<Record<string, string>>,
  { env = {}, cwd, entry = 'index.js', during }: RunOptions = {},
): Promise<ActionRun> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-run-'));
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'].map((name) => [
      name,
      join(dir, name),
    ]),
  );
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
  const runner = {
    GITHUB_ACTIONS: 'true',
    CI: 'true',
    GITHUB_REPOSITORY: 'someone/shop',
    GITHUB_WORKSPACE: cwd ?? dir,
    RUNNER_TEMP: dir,
  };
  const ended = await start(
    [join(dist, entry)],
    { ...plainEnv(), ...runner, ...files, ...given, ...env },
    cwd ?? dir,
    during,
  );
  const read = (name: string): string => readFileSync(files[name] as string, 'utf8');
  const outputs = parseOutputs(read('GITHUB_OUTPUT'));
  const saved = Object.entries(parseOutputs(read('GITHUB_STATE')));
  const summary = read('GITHUB_STEP_SUMMARY');
  rmSync(dir, { recursive: true, force: true });
  return {
    ...ended,
    outputs,
    result: JSON.parse(outputs['result'] ?? 'null'),
    summary,
    state: Object.fromEntries(saved.map(([name, value]) => [`STATE_${name}`, value])),
    errors: ended.stdout.split('\n').filter((line) => line.startsWith('::error')),
  };
}

/** Runs the post step after a run of the Action: with the same inputs, and what that saved. */
export function runPost(
  inputs: Readonly<Record<string, string>>,
  { state }: ActionRun,
  { env = {}, ...options }: RunOptions = {},
): Promise<ActionRun> {
  return runAction(inputs, { ...options, entry: 'post.js', env: { ...env, ...state } });
}

/** Runs the command line of the bundle; `json` is what `--json` printed. */
export async function runCli(args: readonly string[], { env = {}, during }: RunOptions = {}): Promise<Ended> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  const ended = await start([join(dist, 'cli.js'), ...args], { ...plainEnv(), ...env }, dir, during);
  rmSync(dir, { recursive: true, force: true });
  return ended;
}

async function start(
  argv: readonly string[],
  env: Record<string, string>,
  cwd: string,
  during: RunOptions['during'],
): Promise<Ended> {
  const startMs = performance.now();
  const child = spawn(process.execPath, argv, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  await during?.(child);
  const [exitCode] = (await closed) as [number | null];
  return { exitCode, stdout, stderr, tookMs: performance.now() - startMs };
}

/** The file's heredocs: `name<<delimiter`, lines, delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines.shift() as string) ?? [];
    if (name === undefined) continue;
    const value: string[] = [];
    for (let line = lines.shift(); line !== undefined && line !== delimiter; line = lines.shift())
      value.push(line);
    outputs[name] = value.join('\n');
  }
  return outputs;
}
