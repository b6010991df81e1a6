/** What may be named of a line. Anything else before a colon may be a user, and what follows it a password. */
const schemes: readonly string[] = [
  ...['sqlite', 'sqlite3', 'postgres', 'postgresql', 'jdbc', 'file', 's3', 'http', 'https'],
  ...[
    'mysql',
    'mysql2',
    'mariadb',
    'mongodb',
    'mongodb+srv',
    'redis',
    'rediss',
    'sqlserver',
    'mssql',
    'oracle',
  ],
];

/**
 * What a message may say of a text that should have been the URL of a database: never the text itself, as a password may be
 * anywhere in it.
 * @param where the option, or the line of it: `Line 2 of \`database\``
 */
export function unreadUrl(where: string, text: string): string {
  const scheme = /^[a-z0-9+]+(?=:)/i.exec(text)?.[0].toLowerCase() ?? '';
  const named = schemes.includes(scheme) ? ` (\`${scheme}:\`)` : '';
  return `${where}${named} is neither a \`sqlite:\` nor a \`postgres://\` URL.`;
}
