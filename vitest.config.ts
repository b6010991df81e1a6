import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/kit/longest-first.ts';

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['./test/kit/match-regexes.ts'],
    testTimeout,
    hookTimeout: 180_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 20_000),
      project('contract', 60_000),
      project('integration', 120_000),
      project('e2e', 180_000),
      project('faults', 180_000),
      project('soak', 180_000),
    ],
    reporters: ['default', './test/kit/summary-reporter.ts', './test/kit/faults-reporter.ts'],
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['src/core/**'],
      reporter: ['text'],
      reportOnFailure: true,
      thresholds: { branches: 95 },
    },
  },
});
