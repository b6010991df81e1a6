import * as core from '@actions/core';
import { ConfigError, type HoldfastError, IntegrityError } from '../core/errors.ts';
import { isDamage } from '../core/prove-loaded.ts';
import { harmless } from './action-reporter.ts';

/** One annotation for the whole failure: what, why and the remedy. Causes are for the debug log. */
export function annotate(error: HoldfastError): void {
  const problems = error instanceof ConfigError ? error.problems : [error];
  const lines = problems.flatMap(({ message, hint }) => [
    message,
    ...(hint === undefined ? [] : [`→ ${hint}`]),
  ]);
  core.error(harmless(lines.join('\n')), { title: titleOf(error) });
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    core.debug(harmless(`caused by ${cause.name}: ${cause.message}`));
  }
}

const titles: Readonly<Record<number, string>> = {
  2: 'Holdfast: wrong settings',
  3: 'Holdfast: damaged data',
  130: 'Holdfast: cancelled',
};

function titleOf(error: HoldfastError): string {
  if (error instanceof IntegrityError && !isDamage(error)) return 'Holdfast: not as asserted';
  return titles[error.exitCode] ?? 'Holdfast: failed';
}
