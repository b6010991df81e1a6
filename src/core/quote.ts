/**
 * One argument as a POSIX shell reads it back unchanged. Plain words stay as they are.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
export function quote(argument: string): string {
  if (/^[\w@%+:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
