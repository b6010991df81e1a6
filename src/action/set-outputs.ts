import * as core from '@actions/core';
import { type BackupDocument, documentOf, type ResultDocument } from '../app/result.ts';
import type { outputs } from '../config/outputs.ts';

type OutputName = (typeof outputs)[number]['name'];

type Values = Partial<Record<OutputName, string | number | boolean>>;

/** Sets the outputs that the command has something for, and `result` always. */
export function setOutputs(document: ResultDocument): void {
  const values: Values = {
    'duration-ms': document.durationMs,
    ...('kept' in document ? { kept: document.kept.length, pruned: document.pruned.length } : {}),
    ...own(document),
    result: JSON.stringify(document),
  };
  for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
}

function own(document: ResultDocument): Values {
  const made = documentOf(document, 'backup');
  if (made !== null) {
    const { backup, verified } = made;
    return { ...(backup && outputsOf(backup)), ...(verified && { verdict: verified.verdict }) };
  }
  const verify = documentOf(document, 'verify');
  if (verify !== null) return { 'backup-id': verify.backup, verdict: verify.verdict };
  const restore = documentOf(document, 'restore');
  if (restore !== null) {
    const { backup, safetyBackup, previous } = restore;
    return { 'backup-id': backup, 'safety-backup': safetyBackup ?? '', previous: previous ?? '' };
  }
  const check = documentOf(document, 'check');
  return check === null ? {} : { 'backup-id': check.newest?.id ?? '', stale: check.stale };
}

function outputsOf({ id, manifestKey, databases }: NonNullable<BackupDocument['backup']>): Values {
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
