import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';
import type { FaultRow } from './fault-table.ts';

/** Letter, title and number of faults of each stage. */
export const stages = [
  ['A', 'SSH: connecting, authentication, host keys', 17],
  ['B', 'The snapshot of SQLite', 22],
  ['P', 'The dump of PostgreSQL', 19],
  ['S', 'The stream from the server', 13],
  ['X', 'Compression and encryption', 14],
  ['U', 'The upload', 21],
  ['M', 'The manifest and the commit', 12],
  ['R', 'Pruning', 17],
  ['V', 'Listing and verifying', 11],
  ['T', 'Restoring', 16],
  ['K', 'Cancellation and crashes', 8],
  ['Q', 'Several at the same time', 6],
  ['W', 'Clocks', 5],
  ['I', 'Input and configuration', 12],
  ['D', 'Disks and other resources', 5],
  ['G', 'Keys and secrets', 9],
  ['H', 'The platform', 5],
] as const;

const page = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));

/** Writes docs/faults.md after a run in which every fault was tried and passed. */
export default class FaultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    if (tests.some((test) => test.result().state !== 'passed')) return;
    const rows = tests.flatMap((test) => test.meta().fault ?? []);
    const sweeps = tests.flatMap((test) => test.meta().sweep ?? []);
    const missing = stages.flatMap(([letter, , count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`).filter(
        (id) => !rows.some((row) => row.id === id),
      ),
    );
    if (rows.length === 0) return;
    if (missing.length > 0) {
      process.stdout.write(`docs/faults.md is not written without ${missing.join(', ')}\n`);
      return;
    }
    writeFileSync(page, render(rows, sweeps));
  }
}

function render(rows: readonly FaultRow[], sweeps: readonly { what: string; runs: number }[]): string {
  const tables = stages.map(
    ([letter, title]) => `## ${letter}. ${title}

| id | fault | what follows | how it is tried |
|---|---|---|---|
${rows
  .filter(({ id }) => id.startsWith(letter))
  .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
  .map(rowOf)
  .join('\n')}
`,
  );
  const total = sweeps.reduce((sum, { runs }) => sum + runs, 0);
  return `# What goes wrong, and what follows

Each row is tried by \`npm run test:faults\` with the bundled program, a real SSH server, PostgreSQL and S3 server, and this page is
what that run wrote. After every fault the same things are asked: the failure says what and what to do, nothing was committed, the older
backups are as they were and restore, nothing is left on the server, in the store or here, and no secret shows.

${tables.join('\n')}
## Every request, one after the other

| swept | runs |
|---|---|
${sweeps.map(({ what, runs }) => `| ${cell(what)} | ${runs} |`).join('\n')}
| all | ${total} |
`;
}

function rowOf({ id, fault, outcome, how, nearest }: FaultRow): string {
  const tried = nearest === undefined ? how : `${how} **Nearest real thing:** ${nearest}`;
  return `| ${id} | ${cell(fault)} | ${cell(outcome)} | ${cell(tried)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
