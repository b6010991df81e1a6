import { sweep } from '../kit/sweep.ts';

sweep(['backup'], { megabytes: 9 });
