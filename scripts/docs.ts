/**
 * Writes action.yml and the tables of README.md from the tables of options and outputs: `node scripts/docs.ts`. With
 * `--check` it changes nothing and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { commandHelp, type Option, storeCommands } from '../src/config/option.ts';
import { options } from '../src/config/options.ts';
import { outputs } from '../src/config/outputs.ts';

const root = join(import.meta.dirname, '..');

function actionYml(): string {
  const text = (option: Option): string =>
    `${option.help} Default: ${option.default}. For: ${option.commands.join(', ')}.`;
  const action = {
    name: 'Holdfast',
    description:
      'Backs up SQLite and PostgreSQL to S3-compatible storage, with nothing installed on the server.',
    branding: { icon: 'database', color: 'green' },
    inputs: {
      command: {
        description: `What to do: ${Object.entries(commandHelp)
          .map(([name, help]) => `\`${name}\`: ${help}`)
          .join(' ')} Default: backup.`,
        required: false,
      },
      ...Object.fromEntries(
        options.map((option) => [option.name, { description: text(option), required: false }]),
      ),
    },
    outputs: Object.fromEntries(outputs.map(({ name, help }) => [name, { description: help }])),
    runs: { using: 'node24', main: 'dist/index.js', post: 'dist/post.js' },
  };
  return `# Written by scripts/docs.ts from src/config/options.ts: run \`npm run docs\` after a change there.\n${stringify(action, { lineWidth: 110 })}`;
}

function optionsTable(): string {
  const rows = options.map(
    ({ name, commands, default: fallback, help }) =>
      `| \`${name}\` | ${commands.length === storeCommands.length ? 'all' : commands.join(', ')} | ${fallback} | ${help} |`,
  );
  return ['| option | commands | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function outputsTable(): string {
  return [
    '| output | meaning |',
    '|---|---|',
    ...outputs.map(({ name, help }) => `| \`${name}\` | ${help} |`),
  ].join('\n');
}

function insert(document: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md needs the markers ${start} and ${end}.`);
  return `${document.slice(0, from + start.length)}\n${content}\n${document.slice(to)}`;
}

const readmeFile = join(root, 'README.md');
const readme = insert(
  insert(readFileSync(readmeFile, 'utf8'), 'options', optionsTable()),
  'outputs',
  outputsTable(),
);
const wanted = new Map([
  [join(root, 'action.yml'), actionYml()],
  [readmeFile, readme],
]);

for (const [file, content] of wanted) {
  if (!process.argv.includes('--check')) writeFileSync(file, content);
  else if (readFileSync(file, 'utf8') !== content)
    throw new Error(`${file} is out of date: run \`npm run docs\`.`);
}
