import { afterAll, beforeAll, test } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';

const bench = new FaultBench({ megabytes: 9 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

/** At its first bytes, at each MiB, and at its last ones. */
test('the stream from the server, cut at each place', { timeout: 600_000 }, async ({ task }) => {
  const before = bench.sshProxy.passed();
  await bench.judge(await bench.backup(), { outcome: 'stored' });
  const total = bench.sshProxy.passed() - before;
  const mebibyte = 1024 ** 2;
  const places = Array.from({ length: Math.floor(total / mebibyte) }, (_, index) => (index + 1) * mebibyte);
  let runs = 0;
  for (const at of [0, 1, 1000, ...places]) {
    bench.sshProxy.cutAfter(at);
    const run = await bench.backup();
    await bench.judge(run, { outcome: 'failed', error: { code: /^ssh\./ } });
    runs += 1;
  }
  // The last of the file itself; what follows it is the farewell, without which a backup may be whole.
  for (const at of [total - 1, total - 1000, total - 20_000]) {
    bench.sshProxy.cutAfter(at);
    const run = await bench.backup();
    await bench.judge(run, { outcome: run.exitCode === 0 ? 'stored' : 'failed' });
    runs += 1;
  }
  task.meta.sweep = {
    what: 'the SSH stream of a backup, cut at byte 0, 1, 1000, each MiB and the last ones',
    runs,
  };
  process.stdout.write(`sweep of the stream: ${runs} runs, ${total} bytes\n`);
});
