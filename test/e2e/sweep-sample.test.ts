import { sweep } from '../kit/sweep.ts';

// A part of test/faults: each fault but the long one at the end of the upload, and a kill after the commit.
sweep(['backup'], {
  megabytes: 9,
  lanes: 2,
  only: (at, fault, requests) =>
    fault !== '500 for ever' && (at === 6 || (at === requests - 3 && fault.startsWith('SIG'))),
});
