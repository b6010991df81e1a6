import type { Reporter } from '../../src/core/reporter.ts';

export interface QuietReporter extends Reporter {
  readonly warnings: string[];
  readonly infos: string[];
}

/** Remembers what would have been shown. */
export function quietReporter(): QuietReporter {
  const warnings: string[] = [];
  const infos: string[] = [];
  return {
    warnings,
    infos,
    step: (_, work) => work(),
    progress: () => {},
    info: (message) => infos.push(message),
    warn: (message) => warnings.push(message),
    debug: () => {},
  };
}
