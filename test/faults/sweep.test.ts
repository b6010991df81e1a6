import { sweep } from '../kit/sweep.ts';

sweep(['prune', 'verify', 'restore'], { megabytes: 1 });
