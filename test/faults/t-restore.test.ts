import { afterAll, beforeAll } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { backups } from './steps/t-backups.ts';
import { postgresTargets } from './steps/t-postgres.ts';
import { targets } from './steps/t-targets.ts';

const bench = new FaultBench({ megabytes: 1 });
let server: Postgres;
beforeAll(async () => {
  [server] = await Promise.all([startPostgres(), bench.open()]);
});
afterAll(async () => {
  server.stop();
  await bench.close();
});

faults([...backups(bench), ...targets(bench), ...postgresTargets(bench, () => server)]);
