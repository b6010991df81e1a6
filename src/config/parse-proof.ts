import type { Assertion } from '../core/assertion.ts';
import { timeOfBackupId } from '../core/backup-id.ts';
import { type Duration, parseDuration } from '../core/duration.ts';
import type { VerifyLevel } from '../core/keys.ts';
import { Secret } from '../core/secret.ts';
import type { Selector } from '../core/select-backup.ts';
import type { BackupConfig, EncryptionConfig, KeysConfig, VerifySettings } from './config.ts';
import { type Fields, show } from './fields.ts';
import type { OptionName } from './options.ts';
import type { ParseContext } from './parse.ts';

const levels = ['stat', 'hash', 'restore'] as const;

export function parseLevel(fields: Fields): VerifyLevel {
  return fields.choice('level', levels, 'restore');
}

/** How the new backup is verified in the same run; `null`: not at all. */
export function parseVerifyAfter(fields: Fields, context: ParseContext): VerifySettings | null {
  const wanted = fields.choice('verify', [...levels, 'true', 'false'], 'false');
  if (wanted !== 'false') return parseVerify(fields, wanted === 'true' ? 'restore' : wanted, context);
  for (const name of ['assert', 'scratch-url'] as const) {
    if (!fields.has(name)) continue;
    const hint = 'Set `verify: restore`, or leave it out.';
    fields.problem(name, `\`${name}\` is set, but \`verify\` is not.`, hint);
  }
  return null;
}

/** A backup that can't be opened in its own run can't be restored there: that would end in a failure each time. */
export function requireOpenable(
  fields: Fields,
  { verify, encryption, keys }: Pick<BackupConfig, 'verify' | 'encryption' | 'keys'>,
): void {
  if (verify?.level !== 'restore' || encryption === null || opens(keys, encryption)) return;
  const message =
    '`verify` is to restore each new backup, which is encrypted, but the `identity` that opens it is missing.';
  const hint =
    'Set `verify: hash` here, and restore by the command `verify` elsewhere, with the identity: a drill of its own.';
  fields.problem('verify', message, hint);
}

function opens({ identities, privateKeys }: KeysConfig, encryption: EncryptionConfig): boolean {
  if (encryption.kind === 'none') return true;
  if (encryption.kind === 'age') return identities.length > 0;
  return encryption.passphrase !== null || privateKeys.length > 0;
}

export function parseVerify(fields: Fields, level: VerifyLevel, { face }: ParseContext): VerifySettings {
  const assertions = fields.lines('assert').flatMap((line) => parseAssertion(fields, line) ?? []);
  if (assertions.length > 0 && level !== 'restore') {
    const message = `\`assert\` needs a restored database, which the level ${level} does not make.`;
    fields.problem('assert', message, 'Verify at the level `restore`, or leave `assert` out.');
  }
  return {
    level,
    assertions,
    scratchUrl: parseScratchUrl(fields),
    installClient: fields.boolean('install-client', face === 'action'),
  };
}

/** `app.sqlite3: SELECT …`. */
function parseAssertion(fields: Fields, line: string): Assertion | null {
  const [, database, sql] = /^([^:\s]+)\s*:\s*(\S.*)$/.exec(line) ?? [];
  if (database !== undefined && sql !== undefined) return { database, sql };
  const hint = 'Write the database, a colon and a query: `app.sqlite3: SELECT count(*) > 0 FROM users`.';
  fields.problem('assert', `\`assert\` has the line ${show(line)}.`, hint);
  return null;
}

function parseScratchUrl(fields: Fields): Secret | null {
  const url = fields.text('scratch-url');
  if (url === undefined) return null;
  if (!/^postgres(?:ql)?:\/\/\S+$/.test(url)) {
    const hint = 'Write `postgres://user:password@localhost:5432/postgres`.';
    fields.problem('scratch-url', '`scratch-url` is no URL of a PostgreSQL server.', hint);
  }
  return new Secret(url);
}

export function parseSelector(fields: Fields): Selector {
  const text = fields.text('backup') ?? 'latest';
  if (text === 'latest') return { kind: 'latest' };
  if (timeOfBackupId(text) !== null) return { kind: 'id', id: text };
  const [, time] = /^before:(.+)$/.exec(text) ?? [];
  const before = time === undefined ? null : parseTime(time);
  if (before !== null) return { kind: 'before', time: before };
  const hint = 'Write `latest`, an id as `list` shows it, or `before:2026-11-21T03:00:00Z`.';
  fields.problem('backup', `\`backup\` is ${show(text)}, which names no backup.`, hint);
  return { kind: 'latest' };
}

/** ISO 8601 with its offset; a date alone is its beginning in UTC. Without an offset nobody knows which time is meant. */
function parseTime(text: string): Date | null {
  const form = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;
  const time = new Date(text);
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  // 31 February would become 3 March.
  const real = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
  return form.test(text) && real && !Number.isNaN(time.getTime()) ? time : null;
}

export function parseAges(fields: Fields): { maxAge: Duration; maxVerifiedAge: Duration | null } {
  return {
    maxAge: parseAge(fields, 'max-age') ?? (parseDuration('26h') as Duration),
    maxVerifiedAge: parseAge(fields, 'max-verified-age'),
  };
}

function parseAge(fields: Fields, name: OptionName): Duration | null {
  const text = fields.text(name);
  if (text === undefined) return null;
  const duration = parseDuration(text);
  if (duration === null) {
    const hint = 'Write `26h`, `7d` or `90min`.';
    fields.problem(name, `\`${name}\` is ${show(text)}, which is no length of time.`, hint);
  }
  return duration;
}
