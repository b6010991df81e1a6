import { basename } from 'node:path';
import { ConfigError, type Problem } from '../core/errors.ts';
import { safeName } from '../core/keys.ts';
import type { CompressionConfig, Config, ConfigOf, StoreConfig } from './config.ts';
import { Fields, show } from './fields.ts';
import type { Command } from './option.ts';
import type { RawOptions } from './options.ts';
import { parseEncryption, parseKeys, parseSigner, parseVerifier } from './parse-keys.ts';
import { parsePolicy, requirePolicy } from './parse-policy.ts';
import {
  parseAges,
  parseLevel,
  parseSelector,
  parseVerify,
  parseVerifyAfter,
  requireOpenable,
} from './parse-proof.ts';
import { parseHost, parseSources } from './parse-source.ts';
import { parseStall } from './parse-stall.ts';
import { isPlainSegment, parseLock, parseStore, requireBucket } from './parse-store.ts';
import { parseTarget } from './parse-target.ts';
import type { Environment } from './read.ts';

export interface ParseContext {
  readonly face: 'action' | 'cli';
  readonly env: Environment;
  /** Relative paths of this machine start here. */
  readonly cwd: string;
}

/**
 * Makes settings of texts.
 * @param earlier what was wrong before: unknown names, files that can't be read
 * @throws ConfigError with every problem at once; for `doctor` they are in its settings
 */
export function parseConfig(
  command: Command,
  raw: RawOptions,
  context: ParseContext,
  earlier: readonly Problem[] = [],
): Config {
  const fields = new Fields(raw);
  const config = parseFields(command, fields, context);
  const unread = new Set(earlier.map(({ input }) => input));
  // What could not be read has its problem already.
  const problems = [...earlier, ...fields.problems.filter(({ input }) => !unread.has(input))];
  if (config.command === 'doctor') return { ...config, problems };
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ConfigError([first, ...rest]);
  return config;
}

function parseFields(command: Command, fields: Fields, context: ParseContext): Config {
  if (command === 'keygen') return { command };
  const common = {
    name: parseName(fields, context),
    store: parseStore(fields, context),
    stallMs: parseStall(fields),
  };
  const dryRun = fields.boolean('dry-run');
  switch (command) {
    case 'list':
      return { ...common, command, all: fields.boolean('all') };
    case 'prune':
      return { ...common, command, policy: requirePolicy(fields), verifier: parseVerifier(fields), dryRun };
    case 'lifecycle':
      return { ...common, command, store: requireBucket(common.store, fields), policy: parsePolicy(fields) };
    case 'check':
      return { ...common, command, ...parseAges(fields) };
    case 'verify':
      return {
        ...common,
        command,
        selector: parseSelector(fields),
        keys: parseKeys(fields),
        verifier: parseVerifier(fields),
        verify: parseVerify(fields, parseLevel(fields), context),
      };
    case 'restore':
      return {
        ...common,
        command,
        selector: parseSelector(fields),
        keys: parseKeys(fields),
        verifier: parseVerifier(fields),
        encryption: parseEncryption(fields),
        signer: parseSigner(fields),
        target: parseTarget(fields, context),
        dryRun,
      };
    case 'doctor':
      return { ...common, command, ...parseBackup(fields, common.store, context), problems: [] };
    case 'backup': {
      const backup = parseBackup(fields, common.store, context);
      requireOpenable(fields, backup);
      return { ...common, command, ...backup, dryRun };
    }
  }
}

function parseBackup(
  fields: Fields,
  store: StoreConfig,
  context: ParseContext,
): Omit<ConfigOf<'backup'>, 'command' | 'name' | 'store' | 'stallMs' | 'dryRun'> {
  const host = parseHost(fields);
  return {
    host,
    sources: parseSources(fields, host, context),
    compression: parseCompression(fields),
    encryption: parseEncryption(fields),
    keys: parseKeys(fields),
    signer: parseSigner(fields),
    verifier: parseVerifier(fields),
    verify: parseVerifyAfter(fields, context),
    policy: parsePolicy(fields),
    failOnShrink: fields.boolean('fail-on-shrink'),
    lock: parseLock(store, fields),
  };
}

/** The name of the catalog, also when the rest of the settings is not read: one safe path segment. */
function parseName(fields: Fields, { env, cwd }: ParseContext): string {
  const name = fields.text('name');
  if (name === undefined) return safeName(basename(env['GITHUB_REPOSITORY'] ?? cwd));
  if (!isPlainSegment(name) || name.startsWith('.') || name.length > 100) {
    fields.problem(
      'name',
      `\`name\` is ${show(name)}.`,
      'Use letters, digits, `.`, `_` and `-`, without a slash.',
    );
  }
  return name;
}

const levels = { zstd: { absent: 3, most: 19 }, gzip: { absent: 6, most: 9 } } as const;

function parseCompression(fields: Fields): CompressionConfig {
  const codec = fields.choice('compression', ['zstd', 'gzip', 'none'], 'zstd');
  const on = fields.choice('compress-on', ['auto', 'host', 'runner'], 'auto');
  if (codec === 'none') {
    if (fields.has('compression-level')) {
      fields.problem(
        'compression-level',
        '`compression-level` is set, but `compression` is none.',
        'Leave it out.',
      );
    }
    return { codec };
  }
  const { absent, most } = levels[codec];
  return { codec, on, level: fields.count('compression-level', absent, 1, most) };
}
