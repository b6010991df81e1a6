import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with the plain line `N passed, N failed`. Nothing may be skipped: what did not run has failed. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const brokenModules = modules.filter((module) => module.errors().length > 0).length;
    const failed = tests.length - passed + brokenModules + unhandled.length;
    // The other reporters write at the end too; this line must be the last.
    process.on('exit', () => process.stdout.write(`\n${passed} passed, ${failed} failed\n`));
    if (failed > 0 || passed === 0) process.exitCode = 1;
  }
}
