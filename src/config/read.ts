import { readFileSync, statSync } from 'node:fs';
import leven from 'leven';
import type { Problem } from '../core/errors.ts';
import { type Command, commands, isKey, isRepeatable, type Option } from './option.ts';
import { type Flags, type OptionName, options, type RawOptions, variableOf } from './options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Read {
  readonly command: Command;
  readonly raw: RawOptions;
  readonly problems: readonly Problem[];
  /** What was asked for is no command, so that nothing else can be judged. */
  readonly isUnknown?: boolean;
}

/** Inputs that are no options: which command. */
const commandInput = 'command';

/**
 * The inputs as the runner gives them: `INPUT_KEEP-DAILY`, upper-cased with spaces as underscores, all dashes kept. The
 * runner passes unknown ones on, so that a typing error can be told.
 */
export function readInputs(env: Environment): Read {
  const problems: Problem[] = [];
  const raw: RawOptions = {};
  let command: Command | null = 'backup';
  for (const [variable, text = ''] of Object.entries(env)) {
    if (!variable.startsWith('INPUT_')) continue;
    const name = variable.slice('INPUT_'.length).toLowerCase();
    if (name === commandInput) command = readCommand(text.trim() || 'backup', problems);
    else if (isOption(name)) Object.assign(raw, present(name, text));
    else problems.push(unknown('input', name, [commandInput, ...options.map((option) => option.name)]));
  }
  if (command === null) return { command: 'backup', raw, problems, isUnknown: true };
  return { command, raw: withoutForeign(command, raw, problems), problems };
}

/** Variables of the command line that are no options. */
const otherVariables: readonly string[] = ['HOLDFAST_DEBUG'];

/** `HOLDFAST_*` variables below the flags, and files read for options that hold a key. */
export function readFlags(
  command: Command,
  flags: Flags,
  env: Environment,
  earlier: readonly Problem[] = [],
): Read {
  const problems = [...earlier, ...unknownVariables(env)];
  const raw: RawOptions = {};
  for (const option of options.filter(({ commands }) => (commands as readonly string[]).includes(command))) {
    const given = [flags[option.name] ?? env[variableOf(option.name)] ?? []].flat();
    const from = flags[option.name] === undefined ? variableOf(option.name) : `--${option.name}`;
    if (given.length > 1 && !isRepeatable(option.kind)) problems.push(repeated(option.name, given.length));
    const contents = given.flatMap((text) => contentOf(option, { text, from }, env, problems) ?? []);
    if (contents.length > 0) raw[option.name] = contents.join('\n');
  }
  return { command, raw, problems };
}

/** One that is misspelt would be no setting at all: a backup could go elsewhere, or prune nothing. */
function unknownVariables(env: Environment): Problem[] {
  const known = [...options.map(({ name }) => variableOf(name)), ...otherVariables];
  return Object.keys(env)
    .filter((variable) => variable.startsWith('HOLDFAST_') && !known.includes(variable))
    .map((variable) => unknown('variable', variable, known));
}

function readCommand(text: string, problems: Problem[]): Command | null {
  if (text === 'keygen') {
    problems.push({
      input: 'command',
      message: '`keygen` prints secret keys, which the log of a workflow is no place for.',
      hint: 'Run `holdfast keygen` on your own machine.',
    });
    return null;
  }
  const known = commands.find((command) => command === text);
  if (known === undefined) problems.push(unknown('command', text, commands));
  return known ?? null;
}

/** `there is no X; did you mean Y?` */
export function unknown(what: string, name: string, known: readonly string[]): Problem {
  const [nearest = ''] = [...known].sort((a, b) => leven(a, name) - leven(b, name));
  return {
    input: name,
    message: `There is no ${what} \`${name}\`.`,
    hint: `Did you mean \`${nearest}\`?`,
  };
}

function isOption(name: string): name is OptionName {
  return options.some((option) => option.name === name);
}

function present(name: OptionName, text: string): RawOptions {
  return text.trim() === '' ? {} : { [name]: text };
}

/** An input that the command has no use for is told: it may be meant for another command. */
function withoutForeign(command: Command, raw: RawOptions, problems: Problem[]): RawOptions {
  const mine: RawOptions = {};
  for (const option of options) {
    const text = raw[option.name];
    if (text === undefined) continue;
    if ((option.commands as readonly string[]).includes(command)) mine[option.name] = text;
    else problems.push(foreign(option, command));
  }
  return mine;
}

export function foreign({ name, commands: own }: Option, command: Command): Problem {
  return {
    input: name,
    message: `\`${name}\` has no meaning for the command ${command}.`,
    hint: `Leave it out; it belongs to ${own.join(' and ')}.`,
  };
}

/**
 * In the CLI a key or a list of hosts may be given as a file's path.
 * @returns `null` when there is a problem with it. Given and empty is one: a script whose variable is not set must not turn off
 * what was asked for.
 */
function contentOf(
  option: Option,
  { text, from }: { readonly text: string; readonly from: string },
  env: Environment,
  problems: Problem[],
): string | null {
  const content = textOrFile(option, text, env, problems);
  if (content === null || content.trim() !== '') return content;
  problems.push(empty(option.name, text.trim() === '' ? from : `the file ${text.trim()}`));
  return null;
}

function textOrFile(option: Option, text: string, env: Environment, problems: Problem[]): string | null {
  const path = text.trim().replace(/^~(?=\/)/, env['HOME'] ?? '~');
  if (!isKey(option.kind) || /[\r\n]/.test(path)) return text;
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(
      unreadable(
        option.name,
        isFreeText(option.name) ? null : path,
        (error as NodeJS.ErrnoException).code ?? 'unknown reason',
      ),
    );
    return null;
  }
  if (!isMissingFile(option.name, path)) return text;
  // What was taken for a path may be the secret.
  problems.push(unreadable(option.name, isFreeText(option.name) ? null : path, 'there is none'));
  return null;
}

/** Secrets that any text can be. */
const isFreeText = (name: string): boolean => /passphrase$/.test(name);

/** A name that was meant as a file's must not become the passphrase itself. Keys never begin like a path, but a storage key may, and a passphrase. */
function isMissingFile(name: string, path: string): boolean {
  if (name === 's3-secret-access-key') return false;
  if (!isFreeText(name)) return /^(?:~|\.{0,2}\/)/.test(path);
  const [, top = ''] = /^(\/[^/]+)\//.exec(path) ?? [];
  return (
    /^(?:~|\.{1,2})\//.test(path) ||
    /^[\w./~-]+\.(?:txt|key|pass|passphrase|secret|pem|asc|gpg|age|env)$/i.test(path) ||
    (top !== '' && statSync(top, { throwIfNoEntry: false }) !== undefined)
  );
}

function repeated(name: string, times: number): Problem {
  return {
    input: name,
    message: `\`--${name}\` is given ${times} times, but has one value.`,
    hint: 'Leave all but one of them out.',
  };
}

function empty(name: string, where: string): Problem {
  return {
    input: name,
    message: `\`${name}\` is given but empty (${where}).`,
    hint: 'Give it a value, or leave it out; in a script, look whether the variable that it comes from is set.',
  };
}

/** @param path `null`: not to be shown */
function unreadable(name: string, path: string | null, why: string): Problem {
  return {
    input: name,
    message: `The file ${path === null ? '' : `${path} `}of \`${name}\` can't be read (${why}).`,
    hint: 'Correct the path, or give the text itself.',
  };
}
