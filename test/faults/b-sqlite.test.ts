import { afterAll, beforeAll } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { busy } from './steps/b-busy.ts';
import { server } from './steps/b-server.ts';
import { sources } from './steps/b-sources.ts';

const bench = new FaultBench({ megabytes: 1 });
beforeAll(() => bench.open());
afterAll(() => bench.close());

faults([...sources(bench), ...busy(bench), ...server(bench)]);
