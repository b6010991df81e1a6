import { afterAll, beforeAll } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';

const bench = new FaultBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

faults([
  {
    id: 'S3',
    fault: 'The program that sends ends with 1 after it has sent everything',
    outcome: 'The run fails and names the exit code; nothing is committed.',
    how: '`cat` on the server is a shim that sends all and exits with 1.',
    run: () =>
      bench.withShim('cat', '/bin/cat "$@"; exit 1', async () => {
        await bench.judge(await bench.backup(), { outcome: 'failed', says: /exit code 1/ });
      }),
  },
  {
    id: 'S4',
    fault: 'The program that sends ends well and has sent nothing',
    outcome: 'The run fails: what arrived is not what the server said it has.',
    how: '`cat` on the server is a shim that only exits with 0.',
    run: () =>
      bench.withShim('cat', 'exit 0', async () => {
        await bench.judge(await bench.backup(), { outcome: 'damaged', says: /not what/ });
      }),
  },
]);
