import { expect } from 'vitest';
import type { ActionRun } from './run-action.ts';

/** The commands that Holdfast itself gives the runner; every other line must be text. */
const ownCommand = /^::(?:add-mask|debug|group|endgroup|warning|error)\b/;

/** Nothing that a run printed steers the runner or a terminal. */
export function isInert(run: ActionRun): void {
  for (const line of run.stdout.split(/\r\n|\r|\n/)) {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '').trimStart();
    if (!ownCommand.test(line)) expect(seen).not.toMatch(/^::/);
    expect(seen).not.toContain('##[');
    expect(line, 'no escape sequence').not.toMatch(/(?!\t)[\p{Cc}\p{Cf}]/u);
  }
  expect(run.stdout).not.toMatch(/^::add-mask::a$/m);
}
