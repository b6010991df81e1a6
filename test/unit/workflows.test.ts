import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { version } from '../../src/app/version.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { readInputs } from '../../src/config/read.ts';
import { ConfigError } from '../../src/core/errors.ts';

const root = join(import.meta.dirname, '../..');

describe('each workflow of this project', () => {
  test.each(everyWorkflow())('%s is one for GitHub, safe, and its settings are right', async (_, text) => {
    expect(await refusals(text)).toEqual([]);
    expect(risks(text)).toEqual([]);
    expect(wrongSettings(text)).toEqual([]);
  });

  test('is found: those to copy, those of this repository, those in the README', () => {
    const names = everyWorkflow().map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'docs/workflows/backup-before-deploy.yml',
        'docs/workflows/freshness-check.yml',
        'docs/workflows/manual-restore.yml',
        'docs/workflows/nightly-backup.yml',
        'docs/workflows/weekly-restore-drill.yml',
        '.github/workflows/check.yml',
        '.github/workflows/release.yml',
        'README.md, workflow 1',
      ]),
    );
  });

  test.each(['nightly-backup', 'weekly-restore-drill', 'manual-restore', 'freshness-check'])(
    '%s can be started by hand',
    (name) => {
      expect(parseYaml(read(`docs/workflows/${name}.yml`)).on).toHaveProperty('workflow_dispatch');
    },
  );

  test('the restore changes nothing unless a dry run is declined, a name typed and a reviewer agrees', () => {
    const { on, jobs } = parseYaml(read('docs/workflows/manual-restore.yml'));
    expect(on).toEqual({ workflow_dispatch: expect.anything() });
    const { 'dry-run': dryRun, confirm } = on.workflow_dispatch.inputs;
    expect(dryRun).toMatchObject({ type: 'boolean', default: true });
    expect(confirm).not.toHaveProperty('default');
    expect(jobs.restore.environment).toBe('restore');
    expect(jobs.restore.steps[0].with.to).not.toContain('inputs.');
  });
});

describe('what belongs together in them is the same', () => {
  test('the drill knows the password of the server that it starts', () => {
    const { drill } = parseYaml(read('docs/workflows/weekly-restore-drill.yml')).jobs;
    const url = new URL(drill.steps[0].with['scratch-url']);
    expect(url.password).toBe(drill.services.postgres.env.POSTGRES_PASSWORD);
    expect(drill.services.postgres.ports).toEqual([`${url.port}:5432`]);
  });

  test('the backup before a deploy waits for the nightly one, and neither drops the other', () => {
    const nightly = parseYaml(read('docs/workflows/nightly-backup.yml'));
    const { backup, deploy } = parseYaml(read('docs/workflows/backup-before-deploy.yml')).jobs;
    expect(backup.concurrency).toEqual({ group: 'backup', 'cancel-in-progress': false, queue: 'max' });
    expect(nightly.concurrency).toEqual(backup.concurrency);
    expect(deploy.needs).toBe('backup');
  });

  test('other databases have another name, with a keep rule of its own: nobody prunes the backups of another', () => {
    const [nightly, deploy] = ['nightly-backup', 'backup-before-deploy'].map((name) => ownSettings(name));
    expect(deploy?.['database']).not.toEqual(nightly?.['database']);
    expect(deploy?.['name']).toEqual(expect.any(String));
    expect(deploy?.['name']).not.toBe(nightly?.['name']);
    for (const settings of [nightly, deploy])
      expect(Object.keys(settings ?? {})).toContainEqual(expect.stringMatching(/^keep-/));
    expect(read('docs/workflows/manual-restore.yml')).toContain(`# name: ${deploy?.['name']}`);
  });

  test('the freshness check reads the store that the others write, by a key of its own', () => {
    const { store, 's3-endpoint': endpoint, 's3-access-key-id': key } = ownSettings('freshness-check');
    for (const name of ['nightly-backup', 'weekly-restore-drill', 'manual-restore', 'backup-before-deploy']) {
      expect(ownSettings(name), name).toMatchObject({ store, 's3-endpoint': endpoint });
      expect(ownSettings(name)['s3-access-key-id'], name).not.toBe(key);
    }
  });
});

/** A workflow that nothing is wrong with, to break. */
const sound = `
on:
  schedule:
    - cron: '17 3 * * *'
permissions: {}
jobs:
  backup:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: holdfast-backup/holdfast@v${version}
        with:
          database: sqlite:/srv/app.sqlite3
          store: s3://my-backups/apps
  deploy:
    needs: backup
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - run: bin/deploy
`;

