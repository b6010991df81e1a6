import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take more than a minute, the longest first: one of them begun last would keep one worker busy and the others waiting. */
const long = [
  'contract/store',
  'e2e/secrets',
  'integration/restore-rounds',
  'integration/damage',
  'e2e/restore-kill',
  'integration/postgres-load',
  'contract/host',
  'integration/sqlite-restore',
  'e2e/concurrency',
  'integration/postgres-restore-users',
].map((name) => `/test/${name}.test.ts`);

/** Also on a clean clone, where nothing is known of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((end) => moduleId.endsWith(end));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}
