import type { Option } from './option.ts';
import { options, type RawOptions } from './options.ts';
import type { Environment } from './read.ts';

/** Shorter lines would mask half of a log. */
const shortestLine = 6;

/** No key belongs there, but has been found there. */
const mayHoldKey: readonly string[] = ['store', 's3-endpoint'];
const variables = ['DATABASE_URL', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'];

/**
 * Every text that must not be printed: each secret option whole, line by line, decoded and encoded; each URL, and whatever may
 * be a password in it, also where it is none that can be read. For the masks of a workflow runner, which knows only exact texts.
 */
export function secretsOf(raw: RawOptions, env: Environment): string[] {
  const secrets = new Set<string>();
  const texts = (options as readonly Option[]).flatMap(({ name, kind }) => {
    const text = raw[name as keyof RawOptions];
    if (text === undefined) return [];
    // A secret key in a place for public ones is still a secret.
    if (kind === 'public-keys' && /SECRET-KEY|PRIVATE KEY/.test(text))
      return [{ text, kind: 'secret' as const }];
    const holdsKey = mayHoldKey.includes(name) ? text.includes('@') : name === 'ssh' && /:.*@/.test(text);
    if (holdsKey) return [{ text, kind: 'secret-lines' as const }];
    return kind.startsWith('secret') ? [{ text, kind }] : [];
  });
  for (const text of variables.flatMap((name) => env[name] ?? [])) texts.push({ text, kind: 'secret-lines' });
  for (const { text, kind } of texts) {
    for (const line of text.split(/\r\n|\r|\n/)) {
      const derived = kind === 'secret-lines' ? secretsOfLine(line.trim()) : [line.trim()];
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

/** The path of a file is no secret; anything else may be one as a whole. */
function secretsOfLine(line: string): string[] {
  if (/^sqlite3?:/.test(line) || /^(?:file:|~?\/|\.{1,2}\/)[^@=]*$/.test(line)) return [];
  const parts = [line, ...userParts(line)].filter((part) => part.length >= shortestLine);
  const passwords = [...parts, ...passwordsOf(line)];
  return [...passwords, ...passwords.map(decode)];
}

/** The password of a URL, however an `@` in it was meant, and those of parameters: `password=…`. */
function passwordsOf(line: string): string[] {
  const forms = [/^[a-z][\w+.-]*:\/\/[^:@/]*:([^@]*)@/i, /^[a-z][\w+.-]*:\/\/[^:@/]*:(.*)@/i];
  const parameters = line.matchAll(/(?:password|passwd|pwd)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&;]+))/gi);
  return [
    ...forms.map((form) => form.exec(line)?.[1] ?? ''),
    ...[...parameters].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  ];
}

/** What follows each colon before an `@`, where no form of a URL tells which one is the password. */
function userParts(line: string): string[] {
  return [line.indexOf('@'), line.lastIndexOf('@')].flatMap((end) => {
    const words = line.slice(0, Math.max(0, end)).split(':');
    return words.map((_, index) => words.slice(index + 1).join(':'));
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
