import { sweepStream } from '../kit/sweep.ts';

sweepStream({ megabytes: 9 });
