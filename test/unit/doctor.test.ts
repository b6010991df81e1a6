import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { judgeClock } from '../../src/core/clock.ts';
import { bad, type Check, doctor, doubtful, type Finding, good, untried } from '../../src/core/doctor.ts';
import { CancelledError, HoldfastError } from '../../src/core/errors.ts';
import { judgeLifecycle } from '../../src/stores/s3-doctor.ts';
import { quietReporter } from '../kit/quiet-reporter.ts';
import { signal } from '../kit/signal.ts';

const check = (id: string, finding: Finding | Error, needs: readonly string[] = []): Check => ({
  id,
  needs,
  async run() {
    if (finding instanceof Error) throw finding;
    return finding;
  },
});
const run = (checks: readonly Check[], aborted: AbortSignal = signal) =>
  doctor({ checks, reporter: quietReporter(), signal: aborted });
const levels = async (checks: readonly Check[]) =>
  (await run(checks)).checks.map(({ id, level }) => `${id} ${level}`);
const refused = new HoldfastError('It was refused.', { code: 'x', hint: 'Open it.', input: 'ssh' });

describe('the doctor', () => {
  test('says that all is well when nothing fails; a warning is well', async () => {
    const { checks, failure } = await run([
      check('a', good('Fine.')),
      check('b', doubtful('Odd.', 'Change it.')),
    ]);
    expect(failure).toBeNull();
    expect(checks).toEqual([
      { id: 'a', ok: true, level: 'ok', detail: 'Fine.', hint: null },
      { id: 'b', ok: true, level: 'warn', detail: 'Odd.', hint: 'Change it.' },
    ]);
  });

  test('goes on after a failure, and tells its message and remedy', async () => {
    const { checks, failure } = await run([check('a', refused), check('b', good('Fine.'))]);
    expect(checks).toMatchObject([{ ok: false, detail: 'It was refused.', hint: 'Open it.' }, { ok: true }]);
    expect(failure).toMatchObject({ code: 'doctor.failed', exitCode: 1, hint: 'Open it.', input: 'ssh' });
    expect(failure?.message).toBe('A backup would fail at a: It was refused.');
  });

  test('names all that failed', async () => {
    const { failure } = await run([
      check('a', refused),
      check('b', bad('No.', 'Do.')),
      check('c', good('Fine.')),
    ]);
    expect(failure?.message).toBe('A backup would fail at 2 of 3 checks: a, b.');
  });

  test('does not try what needs a check that failed, nor what needs that', async () => {
    const chain = [
      check('a', refused),
      check('b', good('!'), ['a']),
      check('c', good('!'), ['b']),
      check('d', good('')),
    ];
    expect(await levels(chain)).toEqual(['a fail', 'b skip', 'c skip', 'd ok']);
    const { checks } = await run(chain);
    expect(checks[1]).toMatchObject({ ok: true, detail: 'not tried: a is not good.' });
  });

  test('takes a check that is not there, or that warned, for no obstacle', async () => {
    expect(await levels([check('a', doubtful('Odd.', '')), check('b', good(''), ['a', 'nothing'])])).toEqual([
      'a warn',
      'b ok',
    ]);
    expect(await levels([check('a', untried('why')), check('b', good(''), ['a'])])).toEqual([
      'a skip',
      'b skip',
    ]);
  });

  test('runs what a check finds to check next, before the others', async () => {
    const more = [check('a.x', good('')), check('a.y', refused)];
    expect(await levels([check('a', { ...good(''), more }), check('b', good(''))])).toEqual([
      'a ok',
      'a.x ok',
      'a.y fail',
      'b ok',
    ]);
  });

  test('tells a failure that nobody foresaw as one, and goes on', async () => {
    expect(await levels([check('a', new TypeError('x is not a function')), check('b', good(''))])).toEqual([
      'a fail',
      'b ok',
    ]);
    const text: Check = { id: 'a', run: () => Promise.reject('a text') };
    const [{ detail, hint } = {}] = (await run([text])).checks;
    expect([detail, hint]).toEqual(['Something failed that should not: a text.', 'Please report this.']);
  });

  test('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const stopping: Check = {
      id: 'a',
      async run() {
        controller.abort();
        throw refused;
      },
    };
    await expect(run([stopping, check('b', good(''))], controller.signal)).rejects.toThrow(CancelledError);
  });
});

test('wrong settings are a finding, and the others are read', () => {
  const raw = { 'keep-daily': '7x', ssh: 'nonsense', database: 'sqlite:app.sqlite3', store: 'file:backups' };
  const config = parseConfig('doctor', raw, { face: 'cli', env: {}, cwd: '/code/app' });
  expect(config).toMatchObject({
    command: 'doctor',
    store: { kind: 'folder', path: '/code/app/backups' },
    problems: expect.arrayContaining([expect.objectContaining({ input: 'keep-daily' })]),
  });
});

describe('the clock', () => {
  const minutes = (count: number) => judgeClock(count * 60_000);

  test.each([
    [0, 'ok'],
    [4.9, 'ok'],
    [-4.9, 'ok'],
    [6, 'warn'],
    [-59, 'warn'],
    [61, 'fail'],
    [-600, 'fail'],
  ])('%d minutes off: %s', (off, level) => {
    expect(minutes(off).level).toBe(level);
  });

  test('is said to be behind or ahead', () => {
    expect(minutes(10).detail).toBe("The clock of this machine is 10 minutes behind the store's.");
    expect(minutes(-10).detail).toContain("10 minutes ahead of the store's");
  });
});

describe('lifecycle rules', () => {
  const aborts = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } };
  const on = { Status: 'Enabled' } as const;

  test.each([
    ['none', [], 'warn'],
    ['one for all', [{ ...on, ...aborts, Filter: { Prefix: '' } }], 'ok'],
    ['one in the old form', [{ ...on, ...aborts, Prefix: 'apps/' }], 'ok'],
    ['one for another prefix', [{ ...on, ...aborts, Filter: { Prefix: 'logs/' } }], 'warn'],
    ['one that is switched off', [{ ...aborts, Status: 'Disabled' as const }], 'warn'],
    ['one that expires backups', [{ ...on, ...aborts, Expiration: { Days: 30 } }], 'warn'],
    [
      'one that expires others',
      [
        { ...on, Prefix: 'logs/', Expiration: { Days: 1 } },
        { ...on, ...aborts },
      ],
      'ok',
    ],
    [
      'one that tidies markers',
      [{ ...on, ...aborts, Expiration: { ExpiredObjectDeleteMarker: true } }],
      'ok',
    ],
  ])('%s: %s', (_, rules, level) => {
    expect(judgeLifecycle(rules, 'apps/').level).toBe(level);
  });
});
