/** A process of its own that commits transfers: `node sqlite-writer.ts <path> <per second>`; ends when its stdin does. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const [path = '', perSecond = '5'] = process.argv.slice(2);
const db = new DatabaseSync(path, { timeout: 60_000 });
db.exec('PRAGMA synchronous = NORMAL');
const move = db.prepare('UPDATE accounts SET balance = balance + ? WHERE id = ?');
const note = db.prepare('INSERT INTO transfers (source, target, amount, note) VALUES (?, ?, ?, ?)');
const count = db.prepare('UPDATE totals SET transfers = transfers + 1');

let stopped = false;
process.stdin.on('end', () => {
  stopped = true;
});
process.stdin.resume();

const pick = (): number => 1 + Math.floor(Math.random() * 100);
const pauseMs = 1000 / Number(perSecond);
const startedAt = performance.now();
let commits = 0;
let worstMs = 0;
let saidAt = 0;
const say = (): void => {
  saidAt = performance.now();
  process.stdout.write(`${JSON.stringify({ commits, worstMs })}\n`);
};
while (!stopped) {
  const amount = pick();
  const [source, target] = [pick(), pick()];
  const beganAt = performance.now();
  db.exec('BEGIN IMMEDIATE');
  move.run(-amount, source);
  move.run(amount, target);
  note.run(source, target, amount, `payment of ${amount}`);
  count.run();
  db.exec('COMMIT');
  worstMs = Math.max(worstMs, performance.now() - beganAt);
  commits += 1;
  if (commits === 1 || performance.now() - saidAt > 200) say();
  await sleep(Math.max(0, startedAt + commits * pauseMs - performance.now()));
}
say();
db.close();