const expression = (text: string): string => `$\{{ ${text} }}`;

function broken(from: string, to: string): string {
  expect(sound, 'the part to break').toContain(from);
  return sound.replace(from, to);
}

describe('a workflow that is broken is told', () => {
  test('nothing is wrong with the one that the others are made of', async () => {
    expect(await refusals(sound)).toEqual([]);
    expect(risks(sound)).toEqual([]);
    expect(wrongSettings(sound)).toEqual([]);
  });

  test.each([
    ['an unknown key', 'runs-on: ubuntu-24.04', 'run-on: ubuntu-24.04', /run-on/],
    ['an unknown event', 'schedule:', 'scheduled:', /scheduled/],
    ['a wrong type', 'timeout-minutes: 60', 'timeout-minutes: soon', /number|soon/],
    ['a list in place of a mapping', 'permissions: {}', 'permissions: [contents]', /permissions|sequence/i],
    ['a job that needs one that is missing', 'needs: backup', 'needs: back-up', /back-up/],
    ['a time that is none', '17 3 * * *', '77 3 * * *', /cron/i],
    ['an unknown function', 'bin/deploy', expression('now()'), /now/],
    ['what is no YAML', 'permissions: {}', 'permissions: {', /./],
  ])('by GitHub: %s', async (_, from, to, message) => {
    expect((await refusals(broken(from, to))).join('\n')).toMatch(message);
  });

  test.each([
    ['no permissions', 'permissions: {}', '', 'permissions'],
    ['all permissions', 'permissions: {}', 'permissions: write-all', 'permissions'],
    ['a job without an end', '    timeout-minutes: 60\n', '', 'timeout-minutes'],
    ['a start of the hour', "'17 3", "'0 3", 'cron'],
    ['a tag of somebody else', '@08c6903cd8c0fde910a37f88322edcfb5dd907a8', '@v5', 'SHA'],
    ['another version of ours', `holdfast@v${version}`, 'holdfast@v0.0.1', 'version'],
    ['an expression in a script', 'bin/deploy', `bin/deploy ${expression('github.ref')}`, 'run'],
  ])('as a risk: %s', (_, from, to, word) => {
    expect(risks(broken(from, to)).join('\n')).toContain(word);
  });

  test.each([
    ['a misspelt option', 'store:', 'stoer:', 'stoer'],
    ['an option of another command', 'store:', 'max-age: 26h\n          store:', 'max-age'],
    ['an unknown command', 'store:', 'command: bakcup\n          store:', 'bakcup'],
    ['a wrong value', 'sqlite:/srv', 'mysql:/srv', 'database'],
  ])('as a setting: %s', (_, from, to, input) => {
    expect(wrongSettings(broken(from, to)).map((problem) => problem.split(': ')[1])).toContain(input);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: {
    readonly schedule?: readonly { readonly cron: string }[];
    readonly workflow_dispatch?: { readonly inputs?: Readonly<Record<string, { default?: unknown }>> } | null;
  };
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>
  >;
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What people copy, and what this repository runs. */
function everyWorkflow(): [name: string, text: string][] {
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
async function refusals(text: string): Promise<string[]> {
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
function risks(text: string): string[] {
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
function ownSettings(name: string): Readonly<Record<string, unknown>> {
  const { jobs } = parseYaml(read(`docs/workflows/${name}.yml`)) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  return steps.find(({ uses }) => uses?.startsWith(ours))?.with ?? {};
}

/** What our own steps would be told by Holdfast, with samples for secrets and inputs. */
function wrongSettings(text: string): string[] {
  const { on, jobs } = parseYaml(text) as Workflow;
  const inputs = on.workflow_dispatch?.inputs ?? {};
  return Object.entries(jobs).flatMap(([id, job]) =>
    job.steps
      .filter(({ uses }) => uses?.startsWith(ours) || uses === './')
      .flatMap((step) => problemsOf(step, inputs).map((problem) => `${id}: ${problem}`)),
  );
}

function problemsOf(step: Step, inputs: Readonly<Record<string, { default?: unknown }>>): string[] {
  const env = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      String(value).replaceAll(/\$\{\{ *(\w+)\.([\w-]+) *\}\}/g, (_, from: string, key: string) =>
        from === 'inputs' ? String(inputs[key]?.default ?? '') : sampleOf(key),
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
