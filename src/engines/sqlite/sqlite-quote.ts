/** An argument of a dot-command of the sqlite3 shell: in double quotes it understands C escapes. */
export function dotArgument(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

/**
 * `immutable=1` takes no lock and makes no side file; `mode=rw` makes no file (https://www.sqlite.org/uri.html). Behind two slashes a URI
 * has the name of a machine.
 */
export function fileUri(file: string, parameter: 'immutable=1' | 'mode=rw' | 'mode=rwc'): string {
  return `file:${file.replace(/^\/+/, '/').split('/').map(encodeURIComponent).join('/')}?${parameter}`;
}
