import { stripVTControlCharacters } from 'node:util';

/**
 * A text of anybody's without what a terminal or a log would obey or hide: escape sequences, control characters but
 * tab and line feed, and characters that have no width or turn the direction of writing.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu,
    '',
  );
}

/** The same for JSON, which loses nothing: such characters in its texts are written as escapes. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (char) =>
    [...Array(char.length).keys()]
      .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
