import type { Config, StoreConfig } from '../config/config.ts';
import { parseConfig } from '../config/parse.ts';
import type { Environment, Read } from '../config/read.ts';
import { ConfigError, type ExitCode, exitCodes, type HoldfastError } from '../core/errors.ts';
import { type Journal, noJournal } from '../core/journal.ts';
import type { Reporter } from '../core/reporter.ts';
import { runCommand } from './commands.ts';
import { asHoldfastError } from './internal-error.ts';
import type { ErrorDocument, ResultDocument } from './result.ts';

export interface RunRequest {
  readonly read: Read;
  readonly face: 'action' | 'cli';
  readonly env: Environment;
  readonly cwd: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Hears of what the run begins in the store; default nobody. */
  readonly journal?: Journal;
}

export interface Outcome {
  readonly exitCode: ExitCode;
  readonly document: ResultDocument;
  /** What failed, for a face that shows more of it; `null` when nothing did. */
  readonly error: HoldfastError | null;
}

/** Parses, wires and runs one command. Never throws: this is the only place where failures become an outcome. */
export async function run({
  read,
  face,
  env,
  cwd,
  reporter,
  signal,
  journal = noJournal,
}: RunRequest): Promise<Outcome> {
  const startedAt = new Date();
  const startMs = performance.now();
  const warnings: string[] = [];
  const collecting: Reporter = {
    step: (title, work) => reporter.step(title, work),
    progress: (progress) => reporter.progress(progress),
    info: (message) => reporter.info(message),
    debug: (message) => reporter.debug(message),
    warn(message) {
      // Two parts of a command may find the same.
      if (warnings.includes(message)) return;
      warnings.push(message);
      reporter.warn(message);
    },
  };
  let config: Config | null = null;
  const common = () => ({
    name: config !== null && 'name' in config ? config.name : '',
    store: config !== null && 'store' in config ? labelOf(config.store) : '',
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startMs),
    warnings,
  });
  try {
    assertCommand(read);
    config = parseConfig(read.command, read.raw, { face, env, cwd }, read.problems);
    const stallMs = 'stallMs' in config ? config.stallMs : 0;
    const { own, failure } = await runCommand(config, {
      env,
      reporter: collecting,
      signal,
      stallMs,
      journal,
    });
    const failed = failure === null ? {} : { error: describeError(failure) };
    const document = { ok: failure === null, ...common(), ...own, ...failed };
    return { exitCode: failure?.exitCode ?? exitCodes.done, document, error: failure };
  } catch (cause) {
    const error = asHoldfastError(cause, signal);
    const document = { command: read.command, ok: false as const, ...common(), error: describeError(error) };
    return { exitCode: error.exitCode, document, error };
  }
}

function assertCommand({ isUnknown = false, problems: [first, ...rest] }: Read): void {
  if (isUnknown && first !== undefined) throw new ConfigError([first, ...rest]);
}

function labelOf(store: StoreConfig): string {
  if (store.kind === 'folder') return `file:${store.path}`;
  return `s3://${store.bucket}${store.prefix === '' ? '' : `/${store.prefix}`}`;
}

function describeError(error: HoldfastError): ErrorDocument {
  const { code, message, hint = null, input = null } = error;
  if (!(error instanceof ConfigError)) return { code, message, hint, input };
  const problems = error.problems.map((problem) => ({ ...problem, hint: problem.hint ?? null }));
  return { code, message, hint, input, problems };
}
