import { type Command, commands } from '../config/option.ts';
import { options } from '../config/options.ts';
import { foreign, unknown } from '../config/read.ts';
import type { Problem } from '../core/errors.ts';

/** What is wrong with the words of a line that its command knows nothing of. */
export function judgeWords(
  command: Command,
  words: readonly string[],
  [first = '']: readonly string[],
): { readonly problems: readonly Problem[]; readonly isUnknown: boolean } {
  const { flags, others } = sorted(words);
  // Anything else but a plain word is meant as a value, and may be a secret.
  const isUnknown = first === others[0] && /^[a-z-]+$/i.test(first) && !isCommand(first);
  if (isUnknown) {
    const known = options.map(({ name }) => name as string);
    const problems = flags.filter((flag) => !known.includes(nameOf(flag))).map((flag) => noFlag(flag, known));
    return { problems: [unknown('command', first, [...commands, '--help']), ...problems], isUnknown };
  }
  const problems = flags.map((flag) => judgeFlag(flag, command));
  return { problems: others.length === 0 ? problems : [...problems, noPlace(others, command)], isUnknown };
}

/** Flags as written, each without its value, and what belongs to none. */
function sorted(words: readonly string[]): { readonly flags: string[]; readonly others: string[] } {
  const [flags, others]: [string[], string[]] = [[], []];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (!isFlag(word)) {
      others.push(word);
      continue;
    }
    const [name = '', value] = word.split('=');
    flags.push(name);
    const next = words[at + 1];
    if (value === undefined && next !== undefined && !isFlag(next)) at += 1;
  }
  return { flags, others };
}

const isFlag = (word: string): boolean => /^-[^\d]/.test(word);
const nameOf = (flag: string): string => flag.replace(/^--?/, '');
const isCommand = (word: string): boolean => (commands as readonly string[]).includes(word);

function judgeFlag(flag: string, command: Command): Problem {
  const option = options.find(({ name }) => name === nameOf(flag));
  if (option !== undefined) return foreign(option, command);
  const own = options.filter(({ commands: its }) => (its as readonly string[]).includes(command));
  return noFlag(
    flag,
    own.map(({ name }) => name),
  );
}

function noFlag(flag: string, known: readonly string[]): Problem {
  const flags = [...known, 'json', 'help', 'version'].map((name) => `--${name}`);
  return { ...unknown('flag', flag, flags), input: nameOf(flag) };
}

/** Is not repeated: it may be a URL with a password. */
function noPlace(others: readonly string[], command: Command): Problem {
  const late = others.find(isCommand);
  if (late !== undefined) {
    const message = `The command \`${late}\` does not come first.`;
    return { input: 'command', message, hint: `Write \`holdfast ${late} …\`, and the flags behind it.` };
  }
  const count = others.length === 1 ? 'a word' : `${others.length} words`;
  return {
    input: 'command',
    message: `\`${command}\` got ${count} that no flag asks for.`,
    hint: `Settings are flags: \`holdfast ${command} --help\` shows them. Quote a value that has spaces.`,
  };
}
