import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts to find again: each secret whole, decoded and encoded, and each line of it that is long enough to be one. */
export function formsOf(secrets: readonly string[]): string[] {
  const lines = secrets.flatMap((secret) => [secret, ...secret.split('\n')]).map((text) => text.trim());
  const own = lines.filter((text) => text.length >= 8 && !text.startsWith('-----'));
  return [
    ...new Set(
      own.flatMap((text) => [
        text,
        encodeURIComponent(text),
        Buffer.from(text).toString('base64').replace(/=+$/, ''),
      ]),
    ),
  ];
}

/** Which of the forms is in what is searched, by where that is. */
export function found(forms: readonly string[], places: Readonly<Record<string, string>>): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    forms.filter((form) => text.includes(form)).map((form) => `${form.slice(0, 30)}… in ${place}`),
  );
}

/** The content of every file below a folder, by path. */
export function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'latin1')]));
}

/**
 * Looks at the arguments and variables of every process that was not there before, until the child ends. The child's own
 * variables are its input.
 */
export function watchProcesses(forms: readonly string[]) {
  const seen = new Set<string>();
  const before = new Set(readdirSync('/proc'));
  const look = (child: ChildProcess): void => {
    const own = textOf(`/proc/${child.pid}/cmdline`);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !before.has(name))) {
      const argv = textOf(`/proc/${pid}/cmdline`);
      // A process that it is about to start is a copy of it for a moment.
      const variables = argv === own ? '' : textOf(`/proc/${pid}/environ`);
      for (const hit of found(forms, { arguments: argv, variables }))
        seen.add(`${hit} of ${argv.slice(0, 200)}`);
    }
  };
  return {
    seen,
    during(child: ChildProcess): void {
      const timer = setInterval(() => look(child), 40);
      child.once('exit', () => clearInterval(timer));
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
