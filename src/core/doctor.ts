import { HoldfastError, throwIfCancelled } from './errors.ts';
import type { Reporter } from './reporter.ts';

/** `fail`: a backup would fail. `warn`: it would not, but something should be changed. `skip`: not tried. */
type Level = 'ok' | 'warn' | 'fail' | 'skip';

/** What one look found. No secret may be in it. */
export interface Finding {
  readonly level: Level;
  readonly detail: string;
  /** The remedy. */
  readonly hint?: string | undefined;
  /** The option at fault. */
  readonly input?: string | undefined;
  /** Checks that are known only now; they run next. */
  readonly more?: readonly Check[];
}

export interface Check {
  /** Permanent, dotted: `ssh.host-key`. */
  readonly id: string;
  /** Ids of checks without which this one makes no sense: where one of them found nothing good, it is not tried. */
  readonly needs?: readonly string[];
  /** A throw is a failure, told by its message and hint. */
  run(): Promise<Finding>;
}

export interface CheckResult {
  readonly id: string;
  /** `false`: this would fail a backup. */
  readonly ok: boolean;
  readonly level: Level;
  readonly detail: string;
  readonly hint: string | null;
}

export interface DoctorRequest {
  readonly checks: readonly Check[];
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface DoctorResult {
  readonly checks: readonly CheckResult[];
  /** `null` when nothing would fail a backup. */
  readonly failure: HoldfastError | null;
}

export const good = (detail: string): Finding => ({ level: 'ok', detail });
export const doubtful = (detail: string, hint: string): Finding => ({ level: 'warn', detail, hint });
export const bad = (detail: string, hint: string, input?: string): Finding => ({
  level: 'fail',
  detail,
  hint,
  input,
});
export const untried = (why: string): Finding => ({ level: 'skip', detail: `not tried: ${why}` });

const signs: Readonly<Record<Exclude<Level, 'ok'>, string>> = {
  warn: 'WARNING',
  fail: 'FAILED',
  skip: 'skipped',
};

/** Runs every check that can be run, in order; none stops another but one that needs it. */
export async function doctor({ checks, reporter, signal }: DoctorRequest): Promise<DoctorResult> {
  const found: (Finding & { readonly id: string })[] = [];
  const queue = [...checks];
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const obstacle = obstacleOf(check, found);
    const finding = obstacle === null ? await findingOf(check, signal) : untried(`${obstacle} is not good.`);
    found.push({ ...finding, id: check.id });
    const { level, detail } = finding;
    reporter.info(`${check.id}: ${level === 'ok' ? 'ok' : `${signs[level]}, ${detail}`}`);
    queue.unshift(...(finding.more ?? []));
  }
  const results = found.map(({ id, level, detail, hint = null }) => ({
    ...{ id, ok: level !== 'fail', level, detail, hint },
  }));
  return { checks: results, failure: failureOf(found) };
}

function obstacleOf({ needs = [] }: Check, found: readonly { id: string; level: Level }[]): string | null {
  const without = found.find(({ id, level }) => needs.includes(id) && (level === 'fail' || level === 'skip'));
  return without?.id ?? null;
}

async function findingOf(check: Check, signal: AbortSignal): Promise<Finding> {
  throwIfCancelled(signal);
  try {
    return await check.run();
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof HoldfastError) {
      return { level: 'fail', detail: error.message, hint: error.hint, input: error.input };
    }
    const said = error instanceof Error ? error.message : String(error);
    return bad(`Something failed that should not: ${said}.`, 'Please report this.');
  }
}

function failureOf(found: readonly (Finding & { readonly id: string })[]): HoldfastError | null {
  const failed = found.filter(({ level }) => level === 'fail');
  const [first] = failed;
  if (first === undefined) return null;
  const message =
    failed.length === 1
      ? `A backup would fail at ${first.id}: ${first.detail}`
      : `A backup would fail at ${failed.length} of ${found.length} checks: ${failed.map(({ id }) => id).join(', ')}.`;
  return new HoldfastError(message, { code: 'doctor.failed', hint: first.hint, input: first.input });
}
