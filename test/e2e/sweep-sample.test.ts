import { sweep } from '../kit/sweep.ts';

// A part of test/faults: each fault at two requests of a backup, none that waits long.
sweep(['backup'], {
  megabytes: 9,
  lanes: 2,
  only: (at, fault, requests) => fault !== '500 for ever' && (at === 6 || at === requests - 3),
});
