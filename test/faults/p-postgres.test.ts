import { afterAll, beforeAll } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { contents } from './steps/p-content.ts';
import { dumps } from './steps/p-dump.ts';
import { refusals } from './steps/p-refusals.ts';

const bench = new FaultBench({
  megabytes: 1,
  postgres: {
    settings: ["listen_addresses = '*'"],
    access: [
      'host all rejected all reject',
      'host all secretive all scram-sha-256',
      'host replication all 127.0.0.1/32 trust',
      'host all all samehost trust',
    ],
  },
});
beforeAll(() => bench.open());
afterAll(() => bench.close());

faults([...refusals(bench), ...contents(bench), ...dumps(bench)]);
