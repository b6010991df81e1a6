/**
 * A private key as it was pasted into a secret, made whole: CRLF, a missing final newline, spaces around it, and `\n`
 * written out where the text has no line break at all.
 */
export function normalizePrivateKey(text: string): string {
  const trimmed = text.trim();
  const broken = /[\r\n]/.test(trimmed) ? trimmed : trimmed.replaceAll('\\n', '\n');
  return `${broken.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '')}\n`;
}
