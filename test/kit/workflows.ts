import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { version } from '../../src/app/version.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { readInputs } from '../../src/config/read.ts';
import { ConfigError } from '../../src/core/errors.ts';

const root = join(import.meta.dirname, '../..');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

type Inputs = Readonly<Record<string, { readonly default?: unknown; readonly options?: readonly string[] }>>;

interface Workflow {
  readonly on: {
    readonly schedule?: readonly { readonly cron: string }[];
    readonly workflow_dispatch?: { readonly inputs?: Inputs } | null;
  };
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>
  >;
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What people copy, and what this repository runs. */
export function everyWorkflow(): [name: string, text: string][] {
  const files = ['docs/workflows', '.github/workflows'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
  );
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).flatMap((file) => `docs/${file}`)];
  return [
    ...files.map((name): [string, string] => [name, read(name)]),
    ...pages.filter((page) => page.endsWith('.md')).flatMap(workflowsOfPage),
  ];
}

function workflowsOfPage(page: string): [name: string, text: string][] {
  const blocks = [...read(page).matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks
    .filter((block) => /^jobs:/m.test(block))
    .map((text, index) => [`${page}, workflow ${index + 1}`, text]);
}

/** What GitHub's own parser finds wrong. */
export async function refusals(text: string): Promise<string[]> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await githubParser();
  const { context, value } = parseWorkflow({ name: 'w.yml', content: text }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** It imports its schema as JSON in the way of bundlers, which Node refuses: told here how. */
async function githubParser(): Promise<typeof import('@actions/workflow-parser')> {
  const hooks = registerHooks({
    load(url, context, next) {
      if (!url.includes('/@actions/workflow-parser/') || !url.endsWith('.json')) return next(url, context);
      const source = `export default ${readFileSync(fileURLToPath(url), 'utf8')}`;
      return { format: 'module', shortCircuit: true, source };
    },
  });
  try {
    return await import('@actions/workflow-parser');
  } finally {
    hooks.deregister();
  }
}

const ours = 'holdfast-backup/holdfast@';

/** What GitHub would accept, and nobody should copy. */
export function risks(text: string): string[] {
  const { on, permissions, jobs } = parseYaml(text) as Workflow;
  const found = (on.schedule ?? [])
    .filter(({ cron }) => /^(?:0|15|30|45|\*.*?) /.test(cron))
    .map(({ cron }) => `the cron ${cron} is when everybody runs`);
  if (permissions === undefined || typeof permissions === 'string') found.push('no list of permissions');
  for (const [id, job] of Object.entries(jobs)) {
    if (typeof job['timeout-minutes'] !== 'number') found.push(`${id}: no timeout-minutes`);
    found.push(...job.steps.flatMap(risksOfStep).map((risk) => `${id}: ${risk}`));
  }
  return found;
}

function risksOfStep({ uses, run }: Step): string[] {
  if (run?.includes('${{')) return [`an expression in run: ${run}`];
  if (uses === undefined || uses.startsWith('./')) return [];
  if (/@[0-9a-f]{40}$/.test(uses) || uses === `${ours}v${version}`) return [];
  return [
    `${uses} is ${uses.startsWith(ours) ? `not this version, v${version}` : 'not pinned to a full SHA'}`,
  ];
}

/** The `with` of the step of ours in a workflow to copy. */
export function ownSettings(name: string): Readonly<Record<string, unknown>> {
  const { jobs } = parseYaml(read(`docs/workflows/${name}.yml`)) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  return steps.find(({ uses }) => uses?.startsWith(ours))?.with ?? {};
}

/** What our own steps would be told by Holdfast, with samples for secrets and inputs, for each choice of a command. */
export function wrongSettings(text: string): string[] {
  const { on, jobs } = parseYaml(text) as Workflow;
  const { command, ...inputs } = on.workflow_dispatch?.inputs ?? {};
  const choices = (command?.options ?? ['']).map((choice) => ({ ...inputs, command: { default: choice } }));
  return Object.entries(jobs).flatMap(([id, job]) =>
    job.steps
      .filter(({ uses }) => uses?.startsWith(ours) || uses === './')
      .flatMap((step) => choices.flatMap((choice) => problemsOf(step, choice)))
      .map((problem) => `${id}: ${problem}`),
  );
}

function problemsOf(step: Step, inputs: Inputs): string[] {
  const given = (from: string, key: string, fallback = ''): string =>
    from === 'inputs' ? String(inputs[key]?.default ?? '') || fallback : sampleOf(key);
  const env = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      String(value).replaceAll(
        /\$\{\{ *(\w+)\.([\w-]+)(?: \|\| '([^']*)')? *\}\}/g,
        (_, from: string, key: string, fallback?: string) => given(from, key, fallback),
      ),
    ]),
  );
  const { command, raw, problems } = readInputs(env);
  try {
    parseConfig(command, raw, { face: 'action', env: {}, cwd: '/work' }, problems);
    return [];
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ input, message }) => `${input}: ${message}`);
    throw error;
  }
}

function sampleOf(secret: string): string {
  return secret.endsWith('_URL') ? 'postgres://app:sample@db.example.com/app_production' : 'sample';
}
