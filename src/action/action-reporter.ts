import * as core from '@actions/core';
import prettyBytes from 'pretty-bytes';
import { printable } from '../app/printable.ts';
import type { Progress, Reporter } from '../core/reporter.ts';

/** A line about a transfer at most this often. */
const progressEveryMs = 10_000;

/** Writes into the log of a workflow run: a group per step, warnings as annotations. */
export class ActionReporter implements Reporter {
  #depth = 0;
  #lastProgressMs = performance.now();

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    // Groups do not nest: an inner step is a line in the outer one's group.
    this.#depth += 1;
    if (this.#depth === 1) core.startGroup(harmless(title));
    else this.info(title);
    try {
      return await work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) core.endGroup();
    }
  }

  progress({ label, bytes, totalBytes }: Progress): void {
    const now = performance.now();
    if (now - this.#lastProgressMs < progressEveryMs) return;
    this.#lastProgressMs = now;
    const of = totalBytes ? ` of about ${prettyBytes(totalBytes)}` : '';
    this.info(`${label}: ${prettyBytes(bytes)}${of}`);
  }

  info(message: string): void {
    core.info(harmless(message));
  }

  warn(message: string): void {
    core.warning(harmless(message));
  }

  debug(message: string): void {
    core.debug(harmless(message));
  }
}

/**
 * The text such that the runner finds no command in it, also in what a remote machine said. It looks for `::` behind
 * whatever it takes for the blank start of a line, which is more than spaces, and for `##[` anywhere; invisible characters
 * between them do not count for it (actions/runner, ActionCommand.cs).
 */
export function harmless(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) =>
      printable(line)
        .replace(/^([^!-~]*):(?=:)/, '$1: ')
        .replaceAll('##[', '## ['),
    )
    .join('\n');
}
