import type { Option } from '../config/option.ts';
import { options } from '../config/options.ts';
import type { Problem } from '../core/errors.ts';

/** Where `true` is a value, the flag alone says it. */
export function mayBeBare({ kind, values = [] }: Pick<Option, 'kind' | 'values'>): boolean {
  return kind === 'boolean' || values.includes('true');
}

/** The line without flags that lack their value: each would take the flag after it for one. */
export function withValues(argv: readonly string[]): {
  readonly words: readonly string[];
  readonly problems: readonly Problem[];
} {
  const words: string[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    const [option] = optionsOf(word);
    if (option === undefined || mayBeBare(option) || word.includes('=')) {
      words.push(word);
      continue;
    }
    const value = argv[at + 1];
    if (value === undefined || isFlag(value)) {
      problems.push(bare(option.name));
    } else {
      words.push(word, value);
      at += 1;
    }
  }
  return { words, problems };
}

function optionsOf(word: string): readonly Option[] {
  return (options as readonly Option[]).filter(({ name }) => word.split('=')[0] === `--${name}`);
}

function isFlag(word: string): boolean {
  return word === '--json' || word === '--help' || optionsOf(word).length > 0;
}

function bare(name: string): Problem {
  return {
    input: name,
    message: `\`--${name}\` has no value.`,
    hint: `Write it behind the flag: \`--${name} …\`.`,
  };
}
