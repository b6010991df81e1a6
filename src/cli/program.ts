import { Command, CommanderError, Option as Flag } from 'commander';
import { type Command as CommandName, commandHelp, commands, isKey, type Option } from '../config/option.ts';
import { type Flags, options, variableOf } from '../config/options.ts';

export interface Invocation {
  readonly command: CommandName;
  readonly flags: Flags;
  readonly json: boolean;
}

/** Thrown for `--help` and `--version` too: what to print has been printed, and this is the exit code. */
export { CommanderError };

/**
 * Reads the command line by the table of options. Without a command it is `backup`.
 * @throws CommanderError when help was shown, or the line has an unknown flag or command
 */
export function readCommandLine(argv: readonly string[], version: string): Invocation {
  let invocation: Invocation | null = null;
  const program = new Command('holdfast')
    .description('Backs up SQLite and PostgreSQL, with nothing installed on the server.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .addHelpText('after', '\nOptions of a command: holdfast <command> --help')
    .showSuggestionAfterError()
    .exitOverride();
  for (const name of commands) {
    const command = program.command(name, { isDefault: name === 'backup' }).description(commandHelp[name]);
    command.helpOption('-h, --help', 'Show this help.').allowExcessArguments(false).exitOverride();
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
      invocation = { command: name, flags, json: json === true };
    });
  }
  program.parse([...argv], { from: 'user' });
  if (invocation === null) throw new CommanderError(2, 'holdfast.none', 'no command');
  return invocation;
}

function flagOf({ name, kind, help, values, default: fallback }: Option): Flag {
  const placeholder = kind === 'boolean' ? '[true|false]' : `<${values?.join('|') ?? placeholderOf(kind)}>`;
  const text = `${help} Default: ${fallback}. Variable: ${variableOf(name)}`.replaceAll('`', '');
  return new Flag(`--${name} ${placeholder}`, text);
}

function placeholderOf(kind: Option['kind']): string {
  if (kind === 'count') return 'number';
  return isKey(kind) ? 'file or text' : 'text';
}
