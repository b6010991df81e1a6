import { expect, test } from 'vitest';
import { renderResult } from '../../src/app/render.ts';
import type { Command } from '../../src/config/option.ts';
import type { RawOptions } from '../../src/config/options.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { runCommandHere } from '../kit/run-command.ts';

const bucket = { store: 's3://bucket/apps', database: 'sqlite:/srv/app.sqlite3', name: 'shop' };
const parse = (raw: RawOptions, command: Command = 'backup') =>
  parseConfig(command, { ...bucket, ...raw }, { face: 'cli', env: {}, cwd: '/code/shop' });

test('locks are off, or governance, or what is asked for', () => {
  expect(parse({})).toMatchObject({ lock: null });
  expect(parse({ 'lock-days': '0' })).toMatchObject({ lock: null });
  expect(parse({ 'lock-days': '30' })).toMatchObject({ lock: { days: 30, mode: 'governance' } });
  expect(parse({ 'lock-days': '1', 'lock-mode': 'compliance' })).toMatchObject({
    lock: { days: 1, mode: 'compliance' },
  });
});

test.each([
  [{ store: 'file:backups', 'lock-days': '30' }, /folder, which has no locks/],
  [{ 'lock-mode': 'compliance' }, /`lock-days` is not/],
  [{ 'lock-days': 'unlimited' }, /from 0 to 36500/],
  [{ 'lock-days': '30', 'lock-mode': 'legal' }, /"legal"/],
] satisfies [RawOptions, RegExp][])('%j is refused', (raw, problem) => {
  expect(() => parse(raw)).toThrow(problem);
});

test('a folder has no lifecycle', () => {
  expect(() => parse({ store: 'file:backups' }, 'lifecycle')).toThrow(/Only buckets have lifecycle rules/);
});

test("lifecycle prints what the providers' tools take, and nothing else", async () => {
  const { document, exitCode } = await runCommandHere('lifecycle', { ...bucket, 'keep-daily': '14' });
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({
    ok: true,
    command: 'lifecycle',
    notes: [/23 days/, /daily/, /pinned/].map((note) => expect.stringMatching(note)),
  });
  const printed = JSON.parse(await renderResult(document));
  expect(Object.keys(printed)).toEqual(['Rules']);
  expect(printed.Rules).toHaveLength(3);
  expect(printed.Rules[2]).toEqual({
    ID: 'holdfast apps/shop/ age',
    Status: 'Enabled',
    Filter: { Prefix: 'apps/shop/' },
    Expiration: { Days: 23 },
  });
});
