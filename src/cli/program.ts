import { Command, CommanderError, Option as Flag } from 'commander';
import { type Command as CommandName, commandHelp, commands, isKey, type Option } from '../config/option.ts';
import { type Flags, options, variableOf } from '../config/options.ts';
import type { Problem } from '../core/errors.ts';
import { judgeWords } from './judge-words.ts';
import { mayBeBare, withValues } from './with-values.ts';

export interface Invocation {
  readonly command: CommandName;
  readonly flags: Flags;
  readonly json: boolean;
  /** What is wrong with the line itself. */
  readonly problems: readonly Problem[];
  /** What stands in the place of the command is none. */
  readonly isUnknown: boolean;
}

/** Thrown for `--help` and `--version`: what to print has been printed. */
export { CommanderError };

/**
 * Reads the command line by the table of options. Without a command it is `backup`.
 * @throws CommanderError when help was shown
 */
export function readCommandLine(argv: readonly string[], version: string): Invocation {
  let invocation: Invocation | null = null;
  const { words, problems } = withValues(argv);
  const program = new Command('holdfast')
    .description('Backs up SQLite and PostgreSQL, with nothing installed on the server.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .addHelpText('after', '\nOptions of a command: holdfast <command> --help')
    .exitOverride();
  for (const name of commands) {
    const command = program.command(name, { isDefault: name === 'backup' }).description(commandHelp[name]);
    command.helpOption('-h, --help', 'Show this help.').exitOverride();
    // What it does not know is judged here, all at once.
    command.allowExcessArguments().allowUnknownOption();
    const flags: Record<string, string[]> = {};
    for (const option of options.filter((candidate) =>
      (candidate.commands as readonly string[]).includes(name),
    )) {
      command.addOption(flagOf(option));
      // Commander itself keeps the last one only. A boolean flag without a value is true.
      command.on(`option:${option.name}`, (text: string | null) => {
        flags[option.name] = [...(flags[option.name] ?? []), text ?? 'true'];
      });
    }
    command.option('--json', 'Print the result as one JSON document.');
    command.action(({ json }: { readonly json?: true }) => {
      const judged = judgeWords(name, command.args, argv);
      invocation = {
        ...{ command: name, flags, json: json === true, isUnknown: judged.isUnknown },
        problems: [...problems, ...judged.problems],
      };
    });
  }
  program.parse([...words], { from: 'user' });
  if (invocation === null) throw new CommanderError(2, 'holdfast.none', 'no command');
  return invocation;
}

function flagOf(option: Option): Flag {
  const {
    name,
    kind,
    help,
    values = kind === 'boolean' ? ['true', 'false'] : null,
    default: fallback,
  } = option;
  const value = values?.join('|') ?? placeholderOf(kind);
  const placeholder = mayBeBare(option) ? `[${value}]` : `<${value}>`;
  const text = `${help} Default: ${fallback}. Variable: ${variableOf(name)}`.replaceAll('`', '');
  return new Flag(`--${name} ${placeholder}`, text);
}

function placeholderOf(kind: Option['kind']): string {
  if (kind === 'count') return 'number';
  return isKey(kind) ? 'file or text' : 'text';
}
