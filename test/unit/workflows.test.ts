import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { version } from '../../src/app/version.ts';
import { everyWorkflow, ownSettings, read, refusals, risks, wrongSettings } from '../kit/workflows.ts';

const expression = (text: string): string => `$\{{ ${text} }}`;

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

  test.each(['README.md', 'docs/workflows/nightly-backup.yml'])(
    '%s has a button for the backup, and one for doctor with the same settings',
    (page) => {
      const [, text = ''] = everyWorkflow().find(([name]) => name.startsWith(page)) ?? [];
      const { on, jobs } = parseYaml(text);
      const { type, options, default: fallback } = on.workflow_dispatch.inputs.command;
      expect([type, options, fallback]).toEqual(['choice', ['backup', 'doctor'], 'backup']);
      // A scheduled run has no inputs.
      expect(jobs.backup.steps[0].with.command).toBe(expression("inputs.command || 'backup'"));
    },
  );

  test.each(['weekly-restore-drill', 'manual-restore'])(
    '%s has the lines for backups that are encrypted and signed, to be switched on',
    async (name) => {
      const text = read(`docs/workflows/${name}.yml`).replaceAll(/# (identity|verify-key): /g, '$1: ');
      expect(await refusals(text)).toEqual([]);
      const [job] = Object.values(parseYaml(text).jobs) as [{ steps: { with: object }[] }];
      expect(job.steps[0]?.with).toMatchObject({
        identity: expect.stringContaining('secrets.'),
        'verify-key': expect.stringContaining('vars.'),
      });
      expect(wrongSettings(text).map((problem) => problem.split(': ')[1])).toEqual([
        'identity',
        'verify-key',
      ]);
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
