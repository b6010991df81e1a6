import type { Problem } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { OptionName, RawOptions } from './options.ts';

/** Reads single options and gathers what is wrong with them, so that a user hears of everything at once. */
export class Fields {
  readonly problems: Problem[] = [];
  readonly #raw: RawOptions;

  constructor(raw: RawOptions) {
    this.#raw = raw;
  }

  has(name: OptionName): boolean {
    return this.#raw[name] !== undefined;
  }

  problem(input: OptionName, message: string, hint: string): void {
    this.problems.push({ input, message, hint });
  }

  text(name: OptionName): string | undefined {
    return this.#raw[name]?.trim();
  }

  secret(name: OptionName): Secret | undefined {
    const text = this.#raw[name];
    return text === undefined ? undefined : new Secret(text.trim());
  }

  /** Lines that are neither blank nor a `#` comment. */
  lines(name: OptionName): string[] {
    return this.numberedLines(name).map(({ line }) => line);
  }

  /** The same, each with its number in the text as it was given. */
  numberedLines(name: OptionName): { readonly line: string; readonly number: number }[] {
    const lines = (this.#raw[name] ?? '').split(/\r\n|\r|\n/);
    const numbered = lines.map((line, index) => ({ line: line.trim(), number: index + 1 }));
    return numbered.filter(({ line }) => line !== '' && !line.startsWith('#'));
  }

  boolean(name: OptionName, absent = false): boolean {
    const text = this.text(name);
    if (text === undefined) return absent;
    if (text !== 'true' && text !== 'false') {
      this.problem(name, `\`${name}\` is ${show(text)}.`, `Write \`${name}: true\` or \`${name}: false\`.`);
    }
    return text === 'true';
  }

  /** A whole number from `least` on; `unlimited` and -1 are infinity where `most` is. */
  count(name: OptionName, absent: number, least = 0, most = Number.POSITIVE_INFINITY): number {
    const text = this.text(name);
    if (text === undefined) return absent;
    if (most === Number.POSITIVE_INFINITY && (text === 'unlimited' || text === '-1')) return most;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = Number.isFinite(most)
      ? `from ${least} to ${most}`
      : `of at least ${least}, or \`unlimited\``;
    this.problem(
      name,
      `\`${name}\` is ${show(text)}, which is no whole number ${range}.`,
      `Write, for example, \`${name}: ${Math.max(least, 7) <= most ? Math.max(least, 7) : most}\`.`,
    );
    return absent;
  }

  choice<const T extends string>(name: OptionName, values: readonly T[], absent: T): T {
    const text = this.text(name);
    const found = values.find((value) => value === text);
    if (text === undefined || found !== undefined) return found ?? absent;
    this.problem(name, `\`${name}\` is ${show(text)}.`, `Choose one of ${values.join(', ')}.`);
    return absent;
  }
}

/** A value in a message: quoted, and no longer than a line. */
export function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
