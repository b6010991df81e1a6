/**
 * Compares Holdfast with plain tools that do the same work, in turn, in one run, on real servers of its own:
 * `npm run bench [-- backup restore postgres network list start growth] [--rounds 5] [--large] [--write]`.
 * Prints medians and ratios; nothing here passes or fails by a time. `--write` puts them into docs/performance.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { backupPostgres } from './bench/backup-postgres.ts';
import { backupSqlite } from './bench/backup-sqlite.ts';
import { growth } from './bench/growth.ts';
import { manyBackups } from './bench/many-backups.ts';
import { overNetwork } from './bench/network.ts';
import { restoreSqlite } from './bench/restore-sqlite.ts';
import { start } from './bench/start.ts';
import { startWorld, type World } from './bench/world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '640' },
    large: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const megabytes = Number(values.megabytes);
const sizes = [64, 400, 640, ...(values.large ? [4096] : [])];

const sections: Readonly<Record<string, (world: World) => Promise<string>>> = {
  backup: (world) => backupSqlite(world, megabytes, rounds),
  postgres: (world) => backupPostgres(world, rounds),
  restore: (world) => restoreSqlite(world, megabytes, rounds),
  network: (world) => overNetwork(world, megabytes, Math.min(rounds, 3)),
  list: (world) => manyBackups(world, 10_000, rounds),
  start: (world) => start(world, rounds),
  growth: (world) => growth(world, sizes, Math.min(rounds, 3)),
};
const wanted = positionals.length === 0 ? Object.keys(sections) : positionals;
const unknown = wanted.filter((name) => sections[name] === undefined);
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}`);

const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 1e9)} GB, Linux ${release()} ${arch()}, Node ${process.versions.node}`;
const parts = [
  `Measured on ${new Date().toISOString().slice(0, 10)} on ${machine}; server, client and store on the same machine.\n`,
];
console.log(parts[0]);
for (const name of wanted) {
  await using world = await startWorld();
  const part = await sections[name]?.(world);
  console.log(`${part}\n`);
  parts.push(part as string);
}
if (values.write) {
  const page = new URL('../docs/performance.md', import.meta.url);
  const marks = /(<!-- bench:start -->\n)[\s\S]*(<!-- bench:end -->)/;
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(marks, (_, from, to) => `${from}${parts.join('\n')}\n${to}`),
  );
}
