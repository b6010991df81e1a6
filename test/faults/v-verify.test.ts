import { afterAll, beforeAll } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { type Postgres, startPostgres } from '../kit/postgres.ts';
import { verifyingPostgres } from './steps/v-postgres.ts';
import { verifying } from './steps/v-verify.ts';

const bench = new FaultBench({ megabytes: 1 });
let server: Postgres;
beforeAll(async () => {
  [server] = await Promise.all([startPostgres(), bench.open()]);
  server.sql('postgres', 'CREATE DATABASE orders');
  server.sql(
    'orders',
    'CREATE TABLE orders AS SELECT i AS id, repeat(md5(i::text), 10) AS note FROM generate_series(1, 80000) i',
  );
});
afterAll(async () => {
  server.stop();
  await bench.close();
});

faults([...verifying(bench), ...verifyingPostgres(bench, () => server)]);
