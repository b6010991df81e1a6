import type { Option } from './option.ts';
import { options, type RawOptions } from './options.ts';
import type { Environment } from './read.ts';

/** Shorter lines would mask half of a log. */
const shortestLine = 6;

/**
 * Every text that must not be printed: each secret option whole, line by line, decoded and encoded, and the password in each
 * URL. For the masks of a workflow runner, which knows only exact texts.
 */
export function secretsOf(raw: RawOptions, env: Environment): string[] {
  const secrets = new Set<string>();
  const texts = (options as readonly Option[]).flatMap(({ name, kind }) => {
    const text = raw[name as keyof RawOptions];
    if (text === undefined) return [];
    // A secret key in a place for public ones is still a secret.
    if (kind === 'public-keys' && /SECRET-KEY|PRIVATE KEY/.test(text))
      return [{ text, kind: 'secret' as const }];
    return kind.startsWith('secret') ? [{ text, kind }] : [];
  });
  const url = env['DATABASE_URL'];
  if (url !== undefined) texts.push({ text: url, kind: 'secret-lines' });
  for (const { text, kind } of texts) {
    for (const line of text.split(/\r\n|\r|\n/)) {
      const derived = kind === 'secret-lines' ? passwordsOf(line) : [line.trim()];
      for (const secret of derived) addForms(secrets, secret);
    }
    if (kind !== 'secret-lines') addForms(secrets, text.trim());
  }
  return [...secrets];
}

function addForms(secrets: Set<string>, secret: string): void {
  if (secret === '' || secret.startsWith('-----')) return;
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  for (const form of forms) if (form.length >= shortestLine || form === secret) secrets.add(form);
}

/** The password of a URL as written and decoded; a database's path alone is no secret. */
function passwordsOf(line: string): string[] {
  const [, written = ''] = /^[a-z]+:\/\/[^:@/]*:([^@]*)@/i.exec(line.trim()) ?? [];
  if (written === '') return [];
  return [written, decode(written)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
