import * as core from '@actions/core';
import type { BackupDocument, ResultDocument } from '../app/result.ts';
import type { outputs } from '../config/outputs.ts';

type OutputName = (typeof outputs)[number]['name'];

/** Sets the outputs that the command has something for, and `result` always. */
export function setOutputs(document: ResultDocument): void {
  const values: Partial<Record<OutputName, string | number>> = {
    'duration-ms': document.durationMs,
    ...('kept' in document ? { kept: document.kept.length, pruned: document.pruned.length } : {}),
    ...('backup' in document && document.backup !== null ? outputsOf(document.backup) : {}),
    result: JSON.stringify(document),
  };
  for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
}

function outputsOf({
  id,
  manifestKey,
  databases,
}: NonNullable<BackupDocument['backup']>): Partial<Record<OutputName, string | number>> {
  const [only] = databases;
  return {
    'backup-id': id,
    'manifest-key': manifestKey,
    'stored-bytes': databases.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    'plain-bytes': databases.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
    sha256:
      databases.length === 1 && only !== undefined
        ? only.storedSha256
        : databases.map(({ storedSha256, key }) => `${storedSha256}  ${key}`).join('\n'),
  };
}
